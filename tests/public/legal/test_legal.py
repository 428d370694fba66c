"""Legal pages say what is set and what is missing; robots are told of nothing that is protected."""

import re
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from xml.etree import ElementTree as ET

import httpx
import pytest
from pydantic import ValidationError

from app.main import create_app
from app.public.legal.robots import security_txt, sitemap
from tests.serving import serving, settings_in
from tests.world import World

LEGAL = ("/mentions-legales", "/confidentialite", "/accessibilite")
Serve = Callable[..., httpx.Client]


@pytest.fixture
def serve(world: World, tmp_path: Path) -> Iterator[Serve]:
    """Serve the world with settings of one's own; return a client of it."""
    with ExitStack() as stack:

        def start(**values: object) -> httpx.Client:
            settings = settings_in(tmp_path, rate_limit=0, **values)
            address = stack.enter_context(serving(create_app(settings, world.databases)))
            return stack.enter_context(httpx.Client(base_url=address, timeout=60, trust_env=False))

        yield start


def words(html: str) -> str:
    """Return what a page says between its header and its footer."""
    main = html[html.index("<main") : html.index("</main>")]
    return " ".join(re.sub(r"<[^>]+>", " ", main).split())


def locations(body: str) -> list[str]:
    return re.findall(r"<loc>([^<]+)</loc>", body)


# ------------------------------------------------------------------------------ pages


@pytest.mark.parametrize("path", ["/", "/departements/93", "/nulle/part", *LEGAL])
def test_every_page_leads_to_the_legal_ones(client: httpx.Client, path: str) -> None:
    html = client.get(path, headers={"Accept": "text/html"}).text
    footer = html[html.index("<footer") :]
    assert [path for path in LEGAL if f'href="{path}"' not in footer] == []


def test_what_is_not_set_is_said_to_be_missing(client: httpx.Client) -> None:
    sentences = words(client.get("/mentions-legales").text)
    assert "Éditeur GIP France Enfance Protégée" in sentences
    for name in ("Adresse", "Direction de la publication", "Contact", "Hébergement"):
        assert f"{name} non renseigné" in sentences
    assert "mailto:" not in client.get("/mentions-legales").text


def test_sources_are_named_with_their_licences(client: httpx.Client) -> None:
    html = client.get("/mentions-legales").text
    for said in ("Insee, IGN, DILA (Licence Ouverte)", "GeoNames", "CC BY 4.0", "OurAirports"):
        assert said in html
    assert 'href="https://creativecommons.org/licenses/by/4.0/deed.fr"' in html


def test_what_is_set_is_shown(serve: Serve) -> None:
    client = serve(
        publisher="Éditeur d'essai",
        publication_director="La direction",
        hosted_by="Hébergeur\n1 rue <b>",
        contact="contact@example.org",
    )
    html = client.get("/mentions-legales").text
    assert "Hébergeur\n1 rue &lt;b&gt;" in html
    assert 'href="mailto:contact@example.org"' in html
    for path in LEGAL:
        assert "Éditeur d" in words(client.get(path).text)


@pytest.mark.parametrize(
    ("tiles", "sentences"),
    [
        ("ign", "data.geopf.fr , un service public de l’Institut national"),
        ("https://{s}.tuiles.example/{z}/{x}/{y}.png", "fond de carte à tuiles.example ."),
        ("offered", "Aucun tiers n’est sollicité, sauf si « Fond IGN (détaillé) » est choisi"),
        ("none", "À ce site seul. Aucun tiers n’est sollicité."),
    ],
)
def test_privacy_names_whom_the_browser_asks(serve: Serve, tiles: str, sentences: str) -> None:
    assert sentences in words(serve(tiles=tiles).get("/confidentialite").text)


def test_privacy_names_the_geocoder(serve: Serve) -> None:
    client = serve(geocoder_url="https://adresses.example/geo")
    assert "service d’adresses adresses.example." in words(client.get("/confidentialite").text)


@pytest.mark.parametrize(
    ("values", "sentences"),
    [
        ({}, "Ce service ne tient pas de journal des visites."),
        ({"access_log": True}, "Durée de conservation : non renseigné"),
        ({"access_log": True, "access_log_days": 14}, "Durée de conservation : 14 jours"),
    ],
)
def test_privacy_says_whether_a_log_is_kept_and_for_how_long(
    serve: Serve, values: dict[str, object], sentences: str
) -> None:
    assert sentences in words(serve(**values).get("/confidentialite").text)


def test_privacy_says_how_long_what_professionals_ask_is_kept(serve: Serve) -> None:
    said = words(serve(audit_months=24).get("/confidentialite").text)
    assert "pendant un an, ou jusqu’à l’effacement de son compte" in said
    assert "pendant 24 mois entiers, sans nom" in said


def test_the_footer_leads_to_what_the_exit_does_not_erase(client: httpx.Client) -> None:
    footer = client.get("/").text.partition("<footer")[2]
    assert 'href="/confidentialite#historique"' in footer
    html = client.get("/confidentialite").text
    assert 'id="historique"' in html
    assert "L’historique du navigateur n’est pas effacé" in words(html)


# ------------------------------------------------------------------------------ robots


