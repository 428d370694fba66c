"""The form of an actor in a browser: its point by hand, by key and by the geocoder; its card."""

import re
from collections.abc import Iterator
from dataclasses import dataclass

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, ViewportSize, expect
from sqlalchemy import Connection

from app.desk.application import create_desk
from app.desk.shell.gate import COOKIE
from app.geocoding.batch import geocode
from app.platform.cluster.server import Cluster
from app.platform.database.sessions import read
from app.records.viewing import see
from app.runtime.staff import Runtime
from app.vault.sealing import Vault
from app.visibility import OPERATOR
from tests.axe import AXE, RUN_AXE
from tests.browser.curateur import session_of_a_curateur
from tests.chromium import seen
from tests.databases import cloned
from tests.geocoding.geocoder_peer import LON, Peer, geocoder_peer, latitude
from tests.serving import offline_settings, serving
from tests.short_lists import APART, CRIP, SHELTER, csv, run

pytestmark = [pytest.mark.browser, pytest.mark.slow]
DESK: ViewportSize = {"width": 1440, "height": 900}
PHONE: ViewportSize = {"width": 390, "height": 844}
MARK = ".desk-point .desk-pin"
NEW = "/gestion/acteurs/nouveau"
LOST = "Association perdue;Association;15 rue Perdue;93000;Bobigny;;"


@dataclass
class Service:
    """A desk with a few actors, the session of a curateur, and the geocoder behind it."""

    base: str
    token: str
    ids: dict[str, str]
    peer: Peer

    @property
    def free(self) -> str:
        """The form of an actor that nothing hides."""
        return f"/gestion/acteurs/{self.ids['Association libre']}/modifier"


@pytest.fixture(scope="module")
def service(
    cluster: Cluster,
    admin: Connection,
    lean_template: str,
    vault: Vault,
    tmp_path_factory: pytest.TempPathFactory,
) -> Iterator[Service]:
    settings = offline_settings(tmp_path_factory.mktemp("point"))
    with (
        geocoder_peer("HTTP/1.0") as peer,
        cloned(cluster, admin, lean_template) as databases,
    ):
        settings = settings.model_copy(update={"geocoder_url": peer.url})
        run(Runtime(settings, databases, vault, "", None), csv(CRIP, SHELTER, APART, LOST))
        with read(databases.staff) as session:
            seen = {each.record.name: each for each in see(session, vault, OPERATOR)}
        ids = {name: each.public_id for name, each in seen.items()}
        lost = [seen["Association perdue"].actor_id]
        geocode(databases.staff, vault, settings, "essai", only=lost)
        token = session_of_a_curateur(databases, vault)
        peer.seen.clear()
        with serving(create_desk(settings, databases, vault)) as address:
            yield Service(address.replace("127.0.0.1", "localhost"), token, ids, peer)


@pytest.fixture
def opened(chromium: Browser, service: Service) -> Iterator[BrowserContext]:
    yield from _opened(chromium, service, script=True)


@pytest.fixture
def bare(chromium: Browser, service: Service) -> Iterator[BrowserContext]:
    yield from _opened(chromium, service, script=False)


def _opened(chromium: Browser, service: Service, *, script: bool) -> Iterator[BrowserContext]:
    context = chromium.new_context(
        base_url=service.base, java_script_enabled=script, viewport=DESK
    )  # fmt: skip
    context.add_cookies([
        {"name": COOKIE, "value": service.token, "domain": "localhost", "path": "/", "secure": True}
    ])  # fmt: skip
    yield context
    context.close()


def point(page: Page) -> tuple[float, float]:
    """The point of the two fields."""
    lat, lon = (
        float(page.input_value(name).replace(",", ".") or "nan") for name in ("#lat", "#lon")
    )
    return lat, lon


def written(degrees: float) -> str:
    return f"{degrees:.5f}".replace(".", ",")


def test_the_mark_is_dragged_and_put_back(opened: BrowserContext, service: Service) -> None:
    page = opened.new_page()
    page.goto(service.free)
    # Where the public sees it: the middle of its town, hollow.
    page.wait_for_selector(f"{MARK}.is-hollow")
    assert page.input_value("#lat") == ""
    mark = page.locator(MARK)
    mark.scroll_into_view_if_needed()
    box = mark.bounding_box()
    assert box
    x, y = box["x"] + 20, box["y"] + 20
    page.mouse.move(x, y)
    page.mouse.down()
    page.mouse.move(x + 60, y + 30, steps=6)
    page.mouse.up()
    page.wait_for_selector(f"{MARK}:not(.is-hollow)")
    lat, lon = point(page)
    assert 48.8 < lat < 49.0
    assert 2.3 < lon < 2.5
    seen(page.get_by_text("Point placé à"))
    page.get_by_role("button", name="Remettre comme avant").click()
    page.wait_for_selector(f"{MARK}.is-hollow")
    assert page.input_value("#lat") == ""


