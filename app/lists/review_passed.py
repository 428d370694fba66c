"""Of the lines that somebody chose, those that their answer leaves as they are, and why."""

from collections.abc import Collection
from uuid import UUID

from sqlalchemy import and_, case, func, select
from sqlalchemy.orm import Session

from app.lists.review import (
    CONFLICTING,
    DECIDED_OF,
    Narrowed,
    may_decide,
    readable,
    these,
    together,
)
from app.models import DepositLine
from app.visibility import Viewer


def passed_over(
    session: Session,
    viewer: Viewer,
    deposit_id: UUID,
    by: Narrowed,
    chosen: Collection[UUID],
    *,
    accepts: bool,
) -> dict[str, int]:
    """Count the chosen lines that are not decided of, by why: "missing", "conflicting" and "erases"
    are answered one by one or under their filter, "untaken" on the sheet, "reserved" by a curateur.
    """
    may = may_decide(viewer) & DepositLine.outcome.in_(DECIDED_OF)
    answered = and_(may, *together(viewer, by, accepts=accepts, chosen=True))
    why = case(
        (~may, "reserved"),
        (DepositLine.outcome == "missing", "missing"),
        (DepositLine.outcome != CONFLICTING, "erases"),
        else_="untaken" if by.outcome == CONFLICTING else "conflicting",
    )
    here = (*readable(viewer, deposit_id), these(chosen), ~func.coalesce(answered, False))
    some = select(why.label("why")).where(*here).subquery()
    counted = session.execute(select(some.c.why, func.count()).group_by(some.c.why))
    return dict(counted.all())
