"""Meetings of the CDLP: added, removed, confirmed once, and taken back within the hour."""

from collections.abc import Iterable, Mapping
from collections.abc import Set as AbstractSet
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from uuid import UUID, uuid4

from sqlalchemy import Select, delete, select
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import Session

from app.audit.actions import Action
from app.audit.journal import Author, add
from app.errors import Mesure23Error
from app.meetings import snapshot
from app.models import CdlpMeeting
from app.platform.database.sessions import IMPORT_LOCK, among, hold
from app.records.many import Done, do, verify_as
from app.records.undoing import UNDONE_WITHIN
from app.search.here import Here, read_here
from app.search.terms import later
from app.vault.sealing import Vault
from app.visibility import Viewer
from geo.zones import paris_day

# The law that made these commissions.
FIRST = date(2016, 4, 13)
AHEAD = timedelta(days=2 * 366)
# After the meeting: later, what is confirmed is no more what was on the table.
LATE = timedelta(days=31)
FORGOTTEN_AFTER = timedelta(days=5 * 365)
AT_MEETING = verify_as("meeting", "dit en réunion de la CDLP")


class MeetingUnknown(Mesure23Error):
    """Aucune réunion de ce territoire n’a cette date."""

    status = 404
    title = "Réunion introuvable"
    advice = "Ouvrez le territoire dans États des lieux : ses réunions y sont."


class DayWrong(Mesure23Error):
    """Cette date ne convient pas : une réunion se prépare deux ans à l’avance au plus."""

    status = 422
    title = "Date à corriger"
    advice = "Revenez à la page du territoire, et choisissez une autre date."


class DayTooEarly(DayWrong):
    """Cette date ne convient pas : aucune CDLP n’existait avant la loi du 13 avril 2016."""

    status = 422
    title = "Date à corriger"
    advice = "Revenez à la page du territoire, et choisissez une autre date."


class NotTheTime(Mesure23Error):
    """Ce que dit une réunion se note et se confirme le jour même, ou dans le mois qui suit."""

    status = 409
    title = "Pas encore, ou trop tard"
    advice = (
        "Revenez le jour de la réunion ; si elle est passée depuis longtemps, préparez la suivante."
    )


class Confirmed(Mesure23Error):
    """L’état des lieux de cette réunion est déjà confirmé : il ne change plus."""

    status = 409
    title = "Déjà confirmé"
    advice = "Ouvrez la réunion pour le lire. Qui l’a confirmé peut l’annuler dans l’heure."


class NothingToTakeBack(Mesure23Error):
    """Cela ne s’annule plus : une heure a passé, ou une autre personne l’a fait."""

    status = 409
    title = "Rien à annuler"
    advice = (
        "Corrigez les fiches une à une ; une confirmation reste, la réunion suivante la remplace."
    )


@dataclass(frozen=True, slots=True)
class Met:
    """When the CDLP of a territory met. year: how often within the last twelve months."""

    last: CdlpMeeting | None = None
    following: CdlpMeeting | None = None
    year: int = 0


def read_met(session: Session, territories: Iterable[str], today: date) -> Mapping[str, Met]:
    """Return when the CDLP of territories met, of those that have a meeting."""
    by_territory: dict[str, list[CdlpMeeting]] = {}
    for each in meetings_of(session, territories):
        by_territory.setdefault(each.territory_code, []).append(each)
    year_ago = later(today, -12)
    return {
        code: Met(
            next((each for each in of if each.day <= today), None),
            next((each for each in reversed(of) if each.day > today), None),
            sum(year_ago < each.day <= today for each in of),
        )
        for code, of in by_territory.items()
    }


def meetings_of(session: Session, territories: Iterable[str]) -> list[CdlpMeeting]:
    """Return the meetings of some territories, the latest first."""
    asked = select(CdlpMeeting).where(among(CdlpMeeting.territory_code, set(territories)))
    return list(session.scalars(asked.order_by(CdlpMeeting.day.desc(), CdlpMeeting.id)))


def find(session: Session, territory: str, day: date, *, lock: bool = False) -> CdlpMeeting:
    """Return the meeting of a day; raise MeetingUnknown."""
    asked = _of(territory).where(CdlpMeeting.day == day)
    if lock:
        # Before its row, as whoever erases an actor does.
        hold(session, IMPORT_LOCK)
        asked = asked.with_for_update()
    found = session.scalars(asked).one_or_none()
    if found is None:
        raise MeetingUnknown
    return found


def last_before(
    session: Session, meeting: CdlpMeeting | None, territory: str
) -> CdlpMeeting | None:
    """Return the last confirmed meeting before one, or of all."""
    asked = _of(territory).where(CdlpMeeting.confirmed_at.is_not(None))
    if meeting is not None:
        asked = asked.where(CdlpMeeting.day < meeting.day)
    return session.scalars(asked.order_by(CdlpMeeting.day.desc()).limit(1)).one_or_none()


