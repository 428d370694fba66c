"""What the calendar of a territory says: its public holidays."""

from datetime import date
from functools import lru_cache

from holidays import country_holidays

# Names that `holidays` gives to the places of France with days of their own.
_OWN_HOLIDAYS = {
    "57": "57", "67": "6AE", "68": "6AE", "971": "971", "972": "972", "973": "973", "974": "974",
    "975": "PM", "976": "976", "977": "BL", "978": "MF", "986": "WF", "987": "PF", "988": "NC",
}  # fmt: skip

# Any of those that have the holidays of all France, and no others.
_MAINLAND = "75"


def calendar_of(territory_code: str) -> str:
    """Return the code of a territory with the same public holidays: most of them share theirs."""
    return territory_code if territory_code in _OWN_HOLIDAYS else _MAINLAND


def is_holiday(territory_code: str, day: date) -> bool:
    """Tell whether a local day is a public holiday there, the territory's own days included."""
    return day in _holidays(_OWN_HOLIDAYS.get(territory_code), day.year)


@lru_cache(maxsize=200)
def _holidays(subdivision: str | None, year: int) -> frozenset[date]:
    # A plain set: the library's own mapping computes further years while it is read.
    return frozenset(country_holidays("FR", subdiv=subdivision, years=year, expand=False))
