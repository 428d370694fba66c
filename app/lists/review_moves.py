"""From one line of a deposited list to the next one, and to the page that shows it."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import ColumnElement, func, select, tuple_
from sqlalchemy.orm import Session

from app.errors import Mesure23Error
from app.lists.review import A_PAGE, Line, find, readable
from app.models import DepositLine
from app.models.deposit import Decision
from app.vault.sealing import Vault
from app.visibility import Viewer

# Lines that are named of those that were decided of meanwhile.
MOST_NAMED = 6


class DecidedMeanwhile(Mesure23Error):
    """Rien n’a été fait : quelqu’un d’autre en a décidé autrement depuis l’affichage de la page."""

    status = 409
    title = "Ligne décidée entre-temps"
    advice = "Revenez aux lignes : chacune dit qui en a décidé. Décidez ensuite, si vous le voulez."


def behind(number: int) -> ColumnElement[bool]:
    """Return which lines stand behind one of that number."""
    return DepositLine.number > number


def next_after(
    session: Session, viewer: Viewer, deposit_id: UUID, number: int, *which: ColumnElement[bool]
) -> tuple[UUID, int] | None:
    """Return the line that follows another one, with its number."""
    statement = (
        select(DepositLine.id, DepositLine.number)
        .where(*readable(viewer, deposit_id), behind(number), *which)
        .order_by(DepositLine.number)
        .limit(1)
    )
    found = session.execute(statement).one_or_none()
    return (found.id, found.number) if found else None


def page_of(
    session: Session, viewer: Viewer, deposit_id: UUID, number: int, *which: ColumnElement[bool]
) -> int:
    """Return the page on which a line is shown."""
    before = (*readable(viewer, deposit_id), DepositLine.number < number, *which)
    statement = select(func.count()).select_from(DepositLine).where(*before)
    return 1 + session.scalars(statement).one() // A_PAGE


@dataclass(frozen=True, slots=True)
class Unusable:
    """How many lines cannot be used, and the first of them from a place on, else the first of all.

    place: sheet and line.
    """

    number: int
    first: UUID | None
    place: tuple[int, int]


def unusable(
    session: Session, viewer: Viewer, deposit_id: UUID, place: tuple[int, int] = (0, 0)
) -> Unusable:
    """Return the lines of a deposit that cannot be used and that a viewer may read of."""
    which = (*readable(viewer, deposit_id), DepositLine.outcome == "rejected")
    here = tuple_(DepositLine.sheet, DepositLine.line)
    order = (here >= place).desc(), DepositLine.number
    first = session.scalar(select(DepositLine.id).where(*which).order_by(*order).limit(1))
    number = session.scalars(select(func.count()).select_from(DepositLine).where(*which)).one()
    return Unusable(number, first, place)


def last_decided(session: Session, deposit_id: UUID) -> datetime | None:
    """Return when somebody last decided of a line of a deposit."""
    here = DepositLine.file_id == deposit_id
    return session.scalar(select(func.max(DepositLine.at)).where(here))


def decided_since(
    session: Session, vault: Vault, viewer: Viewer, deposit_id: UUID, who: str, seen: datetime
) -> list[Line]:
    """Return lines of which another person decided, or took a decision back, since a moment: one
    more than are named, where there are more.
    """
    unseen = (DepositLine.who != who, DepositLine.at > seen)
    return find(session, vault, viewer, deposit_id, *unseen, most=MOST_NAMED + 1)


def check_unseen(
    session: Session,
    deposit_id: UUID,
    who: str,
    seen: datetime,
    decision: Decision | None,
    *which: ColumnElement[bool],
) -> None:
    """Raise DecidedMeanwhile where another person decided of lines what their reader never saw.

    seen: the last decision that the page of a reader knew of.
    """
    others = (DepositLine.file_id == deposit_id, DepositLine.who != who, DepositLine.at > seen)
    other = DepositLine.decision.is_distinct_from(decision)
    if session.scalar(select(DepositLine.id).where(*others, other, *which).limit(1)):
        raise DecidedMeanwhile
