"""What a line says otherwise than its actor, in words: both values, whose, and why one stays."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from app.records.wording import FIELDS, said


@dataclass(frozen=True, slots=True)
class ShownConflict:
    """A field of which a line says otherwise than its actor. rank: of the list.

    by, why: whose value stays, since when, and why. takes: what the line says may be taken.
    """

    label: str
    rank: int
    present: str
    by: str
    why: str
    said: str
    takes: bool


def shown_conflicts(
    content: Mapping[str, Any], by: Callable[[Mapping[str, Any]], str]
) -> list[ShownConflict]:
    """Return the conflicts of a line as its content has them; by: says whose a value is."""
    return [
        ShownConflict(
            FIELDS[each["field"]],
            each["rank"],
            said(each["field"], each["before"]),
            by(each),
            why_it_stays(each["rank"], each.get("of_rank"), by_staff=each.get("source") == "staff"),
            said(each["field"], each["after"]),
            each["takes"],
        )
        for each in content.get("conflicts", ())
    ]


def why_it_stays(rank: int, of_rank: int | None, *, by_staff: bool) -> str:
    """Return why a value stays beside what a list says; of_rank: of who wrote it, None if unknown.

    rank: of the list.
    """
    if of_rank is None:
        return "ce que le bureau écrit l’emporte sur toute liste" if by_staff else ""
    if by_staff:
        return f"rang {of_rank}, ce que le bureau écrit l’emporte sur toute liste"
    if of_rank == rank:
        return f"rang {of_rank}, de deux sources de même rang, la valeur déjà là reste"
    return f"rang {of_rank}, plus {'haut' if of_rank > rank else 'bas'}"
