"""What stood in the lists of a territory as a meeting confirmed it: ids, missions and days.

Whoever reads it again reads names and numbers as visitors do today. Who is not public any more is
in no line and in no number of it, but for those who may know who is hidden.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import date
from uuid import UUID

from app.models import CdlpMeeting
from app.search.here import Here
from app.vault.sealing import Vault

TABLE, COLUMN = CdlpMeeting.__tablename__, "actors"


@dataclass(frozen=True, slots=True)
class Then:
    """What was confirmed of an actor. seated: its seat was in the territory.

    from_register: only a register named it.
    """

    functions: tuple[str, ...]
    age: str
    verified_on: date | None
    due_on: date | None
    seated: bool
    from_register: bool


# Public id, as it was then -> what stood in the lists.
Snapshot = Mapping[str, Then]


def seal(vault: Vault, meeting: UUID, actors: Iterable[Here]) -> bytes:
    """Return what is stored of the actors of a territory."""
    said = {
        each.public_id: [
            *(list(each.functions), each.age, _written(each.verified_on)),
            *(_written(each.due_on), each.seated, each.from_register),
        ]
        for each in actors
    }
    return vault.seal_json(TABLE, meeting, COLUMN, said)


def read(vault: Vault, meeting: CdlpMeeting) -> Snapshot:
    """Return what a meeting confirmed; nothing of one that is not confirmed."""
    if meeting.actors is None:
        return {}
    opened = vault.open_json(TABLE, meeting.id, COLUMN, meeting.actors)
    return {
        public_id: Then(tuple(functions), age, _day(verified), _day(due), seated, from_register)
        for public_id, (functions, age, verified, due, seated, from_register) in opened.items()
    }


def as_it_was(actors: Iterable[Here], snapshot: Snapshot) -> list[Here]:
    """Return those of a snapshot who may still be read, as they were then."""
    return [_was(each, snapshot[each.public_id]) for each in actors if each.public_id in snapshot]


def _was(actor: Here, then: Then) -> Here:
    was = replace(
        actor,
        functions=then.functions,
        age=then.age,
        seated=then.seated,
        from_register=then.from_register,
    )
    if actor.verified_on is None:
        # Its address may be held back since: the day of a register would lead to its entry.
        return was
    return replace(was, verified_on=then.verified_on, due_on=then.due_on)


def _written(day: date | None) -> str | None:
    return day.isoformat() if day else None


def _day(text: str | None) -> date | None:
    return date.fromisoformat(text) if text else None
