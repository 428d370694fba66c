"""What lines change without some of them, told from what all of them change.

Only where nobody else depends on whose lines these are: they are no homes and were none, and bear
nothing of one. Of whatever is not sure nothing is told.
"""

from collections.abc import Set
from dataclasses import replace
from uuid import UUID

from app.records.edits import Edit
from app.records.heard import own_marks
from app.records.lines import LineChanges, is_home_by_itself
from app.records.neighbours import left_by
from app.records.writing import Changes
from importers.row import Where


def without(planned: LineChanges, left: Set[Where], named: Set[UUID]) -> LineChanges | None:
    """Return what lines change without some of them; None where they are to be planned anew.

    named: actors that are closed, or asked about beside a line.
    """
    going = {actor for where, actor in planned.actors.items() if where in left}
    staying = {where: actor for where, actor in planned.actors.items() if where not in left}
    if not going.isdisjoint({*staying.values(), *named}):
        return None
    changes = planned.changes
    if not all(_is_apart(changes.edits[actor], changes) for actor in going):
        return None
    edits = {actor: edit for actor, edit in changes.edits.items() if actor not in going}
    return LineChanges(
        replace(changes, edits=edits),
        staying,
        planned.created - left,
        planned.updated - left,
        planned.redated - left,
        {actor: home for actor, home in planned.namesakes.items() if actor not in going},
        {where: said for where, said in planned.conflicts.items() if where not in left},
    )


def _is_apart(edit: Edit, changes: Changes) -> bool:
    """Return whether all others would be planned the same without an actor."""
    if edit.actor_id in changes.met or is_home_by_itself(edit):
        return False
    return edit.is_new or changes.left_at.isdisjoint(left_by(edit, own_marks(edit)))
