"""What a revision changed of an actor, as it was before: of what hides, nothing is shown again."""

from collections.abc import Iterable, Mapping
from datetime import date
from typing import Any
from uuid import UUID

from app.records.causes import Cause, raised
from app.records.past import DECIDED
from app.records.record import ActorRecord, Origin

# Field -> [before, after, origin of the value before], as a revision has them.
Change = Mapping[str, list[Any]]
_LEFT = DECIDED | {"version"}
# What a line says of itself.
_OF_LINES = frozenset({"word", "mention", "secret", "person"})


def fields_before(change: Change) -> dict[str, tuple[Any, Origin | None]]:
    """Return the fields to write so that an actor is again what it was: value and its origin.

    What a person decides of its protection is decided anew, and who was closed stays so.
    """
    return {
        name: (before, Origin.model_validate(origin) if origin else None)
        for name, (before, _, origin) in change.items()
        if name in ActorRecord.model_fields
        and name not in _LEFT
        and not (name == "status" and closes(change))
    }


def closes(change: Change) -> bool:
    """Return whether a revision took an actor from the public, which stays so."""
    before, after, _ = change.get("status", (None, None, None))
    return before == "published" and after != "published"


def hides(change: Change) -> bool:
    """Return whether less is public since a revision, of who is not closed: that stays so."""
    before, after, _ = change.get("level", (None, None, None))
    return "unpublished" in change or raised(before, after)


def causes_before(
    before: Iterable[Cause], now: Iterable[Cause], source: UUID, today: date
) -> tuple[Cause, ...]:
    """Return why an actor was hidden before a list, with what hides it since: that has ended.

    source: the list.
    """
    known = {(each.subject, each.source): each for each in before}
    found = []
    for each in now:
        was = known.get((each.subject, each.source))
        if was is not None and not (was.dismissed_on and not each.dismissed_on):
            found.append(was)
        elif was is None and each.why in _OF_LINES and each.source == source:
            ended = each.ended_on or today
            found.append(each.model_copy(update={"ended_on": ended}))
        else:
            found.append(each)
    return tuple(found)