def test_the_mark_is_moved_by_keys_and_written_by_hand(
    opened: BrowserContext, service: Service
) -> None:
    page = opened.new_page()
    page.goto(service.free)
    page.fill("#lat", "48,91")
    page.fill("#lon", "2,38")
    page.locator(MARK).focus()
    scrolled = page.evaluate("scrollY")
    page.keyboard.press("ArrowRight")
    _, small = point(page)
    assert small > 2.38
    page.keyboard.press("Shift+ArrowRight")
    _, large = point(page)
    assert large - small > 5 * (small - 2.38)
    page.keyboard.press("ArrowUp")
    north, _ = point(page)
    assert north > 48.91
    assert page.evaluate("scrollY") == scrolled
    name = page.locator(MARK).get_attribute("aria-label") or ""
    assert "Flèches pour le déplacer" in name
    # Numbers that are none move nothing, and are said at saving.
    page.fill("#lat", "nord")
    page.wait_for_selector(f"{MARK}.is-hollow")


def test_an_address_is_looked_up_and_its_point_saved(
    opened: BrowserContext, service: Service
) -> None:
    page, before = opened.new_page(), len(service.peer.seen)
    page.goto(service.free)
    page.fill("#acronym", "ALIB")
    page.fill("#address", "14 rue du Test")
    page.get_by_role("button", name="Situer l’adresse").click()
    seen(page.get_by_text("Le géocodeur répond"))
    page.wait_for_selector(".desk-pin-answer")
    assert len(service.peer.seen) == before + 1
    assert page.url.endswith("/modifier")
    assert page.input_value("#acronym") == "ALIB"
    page.get_by_role("button", name="Prendre ce point").click()
    assert page.input_value("#lat") == written(latitude(14))
    assert page.input_value("#lon") == written(LON)
    service.peer.status = lambda: 503
    page.get_by_role("button", name="Situer l’adresse").click()
    seen(page.get_by_text("Le géocodeur ne répond pas"))
    service.peer.status = lambda: 200
    assert page.input_value("#lat") == written(latitude(14))


def test_an_answer_that_did_not_become_the_point_is_seen_and_taken_by_key(
    opened: BrowserContext, service: Service
) -> None:
    page, before = opened.new_page(), len(service.peer.seen)
    page.goto(f"/gestion/acteurs/{service.ids['Association perdue']}/modifier?champ=lat#ou")
    page.wait_for_selector(f"{MARK}.is-hollow")
    page.wait_for_selector(".desk-pin-answer")
    seen(page.get_by_text("Ce point est à vérifier"))
    page.get_by_role("button", name="Prendre ce point").press("Enter")
    page.wait_for_selector(f"{MARK}:not(.is-hollow)")
    assert page.input_value("#lat") == written(latitude(15))
    assert page.input_value("#lon") == written(LON)
    # The geocoder is not asked again for what it said.
    assert len(service.peer.seen) == before


def test_enter_saves_and_asks_nothing(opened: BrowserContext, service: Service) -> None:
    page, before = opened.new_page(), len(service.peer.seen)
    page.goto(service.free)
    page.fill("#acronym", "ENTREE")
    page.locator("#acronym").press("Enter")
    page.wait_for_url("**fait=enregistre")
    assert len(service.peer.seen) == before


def test_the_card_follows_what_is_written(opened: BrowserContext, service: Service) -> None:
    page = opened.new_page()
    page.goto(service.free)
    beside = page.locator("#apercu")
    assert "Association libre" in beside.inner_text()
    page.fill("#name", "Association nouvelle")
    page.get_by_role("button", name="Aperçu").click()
    beside.get_by_role("heading", name="Association nouvelle").wait_for()
    assert page.url.endswith("/modifier")
    assert page.input_value("#name") == "Association nouvelle"
    page.select_option("#category", "mecs")
    assert page.locator("[data-point]").is_hidden()
    page.get_by_role("button", name="Aperçu").click()
    beside.get_by_text("Ce lieu est protégé").wait_for()


def test_the_hour_of_a_draft_is_written_as_all_others(opened: BrowserContext) -> None:
    page = opened.new_page()
    page.clock.install(time="2026-03-02T09:05:00")
    page.goto(NEW)
    page.fill("#name", "Association nouvelle")
    page.clock.run_for(4000)
    seen(page.get_by_text(re.compile(r"Brouillon mis de côté à 9\sh\s05\.")))