def test_robots_may_read_pages_but_neither_searches_nor_data(serve: Serve) -> None:
    lines = serve(public_url="https://carte.example/").get("/robots.txt").text.splitlines()
    assert [line.split(": ")[1] for line in lines if line.startswith("Disallow")] == [
        "/api/", "/autour", "/table", "/ressources?", "/ressources.",
    ]  # fmt: skip
    assert lines[-1] == "Sitemap: https://carte.example/sitemap.xml"


@pytest.mark.slow
def test_the_sitemap_lists_pages_territories_and_open_sheets(
    world: World, client: httpx.Client
) -> None:
    base = str(client.base_url).rstrip("/")
    index = client.get("/sitemap.xml")
    assert index.headers["content-type"] == "application/xml"
    maps = locations(index.text)
    assert len(maps) == 110
    found = [each for address in maps for each in locations(client.get(address).text)]
    assert {f"{base}{path}" for path in ("/", *LEGAL)} <= set(found)
    assert len([each for each in found if "/departements/" in each]) == 108
    sheets = {each.split("/")[-2] for each in found if "/acteurs/" in each}
    sentences = world.names(sheets)
    assert {"ase", "elsewhere", "national"} <= sentences
    hidden = {"shelter", "front gate", "shelter without crip", "protected from 75"}
    assert not sentences & (hidden | {"draft", "archived"})
    for address in found:
        assert client.get(address).status_code == 200, address


def test_a_sitemap_names_the_service_as_it_is_set(serve: Serve) -> None:
    client = serve(public_url="https://carte.example")
    for path in ("/sitemap.xml", "/sitemaps/pages.xml", "/sitemaps/93.xml"):
        found = locations(client.get(path, headers={"Host": "autre.example"}).text)
        assert found
        assert all(each.startswith("https://carte.example/") for each in found)


@pytest.mark.parametrize("code", ["999", "2a", "pages.xml", "x", "%00", "93'"])
def test_a_sitemap_of_no_territory_is_not_there(client: httpx.Client, code: str) -> None:
    assert client.get(f"/sitemaps/{code}.xml").status_code == 404


def test_a_sitemap_tells_days_of_verification_and_escapes_addresses() -> None:
    body = sitemap([("https://x.example/?a=1&b=2", date(2026, 3, 4)), ("https://x.example/", None)])
    tree = ET.fromstring(body)  # noqa: S314 - our own
    names = {"m": "http://www.sitemaps.org/schemas/sitemap/0.9"}
    assert [each.text for each in tree.findall("m:url/m:loc", names)] == [
        "https://x.example/?a=1&b=2", "https://x.example/",
    ]  # fmt: skip
    assert [each.text for each in tree.findall("m:url/m:lastmod", names)] == ["2026-03-04"]


@pytest.mark.parametrize(
    ("name", "unlisted"), [("shelter", True), ("front gate", True), ("ase", False)]
)
def test_robots_do_not_keep_the_sheet_of_a_protected_actor(
    world: World, client: httpx.Client, name: str, unlisted: bool
) -> None:
    html = client.get(f"/acteurs/{world.ids[name]}/acteur", follow_redirects=True).text
    assert ('<meta name="robots" content="noindex">' in html) == unlisted


# ------------------------------------------------------------------------------ security.txt


def test_security_txt_says_whom_to_tell(serve: Serve) -> None:
    client = serve(contact="contact@example.org", public_url="https://carte.example")
    answer = client.get("/.well-known/security.txt")
    assert answer.headers["content-type"] == "text/plain; charset=utf-8"
    fields = dict(line.split(": ", 1) for line in answer.text.splitlines())
    expires = datetime.fromisoformat(fields.pop("Expires"))
    assert timedelta(days=90) < expires - datetime.now(UTC) < timedelta(days=365)
    assert fields == {
        "Contact": "mailto:contact@example.org",
        "Preferred-Languages": "fr",
        "Canonical": "https://carte.example/.well-known/security.txt",
    }


def test_security_txt_prefers_the_contact_for_security(serve: Serve) -> None:
    client = serve(contact="contact@example.org", security_contact="https://example.org/faille")
    text = client.get("/.well-known/security.txt").text
    assert text.startswith("Contact: https://example.org/faille\n")
    assert "Canonical" not in text


def test_security_txt_is_absent_where_nobody_is_named(client: httpx.Client) -> None:
    assert client.get("/.well-known/security.txt").status_code == 404
    assert "security.txt" not in client.get("/mentions-legales").text


@pytest.mark.parametrize(
    ("month", "expires"), [(1, "2026-07-01"), (6, "2026-12-01"), (7, "2027-01-01")]
)
def test_security_txt_expires_six_months_on(month: int, expires: str) -> None:
    text = security_txt("a@example.org", datetime(2026, month, 15, tzinfo=UTC), None)
    assert f"Expires: {expires}T00:00:00Z" in text


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("public_url", "https://carte.example/chemin"),
        ("public_url", "carte.example"),
        ("contact", "pas une adresse"),
        ("security_contact", "http://example.org/"),
        ("security_contact", "a@example.org\nContact: b@example.org"),
        ("access_log_days", 0),
    ],
)
def test_a_setting_that_cannot_show_is_refused(tmp_path: Path, name: str, value: object) -> None:
    with pytest.raises(ValidationError, match=name):
        settings_in(tmp_path, **{name: value})
