"""What is written of a list: what people decided of its lines, as the plan of it takes it."""

from collections.abc import Sequence
from uuid import UUID

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from app.lists.decided import Decided
from app.lists.review import CONFLICTING, WRITES
from app.lists.review_known import decision_for
from app.models import DepositLine
from app.records.choosing import Choice
from app.visibility import Viewer
from importers.row import Where

CHOICES: dict[str, Choice] = {"accept": "list", "reject": "record"}


def decided_of(
    session: Session, viewer: Viewer, deposit_id: UUID, sheets: Sequence[str | None]
) -> Decided:
    """Return what is written of a list: the lines and the closures that somebody accepted, as far
    as whoever applies it may know.
    """
    columns = (DepositLine.sheet, DepositLine.line, DepositLine.actor_id, DepositLine.outcome)
    here = DepositLine.file_id == deposit_id
    decision = decision_for(viewer)
    accepted = func.coalesce(decision, "") == "accept"
    left = session.execute(select(*columns).where(here, DepositLine.outcome.in_(WRITES), ~accepted))
    closed = session.scalars(
        select(DepositLine.actor_id).where(here, DepositLine.outcome == "missing", accepted)
    )
    chosen = session.execute(
        select(*columns, decision.label("decision")).where(
            here, DepositLine.outcome == CONFLICTING, decision.in_(CHOICES)
        )
    )
    return Decided(
        frozenset(Where(sheets[row.sheet], row.line) for row in left if row.sheet is not None),
        frozenset(each for each in closed if each),
        {Where(sheets[row.sheet], row.line): CHOICES[row.decision] for row in chosen},
    )