def plan(
    session: Session, vault: Vault, author: Author, territory: str, day: date, now: datetime
) -> None:
    """Add the meeting of a day, unless it is there; raise DayWrong."""
    if day < FIRST:
        raise DayTooEarly
    if day > paris_day(now) + AHEAD:
        raise DayWrong
    row = {"id": uuid4(), "territory_code": territory, "day": day}
    made = insert(CdlpMeeting).values(**row, made_at=now, made_by=author.who)
    # Of two who add the same day, one adds it.
    added = session.scalar(made.on_conflict_do_nothing().returning(CdlpMeeting.id))
    if added is not None:
        _note(session, vault, author, Action.MEETING_ADDED, added, territory, day)


def remove(session: Session, vault: Vault, author: Author, territory: str, day: date) -> None:
    """Remove a meeting that is not confirmed; raise MeetingUnknown or Confirmed."""
    meeting = find(session, territory, day, lock=True)
    if meeting.confirmed_at is not None:
        raise Confirmed
    session.delete(meeting)
    _note(session, vault, author, Action.MEETING_REMOVED, meeting.id, territory, day)


def say_right(
    session: Session,
    vault: Vault,
    viewer: Viewer,
    author: Author,
    meeting: CdlpMeeting,
    right: Iterable[str],
    now: datetime,
) -> Done | None:
    """Renew the days of actors that the meeting says are right, as far as a viewer may.

    right: public ids; those who have no seat in the territory, or whom visitors do not read by
    name, are left out. None where nobody is left. meeting: locked. Raises Confirmed or NotTheTime.
    """
    today = paris_day(now)
    if meeting.confirmed_at is not None:
        raise Confirmed
    if not is_time(meeting, today):
        raise NotTheTime
    here = read_here(session, meeting.territory_code, today)
    asked = {each.public_id for each in here if may_be_said(each)} & set(right)
    if not asked:
        return None
    return do(session, vault, viewer, author, asked, AT_MEETING, today=today)


def may_be_said(actor: Here) -> bool:
    """Say whether a meeting may say that an actor is right: it reads who that is."""
    return actor.seated and not actor.protected


def confirm(
    session: Session,
    vault: Vault,
    viewer: Viewer,
    author: Author,
    meeting: CdlpMeeting,
    right: Iterable[str],
    now: datetime,
) -> Done | None:
    """Confirm what stands in the lists now, once those who are right have today's day.

    meeting: locked. Raises Confirmed or NotTheTime.
    """
    done = say_right(session, vault, viewer, author, meeting, right, now)
    here = read_here(session, meeting.territory_code, paris_day(now))
    meeting.actors = snapshot.seal(vault, meeting.id, here)
    meeting.confirmed_at, meeting.confirmed_by = now, author.who
    code, day = meeting.territory_code, meeting.day
    _note(session, vault, author, Action.MEETING_CONFIRMED, meeting.id, code, day)
    return done


def is_time(meeting: CdlpMeeting, today: date) -> bool:
    """Say whether a meeting may say what is right, and be confirmed."""
    return meeting.day <= today <= meeting.day + LATE


def may_withdraw(meeting: CdlpMeeting, who: str, now: datetime) -> bool:
    """Say whether somebody confirmed a meeting within the hour."""
    at = meeting.confirmed_at
    return at is not None and meeting.confirmed_by == who and at > now - UNDONE_WITHIN


def withdraw(
    session: Session, vault: Vault, author: Author, meeting: CdlpMeeting, now: datetime
) -> None:
    """Take a confirmation back; meeting: locked. Raise NothingToTakeBack."""
    if not may_withdraw(meeting, author.who, now):
        raise NothingToTakeBack
    meeting.actors = meeting.confirmed_at = meeting.confirmed_by = None
    code, day = meeting.territory_code, meeting.day
    _note(session, vault, author, Action.MEETING_WITHDRAWN, meeting.id, code, day)


def forget_old(session: Session, now: datetime) -> None:
    """Delete meetings of long ago."""
    session.execute(delete(CdlpMeeting).where(CdlpMeeting.day < paris_day(now - FORGOTTEN_AFTER)))


def without(session: Session, vault: Vault, public_ids: AbstractSet[str], *, writes: bool) -> int:
    """Take an actor out of all that was confirmed; return of how many meetings.

    public_ids: all that it has or had.
    """
    hit = 0
    for meeting in session.scalars(select(CdlpMeeting).where(CdlpMeeting.actors.is_not(None))):
        said = vault.open_json(snapshot.TABLE, meeting.id, snapshot.COLUMN, meeting.actors or b"")
        left = {each: then for each, then in said.items() if each not in public_ids}
        if left != said:
            hit += 1
            if writes:
                meeting.actors = vault.seal_json(snapshot.TABLE, meeting.id, snapshot.COLUMN, left)
    return hit


def _of(territory: str) -> Select[CdlpMeeting]:
    return select(CdlpMeeting).where(CdlpMeeting.territory_code == territory)


def _note(
    session: Session,
    vault: Vault,
    author: Author,
    action: Action,
    meeting: UUID,
    territory: str,
    day: date,
) -> None:
    said = {"territoire": territory, "jour": day.isoformat()}
    add(session, vault, author, action, str(meeting), said)
