"""From one line of a deposited list to the next one, and to the page that shows it."""

from uuid import UUID

from sqlalchemy import ColumnElement, func, select
from sqlalchemy.orm import Session

from app.lists.review import A_PAGE, readable
from app.models import DepositLine
from app.visibility import Viewer


def next_after(
    session: Session, viewer: Viewer, deposit_id: UUID, number: int, *which: ColumnElement[bool]
) -> tuple[UUID, int] | None:
    """Return the line that follows another one, with its number."""
    statement = (
        select(DepositLine.id, DepositLine.number)
        .where(*readable(viewer, deposit_id), DepositLine.number > number, *which)
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
