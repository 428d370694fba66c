"""What the clock and the calendar of a territory say: its time zone, its public holidays."""

from datetime import date
from functools import lru_cache
from zoneinfo import ZoneInfo

from holidays import country_holidays

_METROPOLITAN = ZoneInfo("Europe/Paris")
_OVERSEAS = {
    "971": ZoneInfo("America/Guadeloupe"),
    "972": ZoneInfo("America/Martinique"),
    "973": ZoneInfo("America/Cayenne"),
    "974": ZoneInfo("Indian/Reunion"),
    "975": ZoneInfo("America/Miquelon"),
    "976": ZoneInfo("Indian/Mayotte"),
    "977": ZoneInfo("America/St_Barthelemy"),
    "978": ZoneInfo("America/Marigot"),
    "986": ZoneInfo("Pacific/Wallis"),
    "987": ZoneInfo("Pacific/Tahiti"),
    "988": ZoneInfo("Pacific/Noumea"),
}
# Names that `holidays` gives to the places of France with days of their own.
_OWN_HOLIDAYS = {
    "57": "57", "67": "6AE", "68": "6AE", "971": "971", "972": "972", "973": "973", "974": "974",
    "975": "PM", "976": "976", "977": "BL", "978": "MF", "986": "WF", "987": "PF", "988": "NC",
}  # fmt: skip


def zone_of(territory_code: str) -> ZoneInfo:
    """Return the time zone of a territory; any code that is not overseas has Paris time.

    One zone per territory: Polynésie française has Tahiti's, though clocks stand 30 minutes later
    in the Marquises and one hour later in the Gambier.
    """
    return _OVERSEAS.get(territory_code, _METROPOLITAN)


def is_holiday(territory_code: str, day: date) -> bool:
    """Tell whether a local day is a public holiday there, the territory's own days included."""
    return day in _holidays(_OWN_HOLIDAYS.get(territory_code), day.year)


@lru_cache(maxsize=200)
def _holidays(subdivision: str | None, year: int) -> frozenset[date]:
    # A plain set: the library's own mapping computes further years while it is read.
    return frozenset(country_holidays("FR", subdiv=subdivision, years=year, expand=False))