def test_missions_of_the_category_are_said_until_one_is_checked(opened: BrowserContext) -> None:
    page = opened.new_page()
    page.goto(NEW)
    note = page.locator("[data-by-default]")
    assert note.inner_text() == ""
    page.select_option("#category", "info_jeunes")
    assert "Par défaut de la catégorie : Écoute, Accès aux droits" in note.inner_text()
    page.get_by_label("Soin", exact=True).check()
    assert note.inner_text() == ""
    page.get_by_label("Soin", exact=True).uncheck()
    assert "Écoute" in note.inner_text()


def test_all_of_it_works_without_a_script(bare: BrowserContext, service: Service) -> None:
    page = bare.new_page()
    page.goto(NEW)
    page.fill("#name", "Club sans script")
    page.select_option("#category", "association")
    page.fill("#address", "16 rue du Test")
    page.fill("#postcode", "93000")
    page.fill("#city", "Bobigny")
    page.select_option("#territory", "93")
    page.get_by_role("button", name="Situer l’adresse").click()
    expect(page.locator("#ou")).to_contain_text("Le géocodeur répond")
    expect(page.locator("[data-point]")).to_be_hidden()
    page.get_by_role("button", name="Prendre ce point").click()
    expect(page.locator("#lat")).to_have_value(written(latitude(16)))
    with page.expect_navigation():
        page.get_by_role("button", name="Aperçu").click()
    expect(page.locator("#apercu")).to_contain_text("Club sans script")
    expect(page.locator("#lat")).to_have_value(written(latitude(16)))
    page.get_by_role("button", name="Enregistrer le brouillon").click()
    expect(page).to_have_url(re.compile("fait=cree"))


def test_what_would_be_hidden_leaves_the_map(opened: BrowserContext, service: Service) -> None:
    page, before = opened.new_page(), len(service.peer.seen)
    page.goto(NEW)
    page.wait_for_selector("[data-point-map] canvas")
    scale = page.locator(".leaflet-control-scale-line")
    wide = scale.inner_text()
    page.select_option("#territory", "93")
    page.wait_for_selector(f".leaflet-control-scale-line:not(:text-is('{wide}'))")
    page.fill("#name", "Foyer des Pins")
    page.select_option("#category", "association")
    page.fill("#address", "12 rue du Test")
    page.fill("#city", "Bobigny")
    page.get_by_role("button", name="Situer l’adresse").click()
    seen(page.get_by_text("Cette adresse n’est envoyée à personne"))
    expect(page.locator("[data-point]")).to_be_hidden()
    page.fill("#name", "Club des Pins")
    page.get_by_role("button", name="Situer l’adresse").click()
    seen(page.get_by_text("Le géocodeur répond"))
    expect(page.locator("[data-point]")).to_be_visible()
    assert len(service.peer.seen) == before + 1


def test_the_form_of_a_hidden_actor_asks_for_no_map(
    opened: BrowserContext, service: Service
) -> None:
    page, asked = opened.new_page(), list[str]()
    page.on("request", lambda request: asked.append(request.url))
    page.goto(f"/gestion/acteurs/{service.ids['Foyer fictif']}")
    page.get_by_role("button", name="Ouvrir la fiche").click()
    page.get_by_role("link", name="Corriger", exact=True).click()
    seen(page.get_by_role("heading", name="Ce que le public lira"))
    page.wait_for_load_state("networkidle")
    assert page.get_by_role("button", name="Situer l’adresse").count() == 0
    assert [each for each in asked if "/ground/" in each or "point." in each] == []
    page.goto(service.free)
    page.wait_for_selector(MARK)
    page.wait_for_load_state("networkidle")
    assert [each for each in asked if "/ground/" in each]
    assert {each.split("/")[2] for each in asked} == {service.base.split("/")[2]}


def test_the_form_has_no_fault_and_no_sideways_scroll(
    opened: BrowserContext, service: Service
) -> None:
    page = opened.new_page()
    for path in (service.free, NEW):
        for size in (DESK, PHONE):
            page.set_viewport_size(size)
            page.goto(path)
            if path == service.free:
                page.wait_for_selector(MARK)
                page.get_by_role("button", name="Situer l’adresse").click()
                page.wait_for_selector("[data-located] p")
            assert page.evaluate("document.documentElement.scrollWidth - innerWidth") <= 0, path
            page.evaluate(AXE.read_text("utf-8"))
            assert page.evaluate(RUN_AXE, {}) == [], path
