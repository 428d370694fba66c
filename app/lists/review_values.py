"""The values of a line that its page shows: what a new one says, what a known one changes."""

from collections.abc import Iterable, Iterator
from typing import Any

from app.records.edits import Edit, says_nothing
from app.records.record import ActorRecord
from app.records.wording import FIELDS

# Whom these name, or what they withhold, is read on the sheet alone.
NEVER_SHOWN = frozenset({"contacts", "unpublished", "shown", "consent_on"})
REACHED = frozenset({"phones", "emails", "duty_phones"})


def said_of_new(record: ActorRecord) -> dict[str, Any]:
    """Return what a new line says, without what it names or withholds."""
    values = record.model_dump(mode="json", include=set(FIELDS) - NEVER_SHOWN)
    said = {name: reached(name, value, record.unpublished) for name, value in values.items()}
    return {name: value for name, value in said.items() if not says_nothing(_frozen(value))}


def _frozen(value: Any) -> Any:
    return tuple(value) if isinstance(value, list) else value


def erased(edit: Edit) -> set[str]:
    """Return the fields that a line blanks.

    Hours in words that are understood now are no blank, nor those that are no more but as written.
    """
    found = {
        name
        for name, each in edit.changes.items()
        if name in FIELDS and says_nothing(each.after) and not says_nothing(each.before)
    }
    if edit.record.opening_hours:
        found.discard("hours_text")
    elif edit.record.hours_text and "hours_text" in edit.changes:
        found.discard("opening_hours")
    return found


def changes_of(edit: Edit) -> Iterator[dict[str, Any]]:
    """Yield the fields that a line changes, and whose value each replaces."""
    withheld = set(edit.record.unpublished)
    if (change := edit.changes.get("unpublished")) is not None:
        withheld |= set(change.before or ())
    blanks = erased(edit)
    for name, each in edit.all_changes().items():
        if name not in FIELDS:
            continue
        found: dict[str, Any] = {"field": name, "erases": name in blanks}
        if name not in NEVER_SHOWN:
            found["before"] = reached(name, each.before, withheld)
            found["after"] = reached(name, each.after, withheld)
        if each.origin:
            found |= {"source": str(each.origin.source), "day": each.origin.day.isoformat()}
        yield found


def reached(name: str, value: Any, withheld: Iterable[str]) -> Any:
    """Return a value without the phones and mailboxes that it withholds."""
    if name in REACHED and value:
        return [each for each in value if each not in set(withheld)]
    return value
