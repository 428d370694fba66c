"""Events in every state, in a world full of hidden places: what visitors may read of them."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta
from uuid import UUID

import pytest
from sqlalchemy import delete, select, text
from sqlalchemy.orm import Session

from app.accounts.people import token_digest
from app.announcing import letters, writing
from app.errors import EventUnknown
from app.models import AgendaRecord, AgendaRegistration, Role
from app.models.agenda_registration import Letter
from app.platform.database.sessions import write
from tests.attack.agenda import LINK
from tests.attack.conftest import Attacked
from tests.attack.places import MARKER, OPEN_MARKER
from tests.attack.test_desk_actors import desk_of
from tests.makers_agenda import AUTHOR, BEGINS, CURATEUR, WRITTEN

pytestmark = pytest.mark.slow
ORIGIN, REASON = "https://bureau.example.org", f"{OPEN_MARKER}motif"
# What somebody was sent last, whether they come, and which mail is due then.
NEXT: tuple[tuple[Letter, bool, Letter], ...] = (
    ("", False, "asked"),
    ("asked", True, "linked"),
    ("linked", True, "reminded"),
    ("reminded", True, "cancelled"),
)


def registered(written: Attacked, session: Session) -> dict[str, UUID]:
    """Have somebody registered for every event, also for those that readers lost since, or never
    had; by the public id of each.
    """
    records = session.execute(select(AgendaRecord.id, AgendaRecord.public_id)).all()
    found = {}
    for number, (record, public_id) in enumerate(records):
        row = AgendaRegistration(record_id=record, mailbox=bytes([number]), content=b"")
        row.received_at = WRITTEN
        session.add(row)
        session.flush()
        said = {"mail": "camille@example.org"}
        row.content = written.runtime.vault.seal_json(
            AgendaRegistration.__tablename__, row.id, "content", said
        )
        found[public_id] = row.id
    session.flush()
    return found


def mail_of(
    written: Attacked,
    session: Session,
    registration: UUID,
    before: Letter,
    comes: bool,
    due: Letter,
) -> letters.Mail | None:
    """The mail that somebody is sent who was sent another one before."""
    row = session.get_one(AgendaRegistration, registration)
    row.letter, row.letter_at, row.confirmed_at = before, WRITTEN, WRITTEN if comes else None
    session.flush()
    at: datetime = BEGINS - timedelta(hours=20)
    given = (session, written.runtime.vault, registration, ORIGIN, at)
    try:
        mail = letters.write(*given)
    except EventUnknown:
        return None
    assert mail is None or mail.noted.letter == due
    return mail


def test_no_mail_to_who_comes_holds_a_secret_but_the_link_that_it_is_to_bring(
    written: Attacked,
) -> None:
    planted, vault = written.dataset.events, written.runtime.vault
    sent: dict[Letter, list[str]] = {due: [] for _, _, due in NEXT}
    with Session(written.runtime.staff) as session:
        people = registered(written, session)
        # Those as well of whom readers lost the event since, which has another address.
        assert len(people) == len(planted.shown) + len(planted.hidden_ids)
        for before, comes, due in NEXT:
            for public_id, registration in people.items():
                if due == "cancelled" and public_id in planted.shown:
                    record = writing.find(session, CURATEUR, AUTHOR.who, public_id)
                    given = (session, vault, CURATEUR, AUTHOR, record, REASON, WRITTEN)
                    writing.cancel(*given)
                mail = mail_of(written, session, registration, before, comes, due)
                assert (mail is not None) == (public_id in planted.shown), (due, public_id)
                if mail is None:
                    continue
                body = f"{mail.subject}\n{mail.text}"
                allowed = {LINK.lower()} if due in ("linked", "reminded") else set()
                assert written.sentinels.in_text(body.encode(), asked="") == allowed, due
                assert not [each for each in planted.hidden_ids if each in body]
                sent[due].append(body)
        session.rollback()
    assert {due: len(bodies) for due, bodies in sent.items()} == dict.fromkeys(
        sent, len(planted.shown)
    )
    assert all(REASON in each for each in sent["cancelled"])


@contextmanager
def linked(written: Attacked) -> Iterator[dict[str, str]]:
    """The token of somebody's mail for each event, whatever became of it since."""
    tokens = {}
    with write(written.runtime.staff) as session:
        for public_id, registration in registered(written, session).items():
            token = tokens[public_id] = f"token-of-{public_id}"
            session.get_one(AgendaRegistration, registration).token = token_digest(token)
    yield tokens
    with write(written.runtime.staff) as session:
        session.execute(delete(AgendaRegistration))


def test_no_page_of_a_mails_link_holds_a_secret(written: Attacked) -> None:
    planted = written.dataset.events
    with linked(written) as tokens, desk_of(written, Role.PROFESSIONNEL) as (client, _):
        for public_id, token in tokens.items():
            page = f"/connexion/inscription/{token}"
            for answer in (client.get(page), client.post(page, data={"reponse": "non"})):
                assert answer.status_code == 200, answer.text
                assert not written.sentinels.in_text(answer.content, asked=page)
                shows = OPEN_MARKER in answer.text
                assert shows == (public_id in planted.shown), public_id


def test_no_row_that_visitors_read_holds_a_secret(attacked: Attacked) -> None:
    planted = attacked.dataset.events
    with attacked.databases.public.connect() as connection:
        rows = connection.execute(text("SELECT e::text FROM agenda_event e")).scalars()
        found = "\n".join(rows)
        where = "SELECT place, commune_code FROM agenda_event WHERE title LIKE :home"
        said = connection.execute(text(where), {"home": f"{OPEN_MARKER}accueil%"}).all()
    assert set(said) == {(None, None)}
    assert f"{OPEN_MARKER}public" in found
    assert f"{OPEN_MARKER}accueil" in found
    assert all(each in found for each in planted.shown)
    assert len(planted.hidden_ids) == 3
    assert not [each for each in planted.hidden_ids if each in found]
    assert not attacked.sentinels.in_text(found.encode())


def test_what_is_never_open_lies_nowhere_in_clear(attacked: Attacked) -> None:
    with attacked.databases.staff.connect() as connection:
        for table in ("agenda_record", "agenda_mark"):
            rows = connection.execute(text(f"SELECT t::text FROM {table} t")).scalars()
            assert not attacked.sentinels.in_bytes("\n".join(rows).encode()), table
        clear = "SELECT e::text FROM agenda_event e WHERE audience = 'public'"
        assert MARKER not in "\n".join(connection.execute(text(clear)).scalars())
