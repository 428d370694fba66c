"""Hidden places whose term is over: mails, their links and pages of the desk hold none of them."""

import email
import re
from collections.abc import Iterator
from datetime import UTC, date, datetime
from email import policy

import httpx
import pytest
from sqlalchemy import delete, select, text, update

from app.desk.application import create_desk
from app.desk.shell.gate import COOKIE
from app.freshness import asking
from app.jobs.asking import ask_actors
from app.models import Actor, ActorCall, ActorProtected, ActorQuestion, Report, Role
from app.platform.database.sessions import read, write
from app.runtime.staff import Runtime
from tests.attack.conftest import Attacked
from tests.attack.test_desk import ORIGIN, readable, sign_in
from tests.serving import serving

pytestmark = pytest.mark.slow
LINK = re.compile(r"/connexion/fiche/[\w-]{43}")
OWN = {"desk_url": ORIGIN, "rate_limit": 0, "https": True}
PAGES = ("/gestion", "/gestion/appels", "/gestion/confirmations", "/gestion/appels?territoire=75")


@pytest.fixture
def lapsed(written: Attacked) -> Iterator[Runtime]:
    """The service over places whose terms are all over, each asked as far as it has a mailbox."""
    runtime = written.runtime
    settings = runtime.settings.model_copy(update=OWN)
    runtime = Runtime(settings, runtime.databases, runtime.vault, "", None)
    with write(runtime.staff) as session:
        session.execute(update(ActorProtected).values(due_on=date(2100, 1, 1)))
        hidden = select(ActorProtected.actor_id).where(ActorProtected.level.is_not(None)).limit(150)
        of_hidden = ActorProtected.actor_id.in_(hidden.scalar_subquery())
        session.execute(update(ActorProtected).where(of_hidden).values(due_on=date(2026, 1, 1)))
    yield runtime
    # Another test counts those that it sends.
    for each in (runtime.settings.data_dir / "mail").glob("*.eml"):
        each.unlink()
    with write(runtime.staff) as session:
        for table in (ActorQuestion, ActorCall, Report):
            session.execute(delete(table))
        session.execute(update(ActorProtected).values(due_on=None))


# So many of a night's mails are read, and their links opened.
MAILS = 40


def mails_of(runtime: Runtime, now: datetime) -> list[bytes]:
    """What a night sends."""
    folder = runtime.settings.data_dir / "mail"
    before = set(folder.glob("*.eml"))
    ask_actors(runtime, now)
    return [each.read_bytes() for each in set(folder.glob("*.eml")) - before]


def test_no_mail_and_no_link_of_a_hidden_actor_holds_anything_of_it(
    written: Attacked, lapsed: Runtime, capfd: pytest.CaptureFixture[str]
) -> None:
    mails = mails_of(lapsed, datetime.now(UTC))
    assert len(mails) > 10
    desk = create_desk(lapsed.settings, lapsed.databases, lapsed.vault)
    shown = set()
    with serving(desk) as address, httpx.Client(base_url=address, timeout=60) as client:
        # The same is written to all of them: some are enough.
        for mail in mails[:MAILS]:
            message = email.message_from_bytes(mail, policy=policy.default)
            # To whom it goes is their own mailbox, and stands in the head alone.
            del message["To"]
            assert written.sentinels.in_text(message.get_content().encode()) == set()
            assert written.sentinels.in_text(message.as_bytes()) == set()
            (link,) = LINK.findall(message.get_content())
            page = client.get(link)
            assert page.status_code == 200
            assert written.sentinels.in_text(page.content) == set()
            shown.add(page.text.replace(link, ""))
            said = client.post(link, data={"reponse": "juste"}, headers={"Origin": ORIGIN})
            assert written.sentinels.in_text(said.content) == set()
    # Of each the same page, whatever it is.
    assert len(shown) == 1
    dated = select(Actor.id).where(Actor.protected, Actor.verified_on.is_not(None))
    with read(lapsed.staff) as session:
        assert session.scalars(dated).all() == []
        for table in ("actor_question", "actor_call", "jobs.procrastinate_jobs"):
            rows = session.scalars(text(f"SELECT t::text FROM {table} AS t")).all()
            assert written.sentinels.in_text("\n".join(rows).encode()) == set(), table
    said_aloud = capfd.readouterr()
    assert written.sentinels.in_text((said_aloud.out + said_aloud.err).encode()) == set()


@pytest.mark.parametrize("role", Role)
def test_pages_of_terms_hold_no_more_than_names_of_ones_own(
    written: Attacked, lapsed: Runtime, role: Role
) -> None:
    mails_of(lapsed, datetime.now(UTC))
    with write(lapsed.staff) as session:
        for question in session.scalars(select(ActorQuestion.id).limit(20)).all():
            asking.note_bounced(session, question, datetime.now(UTC))
    desk = create_desk(lapsed.settings, lapsed.databases, lapsed.vault)
    _, token = sign_in(written, role)
    names, seen = readable(written, role), ""
    with read(lapsed.staff) as session:
        hidden = session.scalars(select(Actor.public_id).where(Actor.protected).limit(20)).all()
    headers = {"Cookie": f"{COOKIE}={token}", "Origin": ORIGIN}
    with serving(desk) as address, httpx.Client(base_url=address, timeout=60) as client:
        for path in PAGES:
            page = client.get(path, headers=headers)
            assert page.status_code in (200, 403), path
            assert written.sentinels.in_text(page.content) <= names, path
            seen += page.text
        for each in hidden:
            for result in ("juste", "faux"):
                given = {"reponse": result}
                said = client.post(f"/gestion/appels/{each}", data=given, headers=headers)
                # Nobody says what came of a call to whom they have not open.
                assert said.status_code in (403, 404), each
                assert written.sentinels.in_text(said.content) <= names
    assert ('id="a-' in seen) is (role in (Role.CURATEUR, Role.REFERENT_DEPARTEMENT))
