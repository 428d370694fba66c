"""What tells a plan of a list from any other one, so that no more is applied than was read."""

import hashlib
import json
import re
from collections.abc import Collection, Iterable, Iterator, Mapping
from typing import Any
from uuid import UUID

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from app.lists.planning import Plan
from app.models import Revision
from app.platform.database.sessions import among
from app.records.causes import Cause
from app.records.edits import Edit
from app.vault.digests import digest
from importers.row import Where

_ID = re.compile(r"[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}")


def digest_of(session: Session, planned: Plan) -> str:
    """Return the digest of what a plan writes, and of the versions of the actors it was made of.

    The day is left out: a list that was read yesterday says the same today.
    """
    new = {str(actor): f"{where.sheet} {where.line}" for where, actor in _new(planned)}
    said = json.dumps(_parts(session, planned), default=str, ensure_ascii=False)
    # A new actor has another id in each plan; its line names it.
    text = _ID.sub(lambda found: new.get(found[0], found[0]), said)
    return hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest()


def mark_of(
    key: bytes, planned: Plan, where: Where, content: bytes | None, new: Collection[str]
) -> bytes:
    """Return the digest of what a line changes, which tells it from another change of the line.

    content: the digest of what it says. new: the ids of new actors, others in each plan.
    """
    actor = planned.actors.get(where)
    edit = planned.changes.edits.get(actor) if actor else None
    said = [where, planned.outcomes[where], content and content.hex(), edit and _edit(edit)]
    text = json.dumps(said, default=str)
    return digest(key, "line", _ID.sub(lambda found: "" if found[0] in new else found[0], text))


def _new(planned: Plan) -> Iterator[tuple[Any, UUID]]:
    edits = planned.changes.edits
    for where, actor in planned.actors.items():
        if actor in edits and edits[actor].is_new:
            yield where, actor


def _parts(session: Session, planned: Plan) -> dict[str, Any]:
    changes = planned.changes
    new = {actor for _, actor in _new(planned)}
    others = {each.other for each in planned.same if each.other}
    found = {*changes.edits, *changes.neighbours, *planned.gone, *others} - new
    places = {where: number for number, where in enumerate(planned.actors)}
    return {
        "outcomes": [(str(where), outcome) for where, outcome in planned.outcomes.items()],
        "actors": [(places[where], str(actor)) for where, actor in planned.actors.items()],
        "lines": [(line.identity.hex(), line.content.hex()) for line in planned.reading.lines],
        "edits": [_edit(each) for each in changes.edits.values()],
        "neighbours": sorted(_edit(each) for each in changes.neighbours.values()),
        "gone": sorted(map(str, planned.gone)),
        "same": sorted(f"{each.about} {each.actor_id} {each.other}" for each in planned.same),
        "versions": _versions(session, found),
    }


def _edit(edit: Edit) -> list[Any]:
    changes: Mapping[str, Any] = {} if edit.is_new else edit.all_changes()
    written = [
        (name, str(change.before), str(change.after))
        for name, change in sorted(changes.items())
        if name != "causes"
    ]
    return [str(edit.actor_id), edit.level, sorted(map(_cause, edit.causes)), written]


def _cause(cause: Cause) -> str:
    ended = bool(cause.ended_on)
    said = cause.model_dump_json(exclude={"since", "ended_on"})
    return f"{said} {ended}"


def _versions(session: Session, actors: Iterable[UUID]) -> list[tuple[str, int]]:
    """Return the number of the last revision of each actor."""
    statement = (
        select(Revision.actor_id, func.max(Revision.number))
        .where(among(Revision.actor_id, set(actors)))
        .group_by(Revision.actor_id)
    )
    return sorted((str(actor), number) for actor, number in session.execute(statement))
