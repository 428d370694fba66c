"""An actor as pages show it: only what the public record holds."""

from dataclasses import dataclass
from datetime import date

from importers.vocabulary import Category


@dataclass(frozen=True, slots=True, kw_only=True)
class ActorCard:
    """An actor in a list. functions, audiences: French labels; phones: E.164 or as dialled.

    phone_label says whose phones they are where they are not the actor's own. metres: as the crow
    flies from the place of a search, None without either point. opening: a French phrase about
    this moment, None where no hours are known.
    """

    public_id: str
    slug: str
    name: str
    acronym: str | None
    category: Category
    functions: tuple[str, ...]
    audiences: tuple[str, ...]
    age_min: int | None
    age_max: int | None
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
    opening: str | None
    seat_territory_code: str
    seat_territory_name: str
    metres: float | None

    @property
    def url(self) -> str:
        """Return the address of the sheet."""
        return f"{self.short_url}/{self.slug}"

    @property
    def short_url(self) -> str:
        """Return an address that leads to the sheet, whatever its slug is or becomes."""
        return f"/acteurs/{self.public_id}"

    @property
    def approximate(self) -> bool:
        """Return whether the point shown is only that of the commune or a hamlet."""
        return self.precision in ("commune", "locality")


@dataclass(frozen=True, slots=True, kw_only=True)
class ActorSheet(ActorCard):
    """An actor on a page of its own. covers: names of what it covers beside its seat."""

    covers_national: bool
    covers: tuple[str, ...]
