"""A search in French: what is applied, and what could be given up."""

from collections.abc import Iterable, Iterator

from sqlalchemy.orm import Session

from app.find.counts import at_most
from app.find.criteria import FACETS, RADII, Opening, Search
from app.find.schemas import Chip, Relaxed
from app.territories.service import read_names
from geo.names import normalise
from importers import vocabulary
from importers.vocabulary import Term

VOWELS = frozenset("aeiouy")
# Beyond, a page says "more than".
ENOUGH = 100
OPENINGS = {Opening.NOW: "Ouvert maintenant", Opening.ALWAYS: "Jour et nuit"}


def chips(session: Session, search: Search, path: str | None = None) -> tuple[Chip, ...]:
    """Return what is applied, in the order of the address, each with the search without it.

    path: of another page than the search's own, to which addresses are to lead.
    """
    return tuple(Chip(label, without.url(path)) for label, without in _applied(session, search))


def heading(search: Search) -> str:
    """Return what a page around a place is called; never a word of its situation."""
    if search.place is None:
        return "Toute la France"
    if search.place.is_position:
        return search.place.label
    return f"Autour {of(search.place.label)}"


def of(name: str) -> str:
    """Return a place with "de" before it: "d’Arles", "du Havre", "des Ulis", "de La Rochelle"."""
    if name.startswith("Le "):
        return f"du {name[3:]}"
    if name.startswith("Les "):
        return f"des {name[4:]}"
    # Not before an H: half of them are aspirated, and "de" is never wrong on a map.
    return f"d’{name}" if normalise(name)[:1] in VOWELS else f"de {name}"


def relaxations(
    session: Session,
    search: Search,
    open_pairs: Iterable[tuple[str, str]],
    path: str | None = None,
) -> tuple[Relaxed, ...]:
    """Return what would give actors if it were given up, the most useful first."""
    pairs = list(open_pairs)
    found: dict[str, Relaxed] = {}
    within = 0
    for label, other in _given_up(session, search):
        several = at_most(session, other, ENOUGH, pairs)
        if other.radius != search.radius:
            # A wider circle is worth a line where it holds more than the one before.
            if several == within:
                continue
            within = several
        if several:
            found.setdefault(other.url(path), Relaxed(label, other.url(path), several))
    return tuple(found.values())


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
        yield f"À plus de {search.far_km} km {of(search.far.label)}", search.but(far=None)


def _given_up(session: Session, search: Search) -> Iterator[tuple[str, Search]]:
    if search.place and search.radius is not None:
        for radius in RADII[RADII.index(search.radius) + 1 :]:
            label = f"Jusqu’à {radius} km" if radius else "Sans limite de distance"
            yield label, search.but(radius=radius)
    for label, without in _applied(session, search):
        yield f"Sans « {label.strip('« »')} »", without
    if search.narrowed:
        yield "Sans aucun critère", search.reset()
