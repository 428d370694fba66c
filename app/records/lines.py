"""What the lines of a list change of actors."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from uuid import UUID

from app.records.edits import Edit, create, merge
from app.records.marks import Mark
from app.records.protection import own_reason
from app.records.record import Origin
from app.records.writing import Changes, Writer
from importers.row import ActorRow


@dataclass(frozen=True, slots=True)
class Incoming:
    """A line on its way to its actor, None for a new one; marks: those of the line."""

    row: ActorRow
    actor: UUID | None
    marks: set[Mark]
    origin: Origin


@dataclass(frozen=True, slots=True)
class LineChanges:
    """What lines would change: line number -> actor, and the lines that create or update one."""

    changes: Changes
    actors: dict[int, UUID] = field(default_factory=dict)
    created: set[int] = field(default_factory=set)
    updated: set[int] = field(default_factory=set)


def plan_lines(writer: Writer, lines: Sequence[Incoming], *, draft: bool) -> LineChanges:
    """Edit the actor of each line, and find whom that hides; only reads."""
    stored = writer.stored({line.actor for line in lines if line.actor})
    edits: dict[UUID, Edit] = {}
    known: dict[UUID, set[Mark]] = {}
    numbers: dict[int, Edit] = {}
    for line in lines:
        edit = _edit(line, stored, draft=draft)
        edits[edit.actor_id] = numbers[line.row.line] = edit
        if edit.is_new:
            known[edit.actor_id] = line.marks
    return LineChanges(
        writer.plan(edits, known),
        {number: edit.actor_id for number, edit in numbers.items()},
        {number for number, edit in numbers.items() if edit.is_new},
        {number for number, edit in numbers.items() if not edit.is_new and edit.changes},
    )


def _edit(line: Incoming, stored: dict[UUID, Edit], *, draft: bool) -> Edit:
    if line.actor is None:
        edit = create(line.row, line.origin, draft=draft)
    else:
        edit = stored[line.actor]
        merge(edit, line.row, line.origin)
    edit.why = line.origin.model_dump(mode="json")
    edit.reason = _reason(edit)
    return edit


def _reason(edit: Edit) -> str | None:
    """Return why the actor is protected once the line is written.

    Once protected, an actor stays so until a person decides, whatever a later list calls it. Only
    what nobody could classify yet is published by its category; and a list that cannot say what an
    actor is does not take the place of an older reason.
    """
    own, before = own_reason(edit.record), edit.reason
    if edit.decided_on is not None or before == "unknown":
        return own
    return before if before and own == "unknown" else own or before
