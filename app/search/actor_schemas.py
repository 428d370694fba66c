"""An actor as pages show it: only what the public record holds."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from app.search.facet import Fact, OnCard, TableColumn
from importers.vocabulary import Category

ACCESS = {"yes": "Oui", "no": "Non", "partly": "En partie"}
# Words that say it themselves: "Oui sauf l'étage".
ANSWERED = ("oui", "non", "en partie", "partiel", "accessible", "inaccessible")


@dataclass(frozen=True, slots=True)
class Duty:
    """Numbers that answer when the office does not. hours: in OSM's syntax, None where unknown.

    now: whether they are the ones to call at this moment.
    """

    phones: tuple[str, ...]
    hours: str | None
    now: bool


# Not frozen: seventy are made for a page, and to freeze one takes longer than to make it.
@dataclass(slots=True, kw_only=True)
class ActorCard:
    """An actor in a list. facts: what it has of each facet, by name; phones: E.164 or as dialled.

    specialised: its subject is that of the service. phone_label says whose phones they are where
    they are not the actor's own; duty: those of them that answer by night. metres: as the crow
    flies from the place of a search, None without either point. opening: a French phrase about this
    moment, None where no hours are known. doubted: registers do not agree that it is competent for
    the commune of a search. lapsed: nobody confirmed it for so long that a page says since when.
    """

    public_id: str
    slug: str
    name: str
    acronym: str | None
    category: Category
    specialised: bool
    facts: Mapping[str, Fact]
    phones: tuple[str, ...]
    phone_label: str | None
    duty: Duty | None
    commune_name: str | None
    address: str | None
    precision: str | None
    drawn: bool
    protected: bool
    verified_on: date | None
    # Title of the national register that names it, None where a list does.
    register: str | None
    description: str | None
    website: str | None
    email: str | None
    opening_hours: str | None
    # Hours in the words of their list, where they were not understood.
    hours_text: str | None
    opening: str | None
    # Whether disabled people can come in: "yes", "no", "partly"; and the words of the list.
    access: str | None
    access_text: str | None
    # How one refers somebody, and who may, where a list gives it to the public.
    referral: str | None
    referrers: str | None
    seat_territory_code: str
    seat_territory_name: str
    metres: float | None
    doubted: bool = False
    lapsed: bool = False
    # When a person said what it is competent for.
    covers_said_on: date | None = None

    @property
    def is_listed(self) -> bool:
        """Say whether a list names it for sure: who holds its place back says of no register."""
        placed = self.commune_name is not None or self.address is not None
        return self.register is None and placed and not self.protected

    @property
    def url(self) -> str:
        """Return the address of the sheet."""
        return f"{self.short_url}/{self.slug}"

    @property
    def short_url(self) -> str:
        """Return an address that leads to the sheet, whatever its slug is or becomes."""
        return f"/acteurs/{self.public_id}"

    @property
    def facts_of_card(self) -> tuple[Fact, ...]:
        """Return what its card says of its facets."""
        left_out = (OnCard.NEVER, OnCard.UNLESS_DESCRIBED if self.description else OnCard.NEVER)
        return tuple(
            fact
            for fact in self.facts.values()
            if fact.labels and fact.facet.on_card not in left_out
        )

    @property
    def facts_of_sheet(self) -> tuple[Fact, ...]:
        """Return what its sheet says of its facets."""
        return tuple(f for f in self.facts.values() if f.labels and f.facet.on_sheet)

    @property
    def cells(self) -> tuple[tuple[TableColumn, str], ...]:
        """Return what the table and the printed sheets say, column by column."""
        found: dict[TableColumn, list[str]] = {}
        for fact in self.facts.values():
            if fact.facet.column and fact.labels:
                found.setdefault(fact.facet.column, []).append(fact.text)
        return tuple((column, ", ".join(texts)) for column, texts in found.items())

    def cell(self, name: str) -> str:
        """Return what it says in a column of the table, by its name."""
        return next((text for column, text in self.cells if column.name == name), "")

    @property
    def access_words(self) -> str | None:
        """Return whether disabled people can come in, as a phrase; None where nothing is known."""
        answer, words = ACCESS.get(self.access or ""), self.access_text
        if answer and words and not words.lower().startswith(ANSWERED):
            return f"{answer} ({words})"
        return words or answer

    @property
    def answered_by_others(self) -> bool:
        """Return whether it is neutral, and the number that it shows is not its own."""
        return self.category.neutral and self.phone_label is not None

    @property
    def approximate(self) -> bool:
        """Return whether the point shown is only that of the commune or a hamlet."""
        return self.precision in ("commune", "locality")


@dataclass(slots=True, kw_only=True)
class ActorSheet(ActorCard):
    """An actor on a page of its own. covers: names of what it covers beside its seat.

    said_for: names of the communes that a person said; doubted_for: of those for which registers do
    not agree that it is competent.
    """

    covers_national: bool
    covers: tuple[str, ...]
    said_for: tuple[str, ...] = ()
    doubted_for: tuple[str, ...] = ()
