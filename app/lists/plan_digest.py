"""What tells a plan of a list from any other one, so that no more is applied than was read."""

import hashlib
import json
import re
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping
from typing import Any
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.lists.planning import Plan
from app.models import Actor
from app.platform.database.sessions import among
from app.records.causes import Cause
from app.records.edits import Edit
from app.records.history import last_written
from app.records.wording import FIELDS
from app.vault.digests import digest
from importers.row import Where

_ID = re.compile(r"[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}")


def digest_of(session: Session, planned: Plan) -> str:
    """Return the digest of what a plan writes, and of the versions of the actors it was made of.

    The day is left out: a list that was read yesterday says the same today.
    """
    said = json.dumps(_parts(session, planned), default=str, ensure_ascii=False)
    return hashlib.sha256(said.encode("utf-8", "surrogatepass")).hexdigest()


def mark_of(
    key: bytes,
    planned: Plan,
    where: Where,
    content: bytes | None,
    new: Collection[str],
    others: Collection[UUID],
) -> bytes:
    """Return the digest of what a line changes, which tells it from another change of the line.

    content: the digest of what it says. new: the ids of new actors, others in each plan. others:
    who it may be as well.
    """

    def named(text: str) -> str:
        return text if not new else _ID.sub(lambda found: "" if found[0] in new else found[0], text)

    actor = planned.actors.get(where)
    edit = planned.changes.edits.get(actor) if actor else None
    said: list[Any] = [where, planned.outcomes[where], content and content.hex()]
    said += [edit and _edit(edit, named), sorted(named(str(other)) for other in others)]
    said += [_conflicts(planned, where)]
    return digest(key, "line", json.dumps(said, default=str))


def open_mark_of(
    key: bytes,
    planned: Plan,
    where: Where,
    content: bytes | None,
    *,
    alone: bool,
    new: bool = False,
) -> bytes:
    """Return the digest of what whoever may not know of others reads of a line.

    content: the digest of what it says. alone: its actor is hidden, or would be, whoever else there
    is: why is read then. new: as if it were nobody's.
    """
    said: list[Any] = [where, content and content.hex()]
    edit = None if new else planned.changes.edits.get(planned.actors[where])
    if edit and not edit.is_new:
        shown = None if alone else FIELDS
        is_conflict = planned.outcomes[where] == "conflicting"
        said += [is_conflict, alone, _edit(edit, str, shown), _conflicts(planned, where)]
    return digest(key, "open line", json.dumps(said, default=str))


def mark_of_missing(key: bytes, actor: UUID, version: int) -> bytes:
    """Return the digest of an actor that its list misses, as it is; version: its last revision."""
    return digest(key, "line", f"missing {actor} {version}")


def versions(session: Session, actors: Iterable[UUID]) -> dict[UUID, int]:
    """Return the number of the last revision that says something of each actor."""
    statement = select(Actor.id, last_written(Actor.id)).where(among(Actor.id, set(actors)))
    return dict(session.execute(statement).all())


def _new(planned: Plan) -> Iterator[tuple[Any, UUID]]:
    edits = planned.changes.edits
    for where, actor in planned.actors.items():
        if actor in edits and edits[actor].is_new:
            yield where, actor


def _parts(session: Session, planned: Plan) -> dict[str, Any]:
    changes = planned.changes
    lines = {str(actor): f"{where.sheet} {where.line}" for where, actor in _new(planned)}

    def named(text: str) -> str:
        # A new actor has another id in each plan; its line names it.
        return text if not lines else _ID.sub(lambda found: lines.get(found[0], found[0]), text)

    new = {actor for _, actor in _new(planned)}
    others = {each.other for each in planned.same if each.other}
    found = {*changes.edits, *changes.neighbours, *planned.gone, *others} - new
    places = {where: number for number, where in enumerate(planned.actors)}
    same = (f"{each.about} {each.actor_id} {each.other}" for each in planned.same)
    return {
        "outcomes": [(str(where), outcome) for where, outcome in planned.outcomes.items()],
        "actors": [(places[where], named(str(actor))) for where, actor in planned.actors.items()],
        "lines": [(line.identity.hex(), line.content.hex()) for line in planned.reading.lines],
        "edits": [_edit(each, named) for each in changes.edits.values()],
        "conflicts": [(str(where), _conflicts(planned, where)) for where in planned.conflicts],
        "neighbours": sorted(_edit(each, named) for each in changes.neighbours.values()),
        "gone": sorted(map(str, planned.gone)),
        "same": sorted(map(named, same)),
        "versions": sorted(
            (str(each), number) for each, number in versions(session, found).items()
        ),
    }


def _edit(
    edit: Edit, named: Callable[[str], str], shown: Collection[str] | None = None
) -> list[Any]:
    """Return what an edit writes; named: puts what stays the same in the place of new ids, before
    anything is put in order by it. shown: of these fields alone, without why it is hidden.
    """
    changes: Mapping[str, Any] = {} if edit.is_new else edit.all_changes()
    written = [
        (name, named(str(change.before)), named(str(change.after)))
        for name, change in sorted(changes.items())
        if name != "causes" and (shown is None or name in shown)
    ]
    if shown is not None:
        return [str(edit.actor_id), written]
    causes = sorted(named(_cause(each)) for each in edit.causes)
    return [named(str(edit.actor_id)), edit.level, causes, written]


def _conflicts(planned: Plan, where: Where) -> list[Any]:
    """Return what a line says otherwise than its actor, and whose value stays."""
    found = planned.conflicts.get(where, ())
    by = planned.changes.edits[planned.actors[where]].provenance if found else {}
    return [
        (each.field, each.present, each.said, origin and (str(origin.source), origin.rank))
        for each in found
        for origin in [by.get(each.field)]
    ]


def _cause(cause: Cause) -> str:
    ended = bool(cause.ended_on)
    said = cause.model_dump_json(exclude={"since", "ended_on"})
    return f"{said} {ended}"
