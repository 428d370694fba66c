"""Whom to call for what a sheet needs done, where its reader is: the cards that a search shows."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy.orm import Session

from app.search.actor_schemas import ActorCard
from app.search.criteria import Search
from app.search.facets import BY_NAME
from app.search.results import find

# For each function; beyond, one looks at the search itself.
SHOWN = 3
FUNCTION = "fonction"


@dataclass(frozen=True, slots=True)
class Called:
    """Who does one thing there. function: its label; url: the search that shows all of them."""

    function: str
    cards: tuple[ActorCard, ...]
    total: int
    url: str


def who_to_call(
    session: Session, functions: Iterable[str], where: Search, at: datetime
) -> tuple[Called, ...]:
    """Return who does each of some functions, the nearest first, in their order.

    where: a search of a place or a territory, with nothing selected. A function that the vocabulary
    has lost is left out. Where nobody is near, one looks farther. at: now, aware.
    """
    facet = BY_NAME[FUNCTION]
    known = [code for code in dict.fromkeys(functions) if code in facet.choices]
    return tuple(_called(session, code, where.but(fonction=(code,)), at) for code in known)


def _called(session: Session, code: str, search: Search, at: datetime) -> Called:
    for wider in (search, *(search.but(radius=radius) for radius in search.wider)):
        found = find(session, wider, at, grouped=False, size=SHOWN)
        if found.counts.total:
            break
    cards = tuple(card for group in found.groups for card in group.cards)
    return Called(BY_NAME[FUNCTION].word(code), cards, found.counts.total, found.search.url())
