"""Whom a list hides beside its homes, by ids: read beside these, a name gives one's address away.

The page of the list says their number; by name a curateur reads them once they are opened.
"""

from collections.abc import Iterator
from dataclasses import replace
from typing import Any

from app.lists.planning import Plan
from app.records.causes import raised
from app.records.edits import Edit
from app.records.writing import Writer

# What somebody loses to the public -> the columns of the public record that say it.
PARTS: dict[str, tuple[str, ...]] = {
    "address": ("address", "commune_code"),
    "phones": ("phones",),
    "email": ("email",),
    "website": ("website",),
    "name": ("name",),
    "texts": (
        *("acronym", "description", "opening_hours", "hours_text", "duty_hours", "access_text"),
        *("referral_public", "referrers_public"),
    ),
}


def hidden_beside(writer: Writer, planned: Plan) -> Iterator[dict[str, Any]]:
    """Yield whom a plan hides beside its homes, but for those whose own line it writes.

    listed: whether a line of the list is theirs. loses: of PARTS.
    """
    listed = set(planned.actors.values())
    for actor, edit in planned.changes.neighbours.items():
        if raised(edit.former_level, edit.level):
            lost = list(_lost(writer, edit))
            yield {"actor": str(actor), "listed": actor in listed, "loses": lost}


def _lost(writer: Writer, edit: Edit) -> Iterator[str]:
    """Yield what the public record of an actor says no more."""
    former = replace(edit, level=edit.former_level, causes=edit.former_causes)
    before, after = writer.projected(former), writer.projected(edit)
    for part, columns in PARTS.items():
        if any(before[each] != after[each] for each in columns):
            yield part
