"""What the lines of a list change of actors."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from uuid import UUID

from app.records.causes import of_signs
from app.records.edits import Edit, create, merge
from app.records.record import Origin
from app.records.writing import Changes, Writer
from importers.row import ActorRow


@dataclass(frozen=True, slots=True)
class Incoming:
    """A line on its way to its actor, None for a new one; source: the list that sends it."""

    row: ActorRow
    actor: UUID | None
    source: UUID
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
    numbers: dict[int, Edit] = {}
    for line in lines:
        edit = _edit(line, stored, draft=draft)
        edits[edit.actor_id] = numbers[line.row.line] = edit
    return LineChanges(
        writer.plan(edits),
        {number: edit.actor_id for number, edit in numbers.items()},
        {number for number, edit in numbers.items() if edit.is_new},
        {number for number, edit in numbers.items() if not edit.is_new and edit.changed},
    )


def _edit(line: Incoming, stored: dict[UUID, Edit], *, draft: bool) -> Edit:
    if line.actor is None:
        edit = create(line.row, line.origin, draft=draft)
    else:
        edit = stored[line.actor]
        merge(edit, line.row, line.origin)
    edit.why = line.origin.model_dump(mode="json")
    # A list answers for its own words alone: what another one says, or a person, stays.
    others = [cause for cause in edit.causes if cause.source != line.source]
    said = of_signs(line.row.signs, line.source, line.origin.day)
    edit.protect([*others, *said], line.origin.day)
    return edit
