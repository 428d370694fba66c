"""An event as its readers have it, and the words that it is sorted by."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from zoneinfo import ZoneInfo

from app.agenda.hours import day_of, hours_of
from app.models.agenda import EventAudience

PATH = "/agenda"
FORMS: Mapping[str, str] = {
    "webinaire": "Webinaire",
    "reunion": "Réunion",
    "formation": "Formation",
}
AUDIENCES: Mapping[EventAudience, str] = {
    "public": "Tout le monde",
    "reseau": "Les professionnels dont l’accès est approuvé",
}


@dataclass(frozen=True, slots=True)
class Organiser:
    """Who organises an event, of whom nothing is hidden."""

    name: str
    path: str


@dataclass(frozen=True, slots=True)
class Event:
    """An event. territory: its name, "" for all of France. online: whether there is a link.

    registers: whether one asks here for a place. replay_id: public id of the resource that shows it
    afterwards, which its reader may not read. commune_code: of that in which its place is.
    """

    public_id: str
    form: str
    audience: EventAudience
    title: str
    text: str
    begins_at: datetime
    ends_at: datetime
    zone: str
    territory_code: str | None
    territory: str
    themes: tuple[str, ...]
    organiser: Organiser | None
    place: str | None
    online: bool
    registers: bool
    capacity: int | None
    sequence: int
    cancelled_at: datetime | None
    reason: str | None
    published_at: datetime
    changed_at: datetime
    replay_id: str | None
    commune_code: str | None

    @property
    def path(self) -> str:
        """Return the address of its page."""
        return f"{PATH}/{self.public_id}"

    @property
    def label(self) -> str:
        """Return what it is, in French."""
        return FORMS.get(self.form, self.form)

    @property
    def own(self) -> ZoneInfo:
        """Return the clock by which it is announced."""
        return ZoneInfo(self.zone)

    @property
    def day(self) -> str:
        """Return its day, or both where it takes several, in French."""
        return day_of(self.begins_at, self.ends_at, self.own)

    def hours(self, seen_from: str | None = None) -> str:
        """Return its hours by each clock that counts; seen_from: code of a territory."""
        moments = (self.begins_at, self.ends_at)
        return hours_of(*moments, self.own, self.territory_code, seen_from)

    @property
    def begins(self) -> datetime:
        """Return when it begins, by the clock by which it is announced."""
        return self.begins_at.astimezone(self.own)

    @property
    def ends(self) -> datetime:
        """Return when it ends, by the same clock."""
        return self.ends_at.astimezone(self.own)
