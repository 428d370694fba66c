"""The time zone of a territory, and the day that it is in Paris."""

from datetime import UTC, date, datetime
from zoneinfo import ZoneInfo

PARIS_TIME = ZoneInfo("Europe/Paris")
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

# By the clock of a zone, as a sentence says it.
PLACES = {
    "Europe/Paris": "à Paris",
    "America/Guadeloupe": "en Guadeloupe",
    "America/Martinique": "en Martinique",
    "America/Cayenne": "en Guyane",
    "Indian/Reunion": "à La Réunion",
    "America/Miquelon": "à Saint-Pierre-et-Miquelon",
    "Indian/Mayotte": "à Mayotte",
    "America/St_Barthelemy": "à Saint-Barthélemy",
    "America/Marigot": "à Saint-Martin",
    "Pacific/Wallis": "à Wallis-et-Futuna",
    "Pacific/Tahiti": "à Tahiti",
    "Pacific/Noumea": "en Nouvelle-Calédonie",
}


def zone_of(territory_code: str) -> ZoneInfo:
    """Return the time zone of a territory; any code that is not overseas has Paris time.

    One zone per territory: Polynésie française has Tahiti's, though clocks stand 30 minutes later
    in the Marquises and one hour later in the Gambier.
    """
    return _OVERSEAS.get(territory_code, PARIS_TIME)


def day_by(moment: datetime, zone: ZoneInfo) -> date:
    """Return the day of a moment, which is aware, by a clock."""
    return moment.astimezone(zone).date()


def paris_day(at: datetime | None = None) -> date:
    """Return the day of Paris at a moment, which is aware; today's where none is given."""
    return day_by(at or datetime.now(UTC), PARIS_TIME)
