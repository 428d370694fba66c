"""Opening hours in OpenStreetMap's syntax: open at this moment or not, and the same in French."""

from app.hours.opening import (
    Opening,
    Reason,
    State,
    always_open,
    may_answer,
    on_duty,
    open_now,
    state,
)
from app.hours.words import describe, phrase
from geo.zones import zone_of
from importers.hours import ROUND_THE_CLOCK

__all__ = [
    "ROUND_THE_CLOCK",
    "Opening",
    "Reason",
    "State",
    "always_open",
    "describe",
    "may_answer",
    "on_duty",
    "open_now",
    "phrase",
    "state",
    "zone_of",
]
