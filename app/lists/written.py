"""A list as it is written: without what was erased at somebody's request, which may not come back.

As long as it waits it is read as it came: a cell that turned empty would tell which guess is right.
"""

from collections.abc import Mapping
from dataclasses import replace
from typing import Any, TypeVar

from sqlalchemy.orm import Session

from app.lists.forgetting import may_hold
from app.lists.planning import Plan
from app.lists.reading import Reading, ReadLine
from app.lists.source_files import usual
from app.records.causes import Cause
from app.records.edits import SEAT, Edit, says_nothing
from app.records.erased import GONE, Erased, read_erased
from app.records.writing import Changes
from importers.row import ActorFields, Problem

F = TypeVar("F", bound=ActorFields)


def as_written(session: Session, key: bytes, planned: Plan) -> Plan:
    """Return what is written of a plan; its counts, and who its lines are, stay as they were."""
    erased, reading = read_erased(session, key), planned.reading
    if not erased.has_values:
        return replace(planned, reading=replace(reading, forgotten=bool(reading.erased)))
    return replace(
        planned,
        reading=_reading(reading, erased),
        lines=replace(planned.lines, changes=_changes(planned.changes, erased)),
        same=tuple(replace(each, detail=erased.json(each.detail)) for each in planned.same),
    )


def _reading(reading: Reading, erased: Erased) -> Reading:
    result = reading.result
    raw = {where: _cells(erased, cells) for where, cells in result.raw.items()}
    # What nobody reads of a file, such as another sheet, may hold it too.
    forgotten = bool(reading.erased) or raw != result.raw or may_hold(reading.upload.data, erased)
    written = replace(
        result,
        problems=tuple(_problem(each, erased) for each in result.problems),
        raw=raw,
        titles=tuple(_cells(erased, each) for each in result.titles),
    )
    lines = tuple(_line(each, erased) for each in reading.lines)
    return replace(reading, result=written, lines=lines, forgotten=forgotten)


def _cells(erased: Erased, cells: tuple[str, ...]) -> tuple[str, ...]:
    return tuple(erased.cells(cells)) if cells else cells


def _problem(each: Problem, erased: Erased) -> Problem:
    said = {"value": each.value and erased.text(each.value), "message": erased.text(each.message)}
    return each.model_copy(update=said | {"column": usual(each.column)})


def _line(line: ReadLine, erased: Erased) -> ReadLine:
    """Return a line without what was erased; by its digests the next list knows it as it came."""
    row = _without(line.row, erased)
    return line if row is line.row else replace(line, row=row)


def _without(said: F, erased: Erased) -> F:
    changed = erased.fields(said)
    return said.model_copy(update=changed) if changed else said


def _changes(changes: Changes, erased: Erased) -> Changes:
    for edit in (*changes.edits.values(), *changes.neighbours.values()):
        edit.causes = tuple(_cause(each, erased) for each in edit.causes)
        edit.heard = tuple((source, _without(said, erased)) for source, said in edit.heard)
    emptied = {actor for actor, edit in changes.edits.items() if _empty(edit, erased)}
    # What they quote of others is looked for anew.
    quoted = {actor: said for actor, said in changes.quoted.items() if actor not in emptied}
    return replace(changes, quoted=quoted)


def _cause(cause: Cause, erased: Erased) -> Cause:
    shared = tuple(map(erased.text, cause.shared))
    return cause if shared == cause.shared else cause.model_copy(update={"shared": shared})


def _empty(edit: Edit, erased: Erased) -> bool:
    """Take out of an actor what its line writes and was erased; return whether there was any."""
    found = erased.fields(edit.record)
    if not edit.is_new:
        found = _as_before(edit, found)
    for name, value in found.items():
        setattr(edit.record, name, value)
        if (change := edit.changes.get(name)) is None:
            continue
        edit.changes[name] = change._replace(after=value)
        if value == change.before:
            del edit.changes[name]
            edit.provenance.pop(name, None)
            edit.provenance |= {name: change.origin} if change.origin else {}
    return bool(found)


def _as_before(edit: Edit, found: Mapping[str, Any]) -> dict[str, Any]:
    """Return what a known actor has of fields that its line writes: where nothing is left of one,
    what stood there, and of its place all that did.
    """
    before = {name: change.before for name, change in edit.changes.items()}
    left = {
        name: before[name] if says_nothing(value) or value == GONE else value
        for name, value in found.items()
        if name in before
    }
    if SEAT.isdisjoint(left):
        return left
    return left | {name: before[name] for name in SEAT & before.keys()}
