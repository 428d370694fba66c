"""How many lines of a deposited list there are to decide of, and what was decided."""

from dataclasses import dataclass, field
from datetime import datetime
from hashlib import sha256
from uuid import UUID

from sqlalchemy import ColumnElement, func, literal, select
from sqlalchemy.dialects.postgresql import aggregate_order_by
from sqlalchemy.orm import Session

from app.errors import Mesure23Error
from app.lists.review import (
    CONFLICTING,
    DECIDED_OF,
    WRITES,
    is_reserved,
    may_decide,
    readable,
)
from app.lists.review_known import decision_for, is_undecided
from app.models import DepositLine, Role
from app.visibility import Viewer


class AcceptedOtherwise(Mesure23Error):
    """Rien n’est appliqué : des décisions ont changé depuis l’affichage de la page."""

    status = 409
    title = "Décisions changées entre-temps"
    advice = "Revenez à la page de la liste, vérifiez ce qui est accepté, puis appliquez."

    def __init__(self, changed: str) -> None:
        # Names actors: for the page of whoever may read them, and in no message, which is logged.
        self.changed = changed
        super().__init__()


@dataclass(frozen=True, slots=True)
class Tally:
    """How many lines there are to decide of. asked: undecided ones that would blank a value.

    reserved: those that only a curateur decides of, of whoever is none. conflicts: undecided ones
    that say otherwise than their actor; settled: those of the rejected whose actor was chosen.
    missing: actors that the list names no more and of whom nobody said what becomes. refused,
    put_off: of the rejected and the later ones, those that would write something. anew: undecided
    ones that say something else since somebody answered: each is decided of by itself. doubts:
    undecided ones that somebody should look at before they are accepted with others. mark: of all
    that was decided, which tells it from anything else; last: when something of it was.
    """

    accepted: int = 0
    rejected: int = 0
    later: int = 0
    undecided: int = 0
    asked: int = 0
    reserved: int = 0
    conflicts: int = 0
    settled: int = 0
    missing: int = 0
    refused: int = 0
    put_off: int = 0
    anew: int = 0
    doubts: int = 0
    mark: str = field(default="", kw_only=True)
    last: datetime | None = field(default=None, kw_only=True)

    @property
    def rest(self) -> int:
        """Return how many lines are accepted together with what was decided of."""
        return self.undecided - self.anew

    @property
    def decided(self) -> int:
        """Return how many lines write something as they were decided of."""
        return self.accepted + self.settled


def tally(session: Session, viewer: Viewer, deposit_id: UUID) -> Tally:
    """Count what was decided of the lines that a viewer may decide of."""
    one, is_none, may = decision_for(viewer), is_undecided(viewer), may_decide(viewer)
    conflicts, writes = DepositLine.outcome == CONFLICTING, DepositLine.outcome.in_(WRITES)
    columns = (
        *(func.count().filter(may, one == each) for each in ("accept", "reject", "later")),
        func.count().filter(may, is_none, writes),
        func.count().filter(may, is_none, DepositLine.erases),
        func.count().filter(is_reserved(viewer)),
        func.count().filter(may, is_none, conflicts),
        func.count().filter(may, one == "reject", conflicts),
        func.count().filter(may, is_none, DepositLine.outcome == "missing"),
        func.count().filter(may, one == "reject", writes),
        func.count().filter(may, one == "later", writes),
        func.count().filter(may, is_none, writes, DepositLine.reread),
        func.count().filter(may, is_none, writes, _is_doubtful(viewer)),
    )
    which = (*readable(viewer, deposit_id), DepositLine.outcome.in_(DECIDED_OF))
    more = (_said(viewer), func.max(DepositLine.at))
    *numbers, said, last = session.execute(select(*columns, *more).where(*which)).one()
    mark = sha256((said or "").encode()).hexdigest()
    return Tally(*map(int, numbers), mark=mark, last=last)


def _is_doubtful(viewer: Viewer) -> ColumnElement[bool]:
    """Return which lines say something that is to be looked at, as a viewer may know it."""
    found = DepositLine.erases | DepositLine.reread
    if viewer.role is not Role.CURATEUR:
        return found
    # Who is new and hidden waits for a person afterwards: nothing is shown, nor lost, by accepting.
    turned = DepositLine.masked & (DepositLine.outcome != "created")
    return found | turned | (DepositLine.outcome == "doubtful")


def _said(viewer: Viewer) -> ColumnElement[str | None]:
    """Return what was decided of each line, and answered, as a viewer may know it."""
    decision = decision_for(viewer)
    answer = [DepositLine.answer] if viewer.role is Role.CURATEUR else []
    each = func.concat_ws(" ", DepositLine.number, decision, *answer)
    between = aggregate_order_by(literal("\n"), DepositLine.number)
    return func.string_agg(each, between).filter(decision.is_not(None))


def named_again(session: Session, deposit_id: UUID) -> set[UUID]:
    """Return the actors that a list names no more, and that a line of it is, as was answered."""
    here = (DepositLine.file_id == deposit_id, DepositLine.outcome == "missing", DepositLine.takes)
    return {each for each in session.scalars(select(DepositLine.actor_id).where(*here)) if each}


def count_together(
    session: Session, viewer: Viewer, deposit_id: UUID, *which: ColumnElement[bool]
) -> int:
    """Return how many lines would be accepted together."""
    asked = (*readable(viewer, deposit_id), may_decide(viewer), *which)
    return session.scalars(select(func.count()).select_from(DepositLine).where(*asked)).one()
