"""Where a list says otherwise than a record: what a person may take of it, and what that writes."""

from collections.abc import Collection, Iterable, Mapping
from collections.abc import Set as AbstractSet
from datetime import date
from typing import Any, Literal
from uuid import UUID

from app.records.acts import RANK_OF_STAFF
from app.records.edits import Edit
from app.records.record import Origin
from app.records.said import COMPARED, REACHED, Difference, differences, is_answered
from app.records.said_by_lines import hides
from app.records.sheets import is_protected
from importers.row import ActorRow

# What a list says of these is taken as it is; of the others a form asks what follows.
TAKEN = frozenset({"phones", "emails", "website", "opening_hours", "age_min", "age_max"})
# The value of the list, or that of the record.
Choice = Literal["list", "record"]


def otherwise(
    key: bytes,
    edit: Edit,
    row: ActorRow,
    source: UUID,
    day: date,
    only: AbstractSet[str] | None = None,
) -> tuple[Difference, ...]:
    """Return what a line says otherwise than its actor, and no person has answered.

    source: its list. day: of that list. only: the fields that it answers, None for all.
    """
    record = edit.record
    if row.status == "draft" and record.status != "draft":
        # What is hidden in a file says nothing of what is public.
        return ()
    asked = COMPARED if only is None else [each for each in COMPARED if each in only]
    fields = {name for name in asked if getattr(row, name) != getattr(record, name)}
    if not fields:
        return ()
    said = row.model_dump(mode="json", include=fields | {"commune", "city"})
    return tuple(
        each
        for each in differences(record, said)
        if not is_answered(key, edit.provenance.get(each.field), source, day, each)
    )


def is_taken(difference: Difference, withheld: Iterable[str]) -> bool:
    """Say whether what a list says may be taken as it is: no withheld contact is ever shown."""
    return difference.field in TAKEN and not names_persons(difference, withheld)


def names_persons(difference: Difference, withheld: Iterable[str]) -> bool:
    """Say whether one of two values is a contact that is not public."""
    both = (difference.present, difference.said) if difference.field in REACHED else ()
    return any(each in set(withheld) for value in both for each in value)


def may_choose(edit: Edit, row: ActorRow) -> bool:
    """Say whether a person chooses beside a line: of who is hidden they do so on its sheet."""
    hidden = is_protected(edit.level, edit.record.status)
    was_hidden = is_protected(edit.former_level, edit.former_status or "")
    return not (edit.is_new or hidden or was_hidden or hides(row))


def may_take(edit: Edit, row: ActorRow, difference: Difference) -> bool:
    """Say whether a person takes what a line says."""
    withheld = {*edit.record.unpublished, *row.unpublished}
    return may_choose(edit, row) and is_taken(difference, withheld)


def choose(
    edit: Edit,
    row: ActorRow,
    source: UUID,
    today: date,
    found: Collection[Difference],
    choice: Choice,
) -> None:
    """Write whose value a person chose where a line of a list says otherwise.

    Of the list only what may be taken. What was not chosen is remembered as they write it.
    """
    never_public = {"unpublished": row.unpublished, "contacts": row.contacts}
    for each in found:
        if choice == "record":
            settle(each.field, getattr(edit.record, each.field), {}, edit, today)
        elif may_take(edit, row, each):
            joined = never_public if each.field in REACHED else {}
            settle(each.field, getattr(row, each.field), joined, edit, today)
    edit.answered[source] = {each.field: each.said for each in found}


def settle(
    field: str,
    value: Any,
    never_public: Mapping[str, Iterable[str]],
    edit: Edit,
    today: date,
) -> None:
    """Write a field as a person chose it among what lists say; the same value is a choice too.

    never_public: field -> what joins it, since a value that is taken stays as hidden as it came. A
    contact that it does not hold stays as public as it is: whoever else gives it made it so.
    """
    by = Origin(source="staff", day=today, rank=RANK_OF_STAFF)
    if field == "opening_hours" and value != edit.record.opening_hours and edit.record.hours_text:
        # The words of the hours that are replaced.
        edit.change("hours_text", None, by)
    edit.change(field, value, by)
    for name, more in never_public.items():
        before = getattr(edit.record, name)
        taken = [each for each in more if name != "unpublished" or each in value]
        joined = tuple(dict.fromkeys((*before, *taken)))
        if joined != before:
            edit.change(name, joined, by)
