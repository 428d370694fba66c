"""What is counted of visits: types of pages, and the filters that left nothing. No other word."""

from collections.abc import Callable, Iterator, Mapping
from enum import StrEnum
from typing import Any, TypeVar

from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import Session

from app.models import PageViewFacet
from app.search.criteria import Search
from app.search.facet_types import CodesFacet
from app.search.facets import BY_NAME, FACETS

Endpoint = TypeVar("Endpoint", bound=Callable[..., Any])
MARK = "__mesure23_counted_as__"
# Of a search that nobody answers; of all that an address may ask for nobody reads more.
MOST_FACETS = 20


class PageType(StrEnum):
    """What a page is, as it is stored; a migration writes the same list."""

    HOME = "accueil"
    TERRITORIES = "territoires"
    TERRITORY = "territoire"
    SEARCH = "recherche"
    SHEET = "fiche"
    TABLE = "tableau"
    FILE = "fichier"
    PRINT = "impression"
    COVERAGE = "couverture"
    RESOURCES = "ressources"
    RESOURCE = "ressource"
    AGENDA = "agenda"
    LETTER = "lettre"
    SERVICE = "service"
    FRAME = "integration"
    # A registered embed, which is counted by itself and by no territory.
    EMBED = "carte"
    # No page: a search that nobody answers, once for each of its filters.
    EMPTY = "sans_resultat"


LABELS: Mapping[PageType, str] = {
    PageType.HOME: "Accueil",
    PageType.TERRITORIES: "Liste des territoires",
    PageType.TERRITORY: "Page d’un territoire",
    PageType.SEARCH: "Autour d’un lieu, ou toute la France",
    PageType.SHEET: "Fiche d’un acteur",
    PageType.TABLE: "Tableau",
    PageType.FILE: "Fichier téléchargé",
    PageType.PRINT: "Fiche à imprimer (PDF)",
    PageType.COVERAGE: "Couverture",
    PageType.RESOURCES: "Liste des ressources",
    PageType.RESOURCE: "Page d’une ressource",
    PageType.AGENDA: "Agenda",
    PageType.LETTER: "Lettre",
    PageType.SERVICE: "Données, intégration, mentions",
    PageType.FRAME: "Carte non enregistrée sur un autre site",
    PageType.EMBED: "Carte enregistrée sur un autre site",
    PageType.EMPTY: "Recherche sans résultat",
}
# What else a search selects by than facets, none of it as it was asked for.
OTHER_FACETS = {
    "aucun": "Aucun filtre",
    "autour": "Autour d’un lieu",
    "eloigner": "Lieux à éviter",
    "mots": "Des mots cherchés",
    "situation": "Une situation",
}


def counted_as(page: PageType) -> Callable[[Endpoint], Endpoint]:
    """Declare that who is answered by a route saw a page; written under open_to."""

    def declare(endpoint: Endpoint) -> Endpoint:
        setattr(endpoint, MARK, page)
        return endpoint

    return declare


def type_of(endpoint: object) -> PageType | None:
    """Return what page an endpoint answers with, None where none is counted."""
    page: PageType | None = getattr(endpoint, MARK, None)
    return page


def facets_of(search: Search) -> tuple[str, ...]:
    """Return the filters of a search, each a word of facet_labels: no place and no text of it."""
    return tuple(_facets(search))[:MOST_FACETS] or ("aucun",)


def facet_labels() -> dict[str, str]:
    """Return all that facets_of may say, in French."""
    labels = dict(OTHER_FACETS)
    for facet in FACETS:
        if isinstance(facet, CodesFacet):
            for code, term in facet.terms.items():
                labels[f"{facet.name}:{code}"] = f"{facet.label} : {term.label}"
        else:
            labels[facet.name] = facet.label
    return labels


def publish_facets(session: Session) -> None:
    """Say which facets may be counted: those of this release beside those of earlier ones."""
    rows = [{"facet": facet} for facet in facet_labels()]
    session.execute(insert(PageViewFacet).on_conflict_do_nothing(), rows)


def _facets(search: Search) -> Iterator[str]:
    for name, values in search.chosen:
        if isinstance(BY_NAME[name], CodesFacet):
            yield from (f"{name}:{value}" for value in values)
        else:
            yield name
    if search.place:
        yield "autour"
    if search.far or search.without:
        yield "eloigner"
    if search.text:
        yield "mots"
    if search.situation:
        yield "situation"
