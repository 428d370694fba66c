"""What one address asks for: where, for what, in which order. Everything else follows from it."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from enum import StrEnum
from typing import Any
from urllib.parse import urlencode

from app.places.extent import Extent
from app.places.schemas import Place
from app.search.facet import Facet
from app.search.facet_types import Opening
from app.search.facets import BY_NAME, FACETS, OPENING
from app.search.situations import Situation
from app.search.words import Sought, Towns, folded, sought
from geo.distance import kilometres

# Kilometres around a place; None: everything, the nearest first.
RADII: tuple[int | None, ...] = (5, 10, 25, 50, 100, None)
DEFAULT_RADIUS = 25
EVERYWHERE = "tout"
# The name in addresses of the territory that follows the child.
FOLLOWED_BY = "suivi"
PAGE_SIZE = 50
TEXT_MAX = 100

# What is asked of facets: name -> values, as addresses write them; those that are asked, in order.
Chosen = tuple[tuple[str, tuple[str, ...]], ...]


class Order(StrEnum):
    """What a list is sorted by."""

    CATEGORY = "categorie"
    NAME = "nom"
    TOWN = "commune"
    DISTANCE = "distance"
    VERIFIED = "verification"


class Match(StrEnum):
    """How a text is looked for: its words, or, where no actor has them, names that resemble it."""

    WORDS = "words"
    SIMILAR = "similar"


@dataclass(frozen=True, slots=True, kw_only=True)
class Search:
    """One selection of actors and how it is shown; its address reproduces it.

    territory: a code, or None. among: codes, of several territories at once. place: around which
    one looks, or in whose extent. No two of these three. radius: km around a place that has none,
    None for everywhere. words: what is looked for instead of the text, where that is known. far:
    what is within far_km of it is left out, as is what has its seat in the territories of without.
    chosen: an actor passes where it has one of the values of each facet of which some are asked.
    followed_by: the code of the territory that knows the child already, which selects nothing.
    """

    territory: str | None = None
    among: tuple[str, ...] = ()
    place: Place | None = None
    radius: int | None = DEFAULT_RADIUS
    followed_by: str | None = None
    text: str = ""
    match: Match = Match.WORDS
    towns: Towns = ()
    words: Sought | None = None
    chosen: Chosen = ()
    without: tuple[str, ...] = ()
    far: Place | None = None
    far_km: int = DEFAULT_RADIUS
    situation: Situation | None = None
    order: Order | None = None
    descending: bool = False
    page: int = 1
    view: str = ""
    ground: str = ""

    @property
    def narrowed(self) -> bool:
        """Return whether anything but the place and its radius selects."""
        return any((self.text, self.chosen, self.without, self.far, self.situation))

    def values(self, name: str) -> tuple[str, ...]:
        """Return what is asked of a facet, by its name; none where it does not select."""
        return dict(self.chosen).get(name, ())

    @property
    def asked(self) -> Iterator[tuple[Facet, tuple[str, ...]]]:
        """Yield the facets that select, each with what is asked of it."""
        for name, values in self.chosen:
            yield BY_NAME[name], values

    @property
    def open_now(self) -> bool:
        """Return whether it selects by the hour at which it is run."""
        return Opening.NOW in self.values(OPENING.name)

    @property
    def resembles(self) -> bool:
        """Return whether it looks for names that resemble its text."""
        return bool(self.text) and self.match is Match.SIMILAR

    @property
    def sought(self) -> Sought:
        """Return what is looked for of its text."""
        if self.words is not None:
            return self.words
        if self.match is Match.SIMILAR:
            return Sought(name=folded(self.text))
        return sought(self.text, self.towns)

    @property
    def territories(self) -> tuple[str, ...]:
        """Return the codes of the territories in which it looks; none where it looks elsewhere."""
        return self.among if self.territory is None else (self.territory,)

    @property
    def of_france(self) -> bool:
        """Return whether it looks everywhere, from nowhere, and for no situation."""
        return not (self.territories or self.place or self.situation)

    @property
    def sorted_by(self) -> Order:
        """Return what the list is sorted by: distance where there is one."""
        return self.order or (Order.DISTANCE if self.place else Order.CATEGORY)

    @property
    def extent(self) -> Extent | None:
        """Return what a map shows, where one looks in it instead of around a place."""
        return self.place.extent if self.place else None

    @property
    def reach(self) -> int | None:
        """Return how far around the place one looks, in km; None for everywhere.

        The radius, or the next one that reaches beyond what is excluded, where all of it is. Of an
        extent: that of the circle around it.
        """
        if self.place and self.place.extent:
            return self.place.extent.reach(self.place.lat, self.place.lon)
        if self.radius is None or not (self.place and self.far):
            return self.radius
        one, other = ((each.lon, each.lat) for each in (self.place, self.far))
        beyond = self.far_km - kilometres(one, other)
        wider = RADII[RADII.index(self.radius) :]
        return next((radius for radius in wider if radius is None or radius > beyond), None)

    @property
    def wider(self) -> tuple[int | None, ...]:
        """Return the radii around its place that hold all of where it looks, and more."""
        reach = self.reach
        if self.place is None or reach is None:
            return ()
        return tuple(km for km in RADII if km is None or km > reach)

    @property
    def nearby(self) -> str:
        """Return in French how far around its place it looks; "" for everywhere."""
        if self.extent:
            return "dans la carte affichée"
        return f"à moins de {self.reach} km" if self.place and self.reach else ""

    @property
    def excludes(self) -> bool:
        """Return whether it leaves something out by where it is."""
        return bool(self.without or self.far)

    @property
    def path(self) -> str:
        """Return the path of the page that shows it."""
        return f"/departements/{self.territory}" if self.territory else "/autour"

    @property
    def printed_url(self) -> str:
        """Return the address of the same selection on paper."""
        shown = self.but(view="", ground="")
        return shown.url().replace(self.path, f"{self.path}/fiche.pdf", 1)

    def but(self, **changes: Any) -> "Search":
        """Return the same search with something changed, from its first page.

        changes: fields, and values of facets by name. A radius is that of a circle, which takes the
        place of an extent.
        """
        if "radius" in changes and self.place and self.extent:
            changes = {"place": replace(self.place, extent=None)} | changes
        facets = {name: changes.pop(name) for name in [*changes] if name in BY_NAME}
        if facets:
            changes["chosen"] = choose(dict(self.chosen) | facets)
        return replace(self, **({"page": 1} | changes))

    def as_found(self, match: Match, towns: Towns) -> "Search":
        """Return the same search, knowing how its text is looked for, and which towns it names."""
        return replace(self, match=match, towns=towns)

    def without_territory(self, name: str, code: str) -> "Search":
        """Return the same search with one territory of several less."""
        return self.but(**{name: tuple(each for each in getattr(self, name) if each != code)})

    def reset(self) -> "Search":
        """Return the same place and view, with nothing selected."""
        return Search(
            territory=self.territory,
            among=self.among,
            place=self.place,
            radius=self.radius,
            followed_by=self.followed_by,
            view=self.view,
            ground=self.ground,
        )

    def as_drawn(self) -> "Search":
        """Return the same selection, whatever else of it a map does not show."""
        return self.but(followed_by=None, order=None, descending=False, view="", ground="")

    def pairs(self, *, of_territory: bool = False) -> list[tuple[str, str]]:
        """Return the parameters of its address, in one order; what is as usual is left out.

        of_territory: name the territory as well, for addresses whose path does not.
        """
        pairs: list[tuple[str, str]] = []
        if of_territory and self.territory:
            pairs.append(("territoire", self.territory))
        pairs += [("dans", each) for each in self.among]
        if self.extent:
            pairs.append(("cadre", self.extent.code))
        elif self.place:
            pairs.append(("lieu", self.place.code))
            if self.radius != DEFAULT_RADIUS:
                pairs.append(("rayon", str(self.radius or EVERYWHERE)))
        if self.followed_by:
            pairs.append((FOLLOWED_BY, self.followed_by))
        if self.situation:
            pairs.append(("s", str(self.situation.number)))
        if self.text:
            pairs.append(("q", self.text))
        pairs += [(name, each) for name, values in self.chosen for each in values]
        pairs += [("sans", each) for each in self.without]
        if self.far:
            pairs.append(("loin", self.far.code))
            if self.far_km != DEFAULT_RADIUS:
                pairs.append(("ecart", str(self.far_km)))
        if self.order:
            pairs.append(("tri", ("-" if self.descending else "") + self.order))
        if self.page > 1:
            pairs.append(("page", str(self.page)))
        if self.view:
            pairs.append(("vue", self.view))
        if self.ground:
            pairs.append(("fond", self.ground))
        return pairs

    def url(self, path: str | None = None) -> str:
        """Return its address: its own page, or another page or format of the same selection."""
        pairs = self.pairs(of_territory=path is not None)
        return (path or self.path) + (f"?{urlencode(pairs)}" if pairs else "")


def choose(asked: Mapping[str, tuple[str, ...]]) -> Chosen:
    """Return what is asked of facets, by name, as a search holds it."""
    return tuple((each.name, asked[each.name]) for each in FACETS if asked.get(each.name))
