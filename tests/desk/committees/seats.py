"""The place of a CDLP as its pages are used: who convenes, invites, accepts, writes."""

from datetime import timedelta

from sqlalchemy import delete, select

from app.audit.journal import Author
from app.meetings import meetings
from app.models import Account, CdlpMeeting, CommitteeDecision, CommitteeMember, Role
from app.platform.database.sessions import read, write
from geo.zones import paris_day
from tests.desk.bureau import Browser, Bureau, Person

CODE, OTHER = "93", "75"
ROOMS, CONVENED = "/pro/reseau/cdlp", "/gestion/cdlp"
ROOM, DESK = f"{ROOMS}/{CODE}", f"{CONVENED}/{CODE}"
FUNCTION = "Sentinelle de la commission"
DECISION = "Sentinelle : ouvrir un accueil pour les mineurs de 13 à 15 ans."
AGENDA = "Sentinelle : bilan du premier semestre."


def invite(convener: Browser, mail: str, code: str = CODE, function: str = FUNCTION) -> None:
    answer = convener.post(f"{CONVENED}/{code}/inviter", {"courriel": mail, "fonction": function})
    assert answer.headers["location"] == f"{CONVENED}/{code}?fait=invite"


def seated(bureau: Bureau, convener: Browser, code: str = CODE) -> tuple[Person, Browser]:
    """Somebody who was invited and accepted."""
    person = bureau.enrolled(Role.PROFESSIONNEL)
    browser = bureau.signed_in_as(person)
    invite(convener, person.mail, code)
    answer = browser.post(f"{ROOMS}/{code}/accepter")
    assert answer.headers["location"] == f"{ROOMS}/{code}?fait=accepte"
    return person, browser


def planned(bureau: Bureau, code: str = CODE, **ahead: float) -> str:
    """The day of a meeting that comes."""
    day = paris_day(bureau.clock.at + timedelta(**(ahead or {"days": 20})))
    with write(bureau.databases.staff) as session:
        given = (Author("os:essai"), code, day, bureau.clock.at)
        meetings.plan(session, bureau.vault, *given)
    return day.isoformat()


def today(bureau: Bureau) -> str:
    return paris_day(bureau.clock.at).isoformat()


def emptied(bureau: Bureau) -> None:
    with write(bureau.databases.staff) as session:
        for each in (CommitteeMember, CommitteeDecision, CdlpMeeting):
            session.execute(delete(each))


def rows(bureau: Bureau) -> list[CommitteeMember]:
    with read(bureau.databases.staff) as session:
        return list(session.scalars(select(CommitteeMember)))


def changed(bureau: Bureau, person: Person, **values: object) -> None:
    with write(bureau.databases.staff) as session:
        account = session.get_one(Account, person.id)
        for name, value in values.items():
            setattr(account, name, value)
