"""Which answers are views: pages that somebody sees, by page and territory, and nothing of who."""

from datetime import timedelta

import httpx
import pytest

from app.main import create_app
from app.platform.database.engines import PublicDatabase
from app.platform.database.sessions import write
from app.platform.web.permissions import routes_of
from app.runtime.staff import Runtime
from app.statistics.counting import ABOUT
from app.statistics.page_types import LABELS, PageType, facet_labels, type_of
from tests.makers import add_actor
from tests.serving import serving
from tests.statistics.conftest import BROWSER, Pages

# Data of maps, parts of pages, what leads elsewhere, what programs read, and forms of strangers.
NO_PAGES = {
    "/acteurs/{public_id}",
    "/acteurs/{public_id}/signaler",
    "/acteurs/{public_id}/signaler/merci",
    "/professionnels/demande",
    "/professionnels/demande/merci",
    "/agenda/{event_id}/inscription",
    "/agenda/{event_id}/inscription/merci",
    "/lettres/abonnement",
    "/lettres/abonnement/merci",
    "/lettres/confirmation/{token}",
    "/lettres/quitter/{token}",
    "/alertes/quitter/{token}",
    "/ressources/proposer",
    "/ressources/proposer/merci",
    "/api/actors.geojson",
    "/api/departements/{code}/actors.geojson",
    "/api/departements/{code}/boundary.geojson",
    "/api/groupes.geojson",
    "/api/lieux",
    "/api/openapi.json",
    "/carte.js",
    "/couverture/carte.js",
    "/couverture/contours.geojson",
    "/integration/carte/{embed_id}/logo",
    "/integration/theme.css",
    "/oembed",
    "/robots.txt",
    "/.well-known/security.txt",
    "/ressources/{resource_id}",
    "/sante",
    "/livez",
    "/readyz",
    "/sitemap.xml",
    "/sitemaps/pages.xml",
    "/sitemaps/ressources.xml",
    "/sitemaps/{code}.xml",
    "/static",
}


def test_of_each_public_address_it_is_decided_whether_it_is_a_page(runtime: Runtime) -> None:
    app = create_app(runtime.settings, runtime.databases)
    uncounted = {str(each.path) for each in routes_of(app) if type_of(_endpoint(each)) is None}
    assert uncounted == NO_PAGES


def _endpoint(route: object) -> object:
    return getattr(route, "endpoint", None)


def test_each_kind_has_a_page_or_is_of_searches(runtime: Runtime) -> None:
    app = create_app(runtime.settings, runtime.databases)
    pages = {type_of(_endpoint(each)) for each in routes_of(app)} - {None}
    assert pages | {PageType.EMPTY} == set(PageType) == set(LABELS)


@pytest.mark.parametrize(
    ("address", "page", "territory"),
    [
        ("/", "accueil", ""),
        ("/departements", "territoires", ""),
        ("/departements/93", "territoire", "93"),
        ("/departements/93?fonction=ecoute", "territoire", "93"),
        ("/autour?dans=93", "recherche", "93"),
        ("/autour", "recherche", ""),
        ("/table?territoire=93", "tableau", "93"),
        ("/table.csv?territoire=93", "fichier", ""),
        ("/couverture", "couverture", ""),
        ("/agenda", "agenda", ""),
        ("/agenda.ics", "fichier", ""),
        ("/couverture.csv", "fichier", ""),
        ("/donnees", "service", ""),
        ("/confidentialite", "service", ""),
        ("/integration/93", "integration", "93"),
    ],
)
def test_a_page_counts_once_by_its_kind_and_territory(
    pages: Pages, address: str, page: str, territory: str
) -> None:
    pages.counted()
    answer = pages.client.get(address)
    assert answer.status_code == 200, answer.text
    assert ABOUT not in answer.headers
    seen = {cell: n for cell, n in pages.counted().items() if cell[0] != "sans_resultat"}
    assert seen == {(page, territory, "", ""): 1}


def test_an_answer_from_memory_counts_as_any_other_and_so_does_an_unchanged_one(
    pages: Pages,
) -> None:
    pages.counted()
    first = pages.client.get("/departements/93")
    again = pages.client.get("/departements/93", headers={"If-None-Match": first.headers["etag"]})
    assert (first.status_code, again.status_code) == (200, 304)
    assert ABOUT not in again.headers
    assert pages.counted() == {("territoire", "93", "", ""): 2}


@pytest.mark.parametrize(
    "headers",
    [
        {"User-Agent": "Mozilla/5.0 (compatible; Googlebot/2.1; +http://www.google.com/bot.html)"},
        {"User-Agent": "python-requests/2.33"},
        {"User-Agent": "curl/8.14"},
        {"User-Agent": ""},
        {"Sec-Purpose": "prefetch;prerender"},
        {"Purpose": "prefetch"},
    ],
    ids=["robot", "requests", "curl", "nobody", "prerender", "prefetch"],
)
def test_programs_and_what_is_loaded_ahead_are_no_views(
    pages: Pages, headers: dict[str, str]
) -> None:
    pages.counted()
    assert pages.client.get("/departements/93", headers=headers).status_code == 200
    assert pages.counted() == {}


