"""Letters in every state, in a world full of hidden places: their pages, mails and rows."""

from collections import Counter
from datetime import UTC, datetime
from email import message_from_bytes, policy

import pytest
from sqlalchemy import select, text
from sqlalchemy.orm import Session

from app.jobs.dispatching import make
from app.letters.letter import Lead, Words
from app.letters.queries import read_issue, read_items
from app.models import Letter, Role
from app.platform.database.sessions import read
from app.records.acts import protect
from app.runtime.staff import Runtime
from tests.attack.conftest import Attacked
from tests.attack.freshness import publish_of
from tests.attack.letters import LEADS, NAMED, SAID
from tests.attack.places import OPEN_MARKER
from tests.attack.resources import words_for
from tests.attack.sentinels import plain_text
from tests.attack.test_desk_actors import desk_of
from tests.mailbox import mail_server
from tests.makers import decide
from tests.makers_agenda import announced
from tests.makers_letters import approved, sent, subscribed, with_post

pytestmark = pytest.mark.slow
HERE, AT = "/gestion/lettres", datetime(2027, 1, 1, tzinfo=UTC)


def opened(mail: bytes) -> list[bytes]:
    """The halves of a mail, as a person reads them."""
    parts = message_from_bytes(mail, policy=policy.default).walk()
    return [each.get_content().encode() for each in parts if not each.is_multipart()]


def test_no_mail_of_a_letter_holds_a_secret(attacked: Attacked) -> None:
    planted, settings = attacked.dataset.letters, attacked.runtime.settings
    own = settings.model_copy(update={"public_url": "https://carte.example.org"})
    for month in planted.shown:
        # As the worker, which may open all of them.
        with Session(attacked.databases.staff) as session:
            blocks = read_issue(session, month).blocks
            made = make(session, own, month, blocks, None)
        for each in (made.whole, made.link_only):
            mail = each.to("a@example.org", "1", "x", AT)
            for said in (mail, *opened(mail)):
                assert not attacked.sentinels.in_text(said, asked="")
                assert not [one for one in attacked.dataset.hidden_ids if one.encode() in said]
        # Both halves say all that may be read, of all that it leads to.
        for said in opened(made.whole.to("a@example.org", "1", "x", AT)):
            assert all(shown.encode() in said for shown in attacked.dataset.events.shown)
            assert SAID.encode() in said


def test_whoever_was_named_before_they_were_hidden_took_the_letter_with_them(
    attacked: Attacked,
) -> None:
    with Session(attacked.databases.staff) as session:
        letter = session.scalars(select(Letter).where(Letter.month == NAMED)).one()
    assert (letter.status, letter.masked) == ("withdrawn", True)


def test_no_row_that_visitors_read_holds_a_secret(attacked: Attacked) -> None:
    with attacked.databases.public.connect() as connection:
        rows = connection.execute(text("SELECT i::text FROM letter_issue i")).scalars()
        found = "\n".join(rows)
    assert SAID in found
    assert OPEN_MARKER in found
    assert not attacked.sentinels.in_text(found.encode())
    assert not [each for each in attacked.dataset.letters.hidden if f"({each}," in found]


def test_what_is_never_open_lies_nowhere_in_clear(attacked: Attacked) -> None:
    with attacked.databases.staff.connect() as connection:
        for table in ("letter", "letter_mark", "letter_mail"):
            rows = connection.execute(text(f"SELECT t::text FROM {table} t")).scalars()
            assert not attacked.sentinels.in_bytes("\n".join(rows).encode()), table


@pytest.mark.parametrize("role", Role)
def test_no_page_of_the_desk_shows_more_of_a_letter_than_its_words(
    written: Attacked, role: Role
) -> None:
    planted, own = written.dataset.letters, words_for(role)
    writes = role in (Role.CURATEUR, Role.ADMINISTRATEUR)
    with desk_of(written, role) as (client, _):
        for month in ("", *(f"/{each}" for each in (*planted.shown, *planted.hidden))):
            for end in ("", "/apercu") if month else ("",):
                answer = client.get(f"{HERE}{month}{end}")
                assert answer.status_code == (200 if writes else 403), month
                found = written.sentinels.in_text(answer.content, asked=month)
                assert found <= own, (month, end, found - own)
                assert (LEADS in month and SAID in answer.text) == (writes and LEADS in month)


def test_what_says_where_somebody_is_leaves_a_letter_that_is_sent_after_they_are_hidden(
    own: Runtime, attacked: Attacked
) -> None:
    place = next(each for each in attacked.dataset.places if each.case == "open" and each.lon)
    slug = f"service-{place.word(0).lower()}"
    public_id = next(key for key, value in attacked.dataset.published.items() if value == slug)
    resource, title = publish_of(own, place, public_id)
    event = announced(own, title=f"Au {place.street}", text=f"Tél. {place.phone}")
    leads = (Lead("resource", resource), Lead("event", event))
    subscribed(own, 2)
    approved(own, Words(SAID), *leads, month="2027-05")
    approved(own, Words(f"{SAID}, au {place.street}."), *leads, month="2027-06")
    with read(own.staff) as session:
        found = read_items(session, leads)
    assert found.keys() == set(leads)
    decide(own, protect, public_id, who="essai", why="menaces")
    with mail_server() as (box, port):
        sent(with_post(own, port))
    by_month = Counter(str(mail["Subject"]) for mail in box.received)
    # The last one names them itself: it goes to nobody.
    assert by_month == {"Votre lettre de février": 2, "Votre lettre de mai": 2}
    words = [plain_text(each) for each in (title, place.word(0), place.street, place.phone[1:])]
    for mail in box.received:
        for said in opened(mail.as_bytes()):
            assert SAID.encode() in said
            assert not [each for each in words if each in plain_text(said.decode())]
