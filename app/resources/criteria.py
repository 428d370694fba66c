"""What somebody looks for among resources; its address gives the page, and each file of it."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from enum import StrEnum
from typing import Any
from urllib.parse import urlencode

from app.resources.field import Offered
from app.resources.fields import FILTERS

PAGE_SIZE = 20
TEXT_MAX = 100
LAST_PAGE = 500
PATH = "/ressources"
TERRITORY, YEAR = "territoire", "annee"
# The name in addresses of whether what speaks of all of France passes a filter of territories too.
REACH, NATIONAL = "portee", "national"

# Filter -> values, as addresses write them; those that are asked, in order.
Chosen = tuple[tuple[str, tuple[str, ...]], ...]


class Order(StrEnum):
    """What a list is sorted by."""

    RELEVANCE = "pertinence"
    DATE = "date"
    REVIEW = "revue"


ORDERS: Mapping[Order, str] = {
    Order.RELEVANCE: "Pertinence",
    Order.DATE: "Plus récentes d’abord",
    Order.REVIEW: "À revoir bientôt",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Query:
    """One selection of resources and how it is shown.

    chosen: a resource passes where it has one of the values of each filter of which some are asked.
    nationwide: one that speaks of all of France passes those of territories as well.
    """

    text: str = ""
    chosen: Chosen = ()
    nationwide: bool = False
    order: Order | None = None
    page: int = 1

    @property
    def narrowed(self) -> bool:
        """Return whether anything selects."""
        return bool(self.text or self.chosen)

    @property
    def sorted_by(self) -> Order:
        """Return what the list is sorted by: relevance where there are words."""
        if not self.text and self.order in (None, Order.RELEVANCE):
            return Order.DATE
        return self.order or Order.RELEVANCE

    @property
    def asked(self) -> Iterator[tuple[Offered, tuple[str, ...]]]:
        """Yield the filters that select, each with what is asked of it."""
        for name, values in self.chosen:
            yield FILTERS[name], values

    def values(self, name: str) -> tuple[str, ...]:
        """Return what is asked of a filter, by its name."""
        return dict(self.chosen).get(name, ())

    def but(self, **changes: Any) -> "Query":
        """Return the same with something changed, from its first page; filters by their name."""
        asked = {name: changes.pop(name) for name in [*changes] if name in FILTERS}
        if asked:
            changes["chosen"] = choose(dict(self.chosen) | asked)
        return replace(self, **{"page": 1, **changes})

    def without(self, name: str, value: str) -> "Query":
        """Return the same with one value of a filter less."""
        rest = tuple(each for each in self.values(name) if each != value)
        wide = self.nationwide and (name != TERRITORY or bool(rest))
        return self.but(**{name: rest, "nationwide": wide})

    def pairs(self) -> list[tuple[str, str]]:
        """Return the parameters of its address, in one order; what is as usual is left out."""
        pairs = [("q", self.text)] if self.text else []
        pairs += [(name, value) for name, values in self.chosen for value in values]
        if self.nationwide and self.values(TERRITORY):
            pairs.append((REACH, NATIONAL))
        if self.order:
            pairs.append(("tri", self.order))
        if self.page > 1:
            pairs.append(("page", str(self.page)))
        return pairs

    def url(self, path: str = PATH) -> str:
        """Return its address: its own page, or another page or format of the same selection."""
        pairs = self.pairs()
        return path + (f"?{urlencode(pairs)}" if pairs else "")


def choose(asked: Mapping[str, tuple[str, ...]]) -> Chosen:
    """Return what is asked of filters, by name, as a query holds it."""
    return tuple((name, asked[name]) for name in FILTERS if asked.get(name))