@pytest.mark.parametrize(
    "address",
    ["/nulle-part", "/departements/00", "/acteurs/zzzzzzzzzzzzzzzz/x", "/?q=Lyon",
     "/departements/93?fonction=inconnue", "/integration/carte/" + "0" * 24],
)  # fmt: skip
def test_errors_and_what_leads_elsewhere_are_no_views(pages: Pages, address: str) -> None:
    pages.counted()
    assert pages.client.get(address).status_code not in {200, 304}
    assert pages.counted() == {}


def test_who_asks_for_the_headers_alone_sees_no_page(pages: Pages) -> None:
    pages.counted()
    answer = pages.client.head("/departements/93")
    assert answer.status_code == 200
    assert ABOUT not in answer.headers
    assert pages.counted() == {}


@pytest.mark.parametrize("address", ["/departements/93", "/autour?dans=93", "/integration/93"])
def test_a_search_without_answer_counts_for_each_filter_and_no_word_of_it(
    pages: Pages, address: str
) -> None:
    pages.counted()
    asked = f"{address}{'&' if '?' in address else '?'}fonction=hebergement&age=3&q=Zorglub"
    page = pages.client.get(asked)
    assert page.status_code == 200
    empty = {cell[1:3]: n for cell, n in pages.counted().items() if cell[0] == "sans_resultat"}
    assert empty == {("93", "fonction:hebergement"): 1, ("93", "age"): 1, ("93", "mots"): 1}


def test_a_search_around_a_position_says_its_territory_at_most(pages: Pages) -> None:
    pages.counted()
    address = "/autour?lieu=48.915,2.385&rayon=5&fonction=hebergement&q=Zorglub"
    assert pages.client.get(address, follow_redirects=True).status_code == 200
    cells = pages.counted()
    assert {cell[1] for cell in cells} <= {"93", ""}
    assert {cell[2] for cell in cells} == {"", "fonction:hebergement", "autour", "mots"}


def test_who_is_hidden_changes_nothing_of_what_is_counted(pages: Pages) -> None:
    """Before and after a place is hidden where nobody else is, visitors leave the same numbers."""
    seen = []
    for _ in range(2):
        pages.counted()
        for territory in ("59", "974"):
            pages.client.get(f"/departements/{territory}?fonction=hebergement&age=3&q=Zorglub")
            pages.client.get(f"/departements/{territory}?categorie=mecs&age=3")
        seen.append(pages.counted())
        with write(pages.runtime.staff) as session:
            hidden = {"status": "secret", "protected": True, "category": "heberger"}
            hidden |= {"functions": ["hebergement"], "territory_code": "974"}
            add_actor(session.connection(), name="Zorglub", **hidden)
    assert seen[0] == seen[1]
    assert any(cell[0] == "sans_resultat" and cell[1] == "974" for cell in seen[0])


def test_no_facet_that_a_page_can_say_is_missing_from_the_vocabulary(pages: Pages) -> None:
    pages.counted()
    labels = facet_labels()
    asked = "fonction=hebergement&fonction=ecoute&categorie=ase&langue=fr&age=3&ouvert=maintenant"
    pages.client.get(f"/departements/93?{asked}&q=Zorglub&loin=93008", follow_redirects=True)
    found = {cell[2] for cell in pages.counted()} - {""}
    assert found
    assert found <= set(labels)


def test_the_day_is_that_of_paris(pages: Pages) -> None:
    """At 23 h 30 in universal time it is tomorrow there: what a page counts says so."""
    pages.counted()
    before, now = pages.now, pages.now
    late = now.replace(hour=23, minute=30)
    pages.now = late if late <= now else late - timedelta(days=1)
    try:
        pages.client.get("/departements")
        assert {cell[0] for cell in pages.counters._cells} == {
            (pages.now + timedelta(hours=2)).date()
        }
    finally:
        pages.now = before
    assert sum(pages.counted().values()) == 1


def test_without_the_login_that_adds_nothing_is_counted_and_nothing_said(runtime: Runtime) -> None:
    app = create_app(runtime.settings, PublicDatabase(runtime.databases.public))
    headers = {"User-Agent": BROWSER}
    with (
        serving(app) as address,
        httpx.Client(base_url=address, timeout=60, headers=headers) as client,
    ):
        answer = client.get("/departements/93")
    assert (answer.status_code, app.state.counters) == (200, None)
    assert ABOUT not in answer.headers
