"""Members leave, and events change, as something is made of them: one waits, both are done."""

from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor
from typing import TypeVar
from uuid import UUID

import pytest
from sqlalchemy import delete, select

from app.alerting import mails
from app.audit.journal import Author
from app.models import AgendaRecord, Alert, CommitteeMember, NetworkMember, Role
from app.network import members
from app.platform.database.sessions import write
from app.resources.index import read_index
from app.visibility import Viewer
from tests.desk.alerts.rounds import ALL, PUBLIC, appears, member, round_of, rows
from tests.desk.asked import runtime as runtime_of
from tests.desk.bureau import ORIGIN, Bureau
from tests.desk.registered.coming import comes, event, link_of
from tests.meanwhile import is_blocked, until
from tests.networked import joins

Made = TypeVar("Made")


@pytest.fixture(autouse=True)
def _nobody(bureau: Bureau) -> None:
    with write(bureau.databases.staff) as session:
        for each in (NetworkMember, CommitteeMember):
            session.execute(delete(each))


def while_leaving(bureau: Bureau, account: UUID, do: Callable[[], Made]) -> Future[Made]:
    """Do something while somebody leaves the network."""
    with ThreadPoolExecutor(1) as pool:
        with write(bureau.databases.staff) as session:
            row = session.get(NetworkMember, account, with_for_update=True)
            assert row
            done = pool.submit(do)
            until(lambda: is_blocked(bureau.databases.staff))
            # Raises where who waits has one of theirs already.
            theirs = select(Alert).where(Alert.account_id == account)
            session.scalars(theirs.with_for_update(nowait=True)).all()
            own = (Author(str(account), Role.PROFESSIONNEL), account, bureau.clock.at)
            members.leave(session, bureau.vault, *own)
        return done


@pytest.mark.parametrize(
    ("path", "given"),
    [
        ("/pro/alertes/nouvelle", {"de": ALL, "rythme": "mois"}),
        ("/pro/agenda/calendrier", {}),
    ],
)
def test_what_a_member_makes_as_they_leave_is_refused_and_no_fault(
    bureau: Bureau, path: str, given: dict[str, str]
) -> None:
    person = bureau.enrolled(Role.PROFESSIONNEL)
    joins(runtime_of(bureau), person.id, bureau.clock.at)
    browser = bureau.signed_in_as(person)
    answer = while_leaving(bureau, person.id, lambda: browser.post(path, given)).result()
    assert answer.status_code == 403
    assert rows(bureau) == []


def test_who_leaves_as_they_are_written_to_is_sent_nothing(bureau: Bureau) -> None:
    person = member(bureau)
    round_of(bureau)
    appears(bureau, "Nouvelle antenne")
    (alert,) = rows(bureau)

    def written() -> mails.Mail | None:
        origins, now = mails.Origins(PUBLIC, ORIGIN), bureau.clock.at
        with write(bureau.databases.staff) as session:
            index = Viewer.written_to(None, now)
            given = (bureau.vault, alert.id, origins, now, lambda own: read_index(own, index))
            return mails.write(session, *given)

    assert while_leaving(bureau, person.id, written).result() is None
    assert rows(bureau) == []


def test_who_is_excluded_as_they_accept_sits_nowhere(bureau: Bureau) -> None:
    person = bureau.enrolled(Role.PROFESSIONNEL)
    browser = bureau.signed_in_as(person)
    sent = {"courriel": person.mail, "fonction": "Parquet"}
    assert bureau.signed_in(Role.REFERENT_ETAT).post("/gestion/cdlp/93/inviter", sent).is_redirect
    with ThreadPoolExecutor(1) as pool:
        with write(bureau.databases.staff) as session:
            members.exclude(session, bureau.vault, Author("os:essai"), person.id, bureau.clock.at)
            answer = pool.submit(lambda: browser.post("/pro/reseau/cdlp/93/accepter"))
            until(lambda: answer.done() or is_blocked(bureau.databases.staff))
        assert answer.result().status_code == 404
    assert browser.get("/pro/reseau/cdlp/93").status_code == 404


def test_who_confirms_twice_waits_for_nobody_who_changes_the_event(bureau: Bureau) -> None:
    public_id = event(runtime_of(bureau))
    link = link_of(comes(bureau, public_id))
    with ThreadPoolExecutor(1) as pool, write(bureau.databases.staff) as session:
        asked = select(AgendaRecord).where(AgendaRecord.public_id == public_id)
        session.scalars(asked.with_for_update()).one()
        answer = pool.submit(lambda: bureau.browser().post(link, {"reponse": "oui"}))
        assert answer.result(timeout=10).status_code == 200
