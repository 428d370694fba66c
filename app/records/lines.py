"""Writes the lines of a list to actors."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from uuid import UUID

from app.records.edits import Edit, create, merge
from app.records.protection import own_reason
from app.records.record import Origin
from app.records.writing import Writer
from importers.plan import PlannedLine


@dataclass(slots=True)
class Written:
    """What became of the lines: line number -> actor, and sets of actors."""

    actors: dict[int, UUID] = field(default_factory=dict)
    created: set[int] = field(default_factory=set)
    updated: set[int] = field(default_factory=set)
    hidden_beside: set[UUID] = field(default_factory=set)


def write_lines(
    writer: Writer, lines: Iterable[tuple[PlannedLine[UUID], Origin]], *, draft: bool
) -> Written:
    """Create or update the actor of each line, and hide what shares with a protected place."""
    todo = list(lines)
    stored = writer.stored({line.actor for line, _ in todo if line.actor})
    written, edits = Written(), {}
    for line, origin in todo:
        edit = _edit(line, origin, stored, draft=draft)
        edits[edit.actor_id] = edit
        written.actors[line.row.line] = edit.actor_id
        if edit.is_new:
            written.created.add(line.row.line)
        elif edit.changes:
            written.updated.add(line.row.line)
    written.hidden_beside = writer.settle(edits)
    return written


def _edit(
    line: PlannedLine[UUID], origin: Origin, stored: dict[UUID, Edit], *, draft: bool
) -> Edit:
    if line.actor is None:
        edit = create(line.row, origin, draft=draft)
    else:
        edit = stored[line.actor]
        merge(edit, line.row, origin)
    edit.why = origin.model_dump(mode="json")
    # Once protected, an actor stays so until a decision, whatever a later list calls it; only
    # what nobody could classify was never more than unknown.
    own, before = own_reason(edit.record), edit.reason
    if edit.decided_on is not None or before == "unknown":
        before = None
    edit.reason = own or before
    return edit
