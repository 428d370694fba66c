"""Lists and registers as people follow them: what came, how good it was, when more is expected."""

from calendar import monthrange
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, NamedTuple
from uuid import UUID

from sqlalchemy import ColumnElement, Row, case, exists, func, or_, select, true
from sqlalchemy.orm import Session, aliased

from app.errors import Mesure23Error
from app.lists.content_days import content_day
from app.models import Deposit, DepositLink, RegisterState, Role, Source, SourceFile
from app.platform.database.sessions import among
from app.vault.sealing import Vault
from app.visibility import Viewer
from geo.zones import paris_day

# Months after which a list of a territory is expected again, where nobody chose.
USUAL = 6
# Files of a source that its chart shows.
LATEST = 24
_GIVEN_UP = exists().where(Deposit.file_id == SourceFile.id, Deposit.state == "cancelled")
_IS_DEPOSIT = exists().where(Deposit.file_id == SourceFile.id)
_STATUS = case((_GIVEN_UP, "cancelled"), else_=SourceFile.status)
# Of a file that nobody could use, or wanted: its source has not sent its list.
_UNUSED = ("refused", "cancelled")
_ANY_FILE = aliased(SourceFile)
# A list whose only file was one that the desk handed out, which is of another source, never was.
_IS_THERE = or_(
    Source.register.is_not(None),
    exists().where(_ANY_FILE.source_id == Source.id),
    exists().where(DepositLink.source_id == Source.id),
)


class SourceUnknown(Mesure23Error):
    """Aucune source que vous suivez n’est à cette adresse."""

    status = 404
    title = "Source introuvable"
    advice = "Cherchez-la dans Sources."


class Contact(NamedTuple):
    """Who sends a list, as somebody wrote it; "" where nobody did."""

    name: str = ""
    mail: str = ""
    phone: str = ""


@dataclass(frozen=True, slots=True)
class File:
    """A file as received. read and what follows: counts of its lines, None where none are noted.

    is_deposit: it came by the desk, where it has a page of its own.
    """

    id: UUID
    at: datetime
    who: str
    status: str
    read: int | None
    unusable: int | None
    doubtful: int | None
    unclassified: int | None
    is_deposit: bool

    @property
    def share(self) -> float | None:
        """Return which part of its lines somebody has to look at, from 0 to 1."""
        if self.read is None:
            return None
        wrong = (self.unusable or 0) + (self.doubtful or 0) + (self.unclassified or 0)
        return min(1.0, wrong / max(1, self.read))


@dataclass(frozen=True, slots=True)
class Followed:
    """A source. files: its last ones, the latest first. content: the day of what the last one
    holds, and whether more than a month is known. expected_on: None where nothing is expected.
    """

    id: UUID
    name: str
    territory: str | None
    register: str | None
    rank: int
    cadence: int | None
    contact: Contact
    files: tuple[File, ...]
    content: tuple[date, bool] | None
    expected_on: date | None
    is_late: bool

    @property
    def last(self) -> File | None:
        """Return its last file."""
        return self.files[0] if self.files else None

    @property
    def months(self) -> int:
        """Return after how many months more is expected, 0 for never."""
        return months_of(self.cadence, self.territory, self.register)


def followed_by(viewer: Viewer) -> ColumnElement[bool]:
    """Return which sources somebody may know of: lists are named after shelters.

    A curateur knows all of them, a référent of a département those of its territories, and nobody
    else any.
    """
    if viewer.role is Role.CURATEUR:
        return true()
    own = viewer.territories if viewer.role is Role.REFERENT_DEPARTEMENT else ()
    return among(Source.territory_code, sorted(own))


def months_of(cadence: int | None, territory: str | None, register: str | None) -> int:
    """Return after how many months a source is expected again, 0 for never."""
    if cadence is not None:
        return cadence
    return USUAL if territory and not register else 0


def after(day: date, months: int) -> date:
    """Return the same day some months later, or the last one of a shorter month."""
    year, month = divmod(day.year * 12 + day.month - 1 + months, 12)
    return date(year, month + 1, min(day.day, monthrange(year, month + 1)[1]))


def followed(
    session: Session, vault: Vault, viewer: Viewer, now: datetime, one: UUID | None = None
) -> list[Followed]:
    """Return the sources of somebody, late ones first; one: that one alone."""
    statement = select(Source).where(followed_by(viewer), _IS_THERE)
    if one is not None:
        statement = statement.where(Source.id == one)
    sources = session.scalars(statement).all()
    files = _files(session, {each.id for each in sources})
    days = _days_of_registers(session)
    found = [_followed(viewer, vault, each, files.get(each.id, ()), days, now) for each in sources]
    return sorted(found, key=_order)


def read_one(
    session: Session, vault: Vault, viewer: Viewer, source: UUID, now: datetime
) -> Followed:
    """Return a source; raise SourceUnknown where it is not one of somebody's."""
    found = followed(session, vault, viewer, now, source)
    if not found:
        raise SourceUnknown
    return found[0]


def count_late(session: Session, viewer: Viewer, now: datetime) -> int:
    """Return how many of somebody's sources should have come."""
    last = func.max(SourceFile.received_at).filter(_STATUS.not_in(_UNUSED))
    statement = (
        select(Source, func.coalesce(last, Source.created_at))
        .outerjoin(SourceFile, SourceFile.source_id == Source.id)
        .where(followed_by(viewer), _IS_THERE)
        .group_by(Source.id)
    )
    return sum(is_late(_expected_on(*row), now) for row in session.execute(statement))


