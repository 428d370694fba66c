"""An actor as pages show it: only what the public record holds."""

from dataclasses import dataclass
from datetime import date

from importers.vocabulary import Category


@dataclass(frozen=True, slots=True, kw_only=True)
class ActorCard:
    """An actor in a list. functions, audiences: French labels; phones: E.164 or as dialled.

    phone_label says whose phones they are where they are not the actor's own.
    """

    public_id: str
    slug: str
    name: str
    acronym: str | None
    category: Category
    functions: tuple[str, ...]
    audiences: tuple[str, ...]
    phones: tuple[str, ...]
    phone_label: str | None
    commune_name: str | None
    address: str | None
    precision: str | None
    drawn: bool
    protected: bool
    verified_on: date | None
    description: str | None
    website: str | None
    email: str | None
    opening_hours: str | None
    seat_territory_code: str
    seat_territory_name: str

    @property
    def url(self) -> str:
        """Return the address of the sheet."""
        return f"/acteurs/{self.public_id}/{self.slug}"

    @property
    def approximate(self) -> bool:
        """Return whether the point shown is only that of the commune or a hamlet."""
        return self.precision in ("commune", "locality")


@dataclass(frozen=True, slots=True, kw_only=True)
class ActorSheet(ActorCard):
    """An actor on a page of its own. covers: names of what it covers beside its seat."""

    age_min: int | None
    age_max: int | None
    covers_national: bool
    covers: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class FacetValue:
    """A value of a filter, and how many actors there would be with it and the other filters."""

    code: str
    label: str
    count: int
    checked: bool


@dataclass(frozen=True, slots=True)
class ActorList:
    """The actors of a territory under some filters, in the order in which they are shown.

    here: seated in the territory; elsewhere: seated in another one that they cover from;
    withheld: protected, wherever their seat; each actor is in one of the three.
    """

    here: tuple[ActorCard, ...]
    elsewhere: tuple[ActorCard, ...]
    withheld: tuple[ActorCard, ...]
    facets: dict[str, tuple[FacetValue, ...]]

    @property
    def actors(self) -> tuple[ActorCard, ...]:
        """Return all of them."""
        return self.here + self.elsewhere + self.withheld

    @property
    def total(self) -> int:
        """Return how many there are."""
        return len(self.actors)

    @property
    def drawn(self) -> int:
        """Return how many of them the map shows."""
        return sum(actor.drawn for actor in self.actors)
