"""A search in French: what is applied, and what could be given up."""

from collections.abc import Callable, Iterator, Sequence
from datetime import datetime
from itertools import chain

from sqlalchemy.orm import Session

from app.gazetteer.territories import read_names
from app.hours import open_now
from app.search.counts import at_most, hours
from app.search.criteria import Search
from app.search.schemas import Chip, Relaxed
from geo.names import behind_de

# Beyond, a page says "more than".
ENOUGH = 100
# Territories whose names a title has room for.
MOST_NAMED = 3


def chips(
    session: Session, search: Search, address: Callable[[Search], str] = Search.url
) -> tuple[Chip, ...]:
    """Return what is applied, in the order of the address, each with the search without it.

    address: where a search leads, where that is not the search's own page.
    """
    applied = chain(_places(session, search), _applied(session, search))
    return tuple(Chip(label, address(without)) for label, without in applied)


def heading(session: Session, search: Search) -> str:
    """Return what a page is called that is of no one territory; never a word of its situation."""
    if search.among:
        names = read_names(session)
        return listed([names[code] for code in search.among])
    if search.place is None:
        return "Toute la France"
    return search.place.heading


def listed(names: Sequence[str]) -> str:
    """Return names of territories as a title: "Paris et Rhône", "Paris, Rhône et 4 autres"."""
    first, rest = names[:MOST_NAMED], len(names) - MOST_NAMED
    if rest == 1:
        # To say "1 autre" takes as long as to name it.
        first, rest = names, 0
    shown = [*first, f"{rest} autres"] if rest > 0 else first
    return " et ".join(filter(None, (", ".join(shown[:-1]), shown[-1])))


def relaxations(
    session: Session,
    search: Search,
    at: datetime,
    address: Callable[[Search], str] = Search.url,
) -> tuple[Relaxed, ...]:
    """Return what would give actors if it were given up, the most useful first; at: now, aware."""
    pairs: list[tuple[str, str]] = []
    if search.open_now:
        # The widest of them knows the hours of all.
        pairs = open_now(hours(session, search.reset().but(radius=None)), at)
    found: dict[str, Relaxed] = {}
    within = 0
    for label, other in _given_up(session, search):
        several = at_most(session, other, ENOUGH, pairs)
        if other.reach != search.reach:
            # A wider circle is worth a line where it holds more than the one before.
            if several == within:
                continue
            within = several
        if several:
            found.setdefault(address(other), Relaxed(label, address(other), several))
    return tuple(found.values())


def _places(session: Session, search: Search) -> Iterator[tuple[str, Search]]:
    if search.extent:
        yield "Dans la carte affichée", search.but(radius=search.wider[0])
    # Without the last of them one would look in all of France, which is no filter less.
    names = read_names(session) if len(search.among) > 1 else {}
    for code in search.among if names else ():
        yield f"{names[code]} ({code})", search.without_territory("among", code)


def _applied(session: Session, search: Search) -> Iterator[tuple[str, Search]]:
    if search.situation:
        yield search.situation.label, search.but(situation=None)
    if search.text:
        yield f"« {search.text} »", search.but(text="")
    for facet, asked in search.asked:
        for value in asked:
            rest = {facet.name: facet.without(asked, value)}
            yield facet.word(value), search.but(**rest)
    names = read_names(session) if search.without else {}
    for code in search.without:
        yield f"Hors {names[code]} ({code})", search.without_territory("without", code)
    if search.far:
        # Without it, one still looks as far as it made one look.
        beyond = {} if search.extent else {"radius": search.reach}
        yield (
            f"À plus de {search.far_km} km {behind_de(search.far.label)}",
            search.but(far=None, **beyond),
        )


def _given_up(session: Session, search: Search) -> Iterator[tuple[str, Search]]:
    for radius in search.wider:
        wide = "Partout en France" if search.extent else "Sans limite de distance"
        label = f"Jusqu’à {radius} km" if radius else wide
        yield label, search.but(radius=radius)
    for label, without in _applied(session, search):
        yield f"Sans « {label.strip('« »')} »", without
    if search.narrowed:
        yield "Sans aucun critère", search.reset()