def is_late(expected_on: date | None, now: datetime) -> bool:
    """Return whether what was expected should be there."""
    return expected_on is not None and expected_on <= paris_day(now)


def silent(
    session: Session, viewer: Viewer, territories: Collection[str], now: datetime
) -> dict[str, datetime | None]:
    """Return which of some territories sent no list for so long as is usual, of those that somebody
    follows, however seldom their lists are expected; each with its last one, None for none ever.
    """
    last = last_lists(session, viewer)
    if viewer.role is not Role.CURATEUR:
        territories = [each for each in territories if each in viewer.territories]
    found = {each: last.get(each) for each in territories}
    return {
        code: at
        for code, at in found.items()
        if at is None or is_late(after(paris_day(at), USUAL), now)
    }


def last_lists(session: Session, viewer: Viewer) -> dict[str, datetime]:
    """Return when the last list of each territory came, of those that somebody follows."""
    last = func.max(SourceFile.received_at)
    statement = (
        select(Source.territory_code, last)
        .join(SourceFile, SourceFile.source_id == Source.id)
        .where(
            followed_by(viewer),
            Source.register.is_(None),
            Source.territory_code.is_not(None),
            _STATUS.not_in(_UNUSED),
        )
        .group_by(Source.territory_code)
    )
    return {code: at for code, at in session.execute(statement) if code}


def contact_of(vault: Vault, source: Source) -> Contact:
    """Return who sends a list."""
    if source.contact is None:
        return Contact()
    said = vault.open_json("source", source.id, "contact", source.contact)
    # What was erased at somebody's request is null.
    return Contact(**{name: value or "" for name, value in said.items()})


def _followed(
    viewer: Viewer,
    vault: Vault,
    source: Source,
    files: Sequence[Row[Any]],
    days: dict[str, date],
    now: datetime,
) -> Followed:
    usable = next((each for each in files if each.status not in _UNUSED), None)
    expected_on = _expected_on(source, usable.received_at if usable else source.created_at)
    content: tuple[date, bool] | None = None
    if source.register in days:
        content = (days[source.register], True)
    elif usable and not source.register:
        name = vault.open("source_file", usable.id, "name", usable.name)
        content = content_day(name.decode("utf-8", "replace"))
    return Followed(
        source.id,
        vault.open("source", source.id, "name", source.name).decode(),
        source.territory_code,
        source.register,
        source.rank,
        source.cadence,
        contact_of(vault, source),
        tuple(file_of(viewer, each) for each in files),
        content,
        expected_on,
        is_late(expected_on, now),
    )


def _expected_on(source: Source, last: datetime) -> date | None:
    months = months_of(source.cadence, source.territory_code, source.register)
    return after(paris_day(last), months) if months else None


def _order(each: Followed) -> tuple[bool, bool, date, str, str]:
    """Return where a source stands: late, then expected, then lists, then registers."""
    expected = each.expected_on or date.max
    return (not each.is_late, bool(each.register), expected, each.territory or "", each.name)


def _files(session: Session, sources: Collection[UUID]) -> dict[UUID, list[Row[Any]]]:
    """Return the last files of each source, the latest first."""
    place = func.row_number().over(
        partition_by=SourceFile.source_id,
        order_by=(SourceFile.received_at.desc(), SourceFile.id),
    )
    numbered = (
        select(SourceFile.id, place.label("place"))
        .where(among(SourceFile.source_id, sources))
        .subquery()
    )
    statement = (
        select(*COLUMNS)
        .join(numbered, numbered.c.id == SourceFile.id)
        .where(numbered.c.place <= LATEST)
        .order_by(SourceFile.received_at.desc(), SourceFile.id)
    )
    found: dict[UUID, list[Row[Any]]] = {}
    for row in session.execute(statement):
        found.setdefault(row.source_id, []).append(row)
    return found


def file_of(viewer: Viewer, row: Row[Any]) -> File:
    """Return a file of a row of COLUMNS; how many are perhaps another one, to a curateur alone.

    Whether a line may be somebody else tells who is hidden beside it, and that it is unusable who
    was erased. Nor are counts of a former release for others: they tell what a line elsewhere is,
    without those that were left out or erased.
    """
    counts = dict(row.summary or {})
    if viewer.role is not Role.CURATEUR:
        counts.pop("doubtful", None)
        counts = counts if "erased" in counts else {}
        counts = counts and counts | {"rejected": counts["rejected"] - counts["erased"]}
    return File(
        row.id,
        row.received_at,
        row.who,
        row.status,
        counts.get("read"),
        counts.get("rejected"),
        counts.get("doubtful"),
        counts.get("unclassified"),
        row.is_deposit,
    )


COLUMNS = (
    *(SourceFile.id, SourceFile.source_id, SourceFile.received_at, SourceFile.who),
    *(_STATUS.label("status"), SourceFile.summary, SourceFile.name),
    _IS_DEPOSIT.label("is_deposit"),
)


def _days_of_registers(session: Session) -> dict[str, date]:
    rows = session.execute(select(RegisterState.code, RegisterState.day)).all()
    return {row.code: row.day for row in rows if row.day is not None}
