"""What of a line of a list its reader may know: who is hidden beside it is a curateur's."""

from sqlalchemy import ColumnElement, case, select, true

from app.models import Actor, DepositLine, Role
from app.models.deposit import Decision
from app.visibility import Viewer


def outcome_for(viewer: Viewer) -> ColumnElement[str]:
    """Return the outcome of a line as a viewer may know it: only a curateur learns of doubles."""
    if viewer.role is Role.CURATEUR:
        return DepositLine.outcome.expression
    as_one = case((DepositLine.actor_id.is_(None), "created"), else_="updated")
    return case((DepositLine.outcome == "doubtful", as_one), else_=DepositLine.outcome)


def is_own(viewer: Viewer) -> ColumnElement[bool]:
    """Return which lines are of new actors, or of known ones that a viewer works on."""
    if viewer.role is Role.CURATEUR:
        return true()
    return DepositLine.actor_id.is_(None) | _works_on(viewer)


def is_placed(viewer: Viewer) -> ColumnElement[bool]:
    """Return which lines a viewer may count by category or commune.

    Who is hidden has neither: a new line beside a hidden actor would be told from others.
    """
    return true() if viewer.role is Role.CURATEUR else _works_on(viewer)


def _works_on(viewer: Viewer) -> ColumnElement[bool]:
    return DepositLine.actor_id.in_(select(Actor.id).where(viewer.worked_on()))


def decision_for(viewer: Viewer) -> ColumnElement[Decision | None]:
    """Return what was decided of a line as a viewer may know it.

    Where somebody is hidden beside it since, a curateur alone decides of it anew.
    """
    decision = DepositLine.decision.expression
    return case((~DepositLine.reread, decision)) if viewer.role is Role.CURATEUR else decision


def is_undecided(viewer: Viewer) -> ColumnElement[bool]:
    """Return which lines nobody decided of, as a viewer may know it."""
    return decision_for(viewer).is_(None)


def is_read_anew(viewer: Viewer, line: DepositLine) -> bool:
    """Return whether what stands decided of a line is to be decided anew by its reader."""
    return viewer.role is Role.CURATEUR and line.reread and line.decision is not None
