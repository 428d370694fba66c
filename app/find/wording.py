"""A search in French: what is applied, and what could be given up."""

from collections.abc import Iterable, Iterator

from sqlalchemy.orm import Session

from app.find.counts import at_most
from app.find.criteria import FACETS, RADII, Opening, Search
from app.find.schemas import Chip, Relaxed
from app.territories.service import read_names
from importers import vocabulary
from importers.vocabulary import Term

# Beyond, a page says "more than".
ENOUGH = 100
OPENINGS = {Opening.NOW: "Ouvert maintenant", Opening.ALWAYS: "Jour et nuit"}


def chips(session: Session, search: Search, path: str | None = None) -> tuple[Chip, ...]:
    """Return what is applied, in the order of the address, each with the search without it.

    path: of another page than the search's own, to which addresses are to lead.
    """
    return tuple(Chip(label, without.url(path)) for label, without in _applied(session, search))


def relaxations(
    session: Session,
    search: Search,
    open_pairs: Iterable[tuple[str, str]],
    path: str | None = None,
) -> tuple[Relaxed, ...]:
    """Return what would give actors if it were given up, the most useful first."""
    pairs = list(open_pairs)
    found = []
    for label, other in _given_up(session, search):
        several = at_most(session, other, ENOUGH, pairs)
        if several:
            found.append(Relaxed(label, other.url(path), several))
    return tuple(found)


def _applied(session: Session, search: Search) -> Iterator[tuple[str, Search]]:
    words = vocabulary.load()
    terms: dict[str, dict[str, Term]] = {
        "categorie": {**words.categories},
        "fonction": words.functions,
        "public": words.audiences,
    }
    if search.situation:
        yield search.situation.label, search.but(situation=None)
    if search.text:
        yield f"« {search.text} »", search.but(text="")
    for name in FACETS:
        for code in getattr(search, name):
            yield terms[name][code].label, search.without_value(name, code)
    if search.age is not None:
        yield f"{search.age} {'an' if search.age < 2 else 'ans'}", search.but(age=None)
    if search.opening:
        yield OPENINGS[search.opening], search.but(opening=None)
    names = read_names(session) if search.without else {}
    for code in search.without:
        yield f"Hors {names[code]} ({code})", search.without_value("without", code)
    if search.far:
        yield f"À plus de {search.far_km} km de {search.far.label}", search.but(far=None)


def _given_up(session: Session, search: Search) -> Iterator[tuple[str, Search]]:
    if search.place and search.radius is not None:
        for radius in RADII[RADII.index(search.radius) + 1 :]:
            label = f"Jusqu’à {radius} km" if radius else "Sans limite de distance"
            yield label, search.but(radius=radius)
    for label, without in _applied(session, search):
        yield f"Sans « {label.strip('« »')} »", without
    if search.narrowed:
        yield "Sans aucun critère", search.reset()
