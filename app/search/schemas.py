"""What a search found, as pages show it."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from itertools import groupby

from app.search.actor_schemas import ActorCard
from app.search.counts import Counts
from app.search.criteria import Search
from app.search.facet import Facet
from app.search.selection import HERE
from app.search.situations import Role, Step
from importers import vocabulary
from importers.vocabulary import Family


# Not frozen: two hundred are made for a page, and to freeze one takes longer than to make it.
@dataclass(slots=True)
class FilterValue:
    """A value of a facet, and how many actors there would be with it and the other filters."""

    code: str
    label: str
    count: int
    checked: bool


@dataclass(frozen=True, slots=True)
class Filter:
    """A facet as a page offers it. asked: what is asked of it; values: those to choose from.

    values: of codes, those that occur or are asked for; none of what is not counted.
    """

    facet: Facet
    asked: tuple[str, ...]
    values: tuple[FilterValue, ...]

    @property
    def shown(self) -> tuple[FilterValue, ...]:
        """Return those that somebody has, then those that are asked for and that nobody has."""
        return (
            *(each for each in self.values if each.count),
            *(each for each in self.values if each.checked and not each.count),
        )

    @property
    def families(self) -> Iterator[tuple[Family, tuple[FilterValue, ...]]]:
        """Yield those shown, which are categories, under their families."""
        words = vocabulary.load()
        own: dict[str, list[FilterValue]] = {}
        for each in self.shown:
            own.setdefault(words.categories[each.code].family, []).append(each)
        for code, family in words.families.items():
            if code in own:
                yield family, tuple(own[code])


@dataclass(frozen=True, slots=True)
class Chip:
    """A criterion that is applied: what it says, and the address of the search without it."""

    label: str
    url: str


@dataclass(frozen=True, slots=True)
class Relaxed:
    """What to give up where nothing was found, and how many actors that gives, 100 at most."""

    label: str
    url: str
    count: int


@dataclass(frozen=True, slots=True)
class Entry:
    """An actor of a list, or neutral ones of a category and territory: who to ask is the same.

    count: how many there are in the group, on whatever page; one: any of them.
    """

    count: int
    one: ActorCard


@dataclass(frozen=True, slots=True, kw_only=True)
class Group:
    """A part of the list. count: in all; cards: those of this page; url: where it begins.

    number: of selection.group_of, or the place of a step of a situation. neutral: how many actors
    there are without name and number of their own, by territory and category. is_step: it is one
    of a situation.
    """

    number: int
    title: str
    sentence: str
    count: int
    url: str
    cards: tuple[ActorCard, ...]
    neutral: Mapping[tuple[str, str], int] = field(default_factory=dict)
    is_step: bool = False

    @property
    def silent(self) -> tuple[ActorCard, ...]:
        """Return those of a step whom nobody can call, which come last."""
        return tuple(card for card in self.cards if self.is_step and not card.phones)

    @property
    def entries(self) -> tuple[Entry, ...]:
        """Return what the page shows, in order: cards, and those that say the same gathered."""
        return tuple(self._entries())

    def _entries(self) -> Iterator[Entry]:
        shown = set()
        for card in self.cards[: len(self.cards) - len(self.silent)]:
            key = (card.seat_territory_code, card.category.code)
            several = self.neutral.get(key, 1) if card.answered_by_others else 1
            if several == 1:
                yield Entry(1, card)
            elif key not in shown:
                shown.add(key)
                yield Entry(several, card)

    @property
    def parts(self) -> Iterator[tuple[str, Iterator[Entry]]]:
        """Yield the entries with the territory of those without a distance, "" for the others."""
        return groupby(self.entries, _territory_of)


def _territory_of(entry: Entry) -> str:
    return entry.one.seat_territory_name if entry.one.metres is None else ""


@dataclass(frozen=True, slots=True)
class Host:
    """A hospital that is no answer by itself. town: "" where it is not known."""

    name: str
    town: str
    phone: str


@dataclass(frozen=True, slots=True)
class Farther:
    """Where a step that nobody takes nearby is taken: an area, how many do, and their address.

    missing: no list of the territory names anybody who takes it. count: 0 where nobody does so
    elsewhere, or only those who are in charge of the place count. hosts: who does it meanwhile.
    """

    missing: bool
    name: str = ""
    count: int = 0
    url: str = ""
    hosts: tuple[Host, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Found:
    """A page of a selection and what is said of all of it.

    farther: where the steps of a situation are taken that nobody takes here. pages: how many pages
    of the list there are. crowd: the map asks for groups, view by view; at: where the actors of
    this page are then, as lon, lat in degrees. unlisted: of a territory that registers alone know.
    """

    search: Search
    counts: Counts
    filters: tuple[Filter, ...]
    groups: tuple[Group, ...]
    pages: int
    chips: tuple[Chip, ...] = ()
    relaxed: tuple[Relaxed, ...] = ()
    farther: Mapping[int, Farther] = field(default_factory=dict)
    crowd: bool = False
    at: Mapping[str, tuple[float, float]] = field(default_factory=dict)
    unlisted: bool = False

    @property
    def all_near(self) -> bool:
        """Return whether all that is selected stands within the radius of the place."""
        near = self.search.place and self.search.reach and not self.search.situation
        return bool(near and [group.number for group in self.groups] == [HERE])

    @property
    def facets(self) -> dict[str, tuple[FilterValue, ...]]:
        """Return the values of each facet that is counted, by its name."""
        return {each.facet.name: each.values for each in self.filters if each.facet.counted}

    @property
    def total(self) -> int:
        """Return how many actors are selected."""
        return self.counts.total

    @property
    def cards(self) -> tuple[ActorCard, ...]:
        """Return those of this page, in order."""
        return tuple(card for group in self.groups for card in group.cards)


@dataclass(frozen=True, slots=True)
class InCharge:
    """Who must act for a place in a role: none where no list says it. url: all in the territory.

    by_commune: each of the actors has some communes of the place, which is a territory.
    """

    role: Role
    actors: tuple[ActorCard, ...] = field(default=())
    url: str | None = None
    by_commune: bool = False

    @property
    def doubted(self) -> bool:
        """Return whether two sources differ, so that none of the actors is sure."""
        return any(actor.doubted for actor in self.actors)

    @property
    def leads(self) -> bool:
        """Return whether nobody of the body itself is known, and who leads to it is."""
        ways = (actor.category.code in self.role.ways for actor in self.actors)
        return bool(self.actors) and all(ways)

    def is_office(self, actor: ActorCard) -> bool:
        """Return whether an actor is not the body itself, but an office of it or a way to it."""
        return actor.category.code not in self.role.categories


@dataclass(frozen=True, slots=True)
class Followed:
    """A territory that knows a child already, and who decides for the child there."""

    code: str
    name: str
    in_charge: tuple[InCharge, ...]

    def in_step(self, step: Step) -> tuple[InCharge, ...]:
        """Return those who are known and whom a step of a situation calls, as in charge."""
        return tuple(
            each
            for each in self.in_charge
            if each.actors and step.competent and {*each.role.categories} & {*step.categories}
        )
