"""What does not open keeps no other mail of a night from leaving, and is said."""

from collections.abc import Callable
from datetime import datetime, timedelta

import pytest
from pydantic import SecretStr
from sqlalchemy import select, update

from app.jobs import answering
from app.jobs.confirming import confirm_accounts
from app.jobs.telling import tell, tell_operators
from app.models import Account, Actor, ActorProtected, Report, Role
from app.models.account import CONFIRMED_FOR
from app.platform.database.sessions import read, write
from app.reports.receiving import COLUMN, TABLE, report_of
from app.runtime.staff import Runtime
from app.vault.sealing import NotOpened
from tests.desk.access_asked import ALONE, confirmed
from tests.desk.asked import night as asked_at_night
from tests.desk.asked import runtime
from tests.desk.bureau import Bureau, Person
from tests.desk.contacts import asked, choose
from tests.desk.home import Home
from tests.mailbox import mail_server
from tests.makers_agenda import by_a_lost_key, written_otherwise

Damage = Callable[[bytes], bytes]


@pytest.fixture(params=[written_otherwise, by_a_lost_key])
def damaged(request: pytest.FixtureRequest) -> Damage:
    found: Damage = request.param
    return found


def close(bureau: Bureau, person: Person, damaged: Damage) -> None:
    """Have who an account is of open no more."""
    with write(bureau.databases.staff) as session:
        row = session.get_one(Account, person.id)
        row.person = damaged(row.person)


def post(bureau: Bureau, night: Callable[..., None]) -> list[str]:
    """Whom the mails of a night reach."""
    with mail_server() as (box, port):
        url = SecretStr(f"smtp://127.0.0.1:{port}")
        night(runtime(bureau, smtp_url=url), bureau.clock.at)
    return [each["To"] for each in box.received]


def test_who_decides(bureau: Bureau, damaged: Damage, capsys: pytest.CaptureFixture[str]) -> None:
    with write(bureau.databases.staff) as session:
        session.execute(update(Account).values(disabled_at=bureau.clock.at))
    lost, other = bureau.enrolled(), bureau.enrolled()
    confirmed(bureau, territory=ALONE)
    close(bureau, lost, damaged)
    assert post(bureau, tell) == [other.mail]
    assert '"mails not written"' in capsys.readouterr().out


def test_what_operators_are_told(
    bureau: Bureau, place: Home, damaged: Damage, capsys: pytest.CaptureFixture[str]
) -> None:
    choose(bureau, place, mail="direction@example.org")
    for _ in range(2):
        asked(place, bureau.signed_in(Role.PROFESSIONNEL))
    with write(bureau.databases.staff) as session:
        of_role = Account.role == Role.PROFESSIONNEL
        row = session.scalars(select(Account).where(of_role).limit(1)).one()
        whose, before, row.person = row.id, row.person, damaged(row.person)
    assert post(bureau, tell_operators) == ["direction@example.org"]
    assert '"mails not written"' in capsys.readouterr().out
    with write(bureau.databases.staff) as session:
        session.get_one(Account, whose).person = before


def test_whom_an_account_is_asked_about_and_what_ends(
    bureau: Bureau, damaged: Damage, capsys: pytest.CaptureFixture[str]
) -> None:
    with write(bureau.databases.staff) as session:
        session.execute(update(Account).values(disabled_at=bureau.clock.at))
    people = [bureau.enrolled() for _ in range(3)]
    first, second = (bureau.enrolled(Role.ADMINISTRATEUR) for _ in range(2))
    for person, days in zip(people, (370, 350, 349), strict=True):
        at = bureau.clock.at - timedelta(days=days - 365) - CONFIRMED_FOR
        with write(bureau.databases.staff) as session:
            session.get_one(Account, person.id).confirmed_at = at
    for each in (people[0], people[1], first):
        close(bureau, each, damaged)
    assert post(bureau, confirm_accounts) == [second.mail]
    out = capsys.readouterr().out
    assert out.count('"mail not written"') == 2
    assert "notice not sent" in out
    with read(bureau.databases.staff) as session:
        ended = [session.get_one(Account, each.id).disabled_at for each in people]
    assert [each is not None for each in ended] == [True, False, False]


def test_which_actors_are_asked(
    bureau: Bureau,
    month_before: dict[str, str],
    damaged: Damage,
    capsys: pytest.CaptureFixture[str],
) -> None:
    everybody = {"crip@example.org", "foyer@example.org"}
    with write(bureau.databases.staff) as session:
        of_it = select(ActorProtected).join(Actor, Actor.id == ActorProtected.actor_id)
        row = session.scalars(of_it.where(Actor.name == "CRIP d'exemple")).one()
        of, before, row.record = row.actor_id, row.record, damaged(row.record)
    assert {str(each["To"]) for each in asked_at_night(bureau)} == everybody - {"crip@example.org"}
    assert '"mail not written"' in capsys.readouterr().out
    with write(bureau.databases.staff) as session:
        session.get_one(ActorProtected, of).record = before
    assert [each["To"] for each in asked_at_night(bureau)] == ["crip@example.org"]


def test_who_reported_an_error(
    bureau: Bureau, month_before: dict[str, str], damaged: Damage
) -> None:
    reports = []
    with write(bureau.databases.staff) as session:
        actor = session.scalars(select(Actor).limit(1)).one()
        for n in range(2):
            number = report_of(session, bureau.vault, actor, "closed", "", bureau.clock.at)
            session.flush()
            row = session.get_one(Report, number)
            said = {"actor": actor.public_id, "right": "", "mail": f"v{n}@example.org"}
            sealed = bureau.vault.seal_json(TABLE, number, COLUMN, said)
            row.content, row.accepted = damaged(sealed) if n == 0 else sealed, False
            row.decided_at = bureau.clock.at
            reports.append(number)

    def answer(of: Runtime, now: datetime) -> None:
        with pytest.raises(NotOpened):
            answering.answer_all(of, reports, now)

    assert post(bureau, answer) == ["v1@example.org"]
