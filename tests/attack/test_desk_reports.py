"""What visitors write of hidden places: pages of the desk, mails and the queue hold none of it."""

import re
from datetime import UTC, datetime

import httpx
import pytest
from sqlalchemy import delete, select, text

from app.audit.journal import Author
from app.desk.application import create_desk
from app.desk.shell.gate import COOKIE
from app.inbox.message import Correction
from app.inbox.opening import publish_key
from app.inbox.putting import put, read_lock
from app.jobs.answering import answer
from app.models import Actor, Report, Role
from app.platform.database.sessions import read, write
from app.reports import deciding
from app.reports.receiving import receive
from app.visibility import OPERATOR
from tests.attack.conftest import Attacked
from tests.attack.test_desk import ORIGIN, readable, sign_in
from tests.serving import serving

pytestmark = pytest.mark.slow
# Each role writes of so many, and the inbox takes 200 messages an hour.
PLACES = 30
CALLED = re.compile(r'action="/gestion/signalements/([0-9a-f-]{36})"')


def written_of_each(written: Attacked) -> int:
    """A visitor writes of each hidden place all that is secret of it; return of how many."""
    runtime = written.runtime
    assert runtime.databases.inbox is not None
    with write(runtime.staff) as session:
        publish_key(session, runtime.vault)
    with read(runtime.databases.public) as session:
        lock = read_lock(session)
        assert lock is not None
    places = [place for place in written.dataset.secrets if place.neutral][:PLACES]
    with read(runtime.staff) as session:
        hidden = session.scalars(
            select(Actor.public_id).where(Actor.protected).order_by(Actor.public_id).limit(PLACES)
        ).all()
    for number, (place, actor) in enumerate(zip(places, hidden, strict=False)):
        right = " ".join(place.word(each) for each in range(4))
        message = Correction(actor=actor, wrong="other", right=right, mail="a@example.org")
        with write(runtime.databases.inbox) as session:
            put(session, lock, f"network {number}", message)
    with write(runtime.staff) as session:
        receive(session, runtime.vault)
    return len(hidden)


@pytest.mark.parametrize("role", Role)
def test_no_page_of_reports_holds_more_than_names_of_ones_own(
    written: Attacked, role: Role
) -> None:
    runtime = written.runtime
    count = written_of_each(written)
    own = {"desk_url": ORIGIN, "rate_limit": 0, "https": True}
    desk = create_desk(runtime.settings.model_copy(update=own), runtime.databases, runtime.vault)
    _, token = sign_in(written, role)
    names, asked = readable(written, role), 0
    try:
        with serving(desk) as address, httpx.Client(base_url=address, timeout=60) as client:
            headers = {"Cookie": f"{COOKIE}={token}", "Origin": ORIGIN}
            with read(runtime.staff) as session:
                reports = session.scalars(select(Report.id)).all()
            assert len(reports) == count > 20
            for path in ("/gestion", "/gestion/signalements"):
                page = client.get(path, headers=headers)
                assert page.status_code in (200, 403), path
                assert written.sentinels.in_text(page.content) <= names, path
                asked += len(CALLED.findall(page.text))
            for each in reports[:5]:
                answer_to = client.post(
                    f"/gestion/signalements/{each}", data={"reponse": "prendre"}, headers=headers
                )
                assert answer_to.status_code in (403, 404, 409), each
                assert written.sentinels.in_text(answer_to.content) <= names
        assert bool(asked) is (role is Role.CURATEUR)
    finally:
        with write(runtime.staff) as session:
            session.execute(delete(Report))


def test_mails_the_queue_and_tables_hold_nothing_of_it(
    written: Attacked, capfd: pytest.CaptureFixture[str]
) -> None:
    runtime, now = written.runtime, datetime.now(UTC)
    account, _ = sign_in(written, Role.CURATEUR)
    written_of_each(written)
    folder = runtime.settings.data_dir / "mail"
    try:
        with write(runtime.staff) as session:
            reports = session.scalars(select(Report.id)).all()
            author = Author(str(account), "curateur")
            for number, each in enumerate(reports):
                given = (session, runtime.vault, OPERATOR, author, each, now)
                deciding.close(*given, accepted=bool(number % 2))
        for each in reports:
            answer(runtime, each, now)
        mails = [each.read_bytes() for each in folder.glob("*.eml")]
        assert len(mails) == len(reports)
        assert all(written.sentinels.in_text(each) == set() for each in mails)
        with read(runtime.staff) as session:
            for table in ("report", "inbox_message", "jobs.procrastinate_jobs", "inbox_key"):
                rows = session.scalars(text(f"SELECT t::text FROM {table} AS t")).all()
                assert written.sentinels.in_text("\n".join(rows).encode()) == set(), table
        said = capfd.readouterr()
        assert written.sentinels.in_text((said.out + said.err).encode()) == set()
    finally:
        with write(runtime.staff) as session:
            session.execute(delete(Report))
            session.execute(text("DELETE FROM jobs.procrastinate_jobs WHERE task_name = 'answer'"))
