"""The list of actors and its piles in a real browser: by keyboard alone, and without a script."""

import re
from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, Dialog, Page, Route, ViewportSize, expect
from sqlalchemy import Connection

from app.desk.application import create_desk
from app.desk.shell.gate import COOKIE
from app.platform.cluster.server import Cluster
from app.runtime.staff import Runtime
from app.vault.sealing import Vault
from tests.axe import AXE, RUN_AXE, in_turn
from tests.browser.curateur import session_of_a_curateur
from tests.chromium import seen, wait_until
from tests.databases import cloned
from tests.serving import offline_settings, serving
from tests.short_lists import APART, CRIP, NEIGHBOUR, SHELTER, csv, run

pytestmark = pytest.mark.browser
DESK: ViewportSize = {"width": 1440, "height": 900}
PHONE: ViewportSize = {"width": 390, "height": 844}
UNKNOWN = "Structure inconnue;Machin;8 rue Ouverte;93000;Bobigny;01 99 00 00 30;"


@pytest.fixture(scope="module")
def signed_in(
    cluster: Cluster,
    admin: Connection,
    lean_template: str,
    vault: Vault,
    tmp_path_factory: pytest.TempPathFactory,
) -> Iterator[tuple[str, str]]:
    """The address of a desk with a few actors, and the session of a curateur."""
    settings = offline_settings(tmp_path_factory.mktemp("liste"))
    with cloned(cluster, admin, lean_template) as databases:
        runtime = Runtime(settings, databases, vault, "", None)
        run(runtime, csv(CRIP, SHELTER, NEIGHBOUR, APART, UNKNOWN))
        # Another list says another phone.
        run(runtime, csv(APART.replace("00 99", "00 98")), source="autre")
        token = session_of_a_curateur(databases, vault)
        with serving(create_desk(settings, databases, vault)) as address:
            yield address.replace("127.0.0.1", "localhost"), token


@pytest.fixture(scope="module")
def page(chromium: Browser, signed_in: tuple[str, str]) -> Iterator[Page]:
    """A page with its scripts, the same for all tests of this module."""
    page = opened(chromium, signed_in)
    yield page
    page.context.close()


def opened(chromium: Browser, signed_in: tuple[str, str], *, script: bool = True) -> Page:
    base, token = signed_in
    context = chromium.new_context(
        base_url=base, java_script_enabled=script, viewport=DESK
    )  # fmt: skip
    context.add_cookies([
        {"name": COOKIE, "value": token, "domain": "localhost", "path": "/", "secure": True}
    ])  # fmt: skip
    return context.new_page()


CARDS = ("/gestion/desaccords", "/gestion/territoires", "/gestion/acteurs", "/gestion/sources")
PAGES = ("/gestion", "/gestion/acteurs?q=rien", "/gestion/a-classer", "/gestion/masques",
         "/gestion/points", *CARDS)  # fmt: skip


@pytest.mark.slow
def test_pages_have_no_fault_and_no_sideways_scroll(page: Page) -> None:
    for path, size in in_turn(*PAGES):
        for each in (DESK, PHONE):
            page.set_viewport_size(each)
            page.goto(path)
            assert page.evaluate("document.documentElement.scrollWidth - innerWidth") <= 0, path
        page.set_viewport_size(size)
        page.evaluate(AXE.read_text("utf-8"))
        assert page.evaluate(RUN_AXE, {}) == [], path
    page.set_viewport_size(DESK)


@pytest.mark.slow
@pytest.mark.parametrize("path", CARDS)
def test_rows_are_cards_on_a_phone_and_none_is_cut_off(page: Page, path: str) -> None:
    page.set_viewport_size(PHONE)
    page.goto(path)
    assert page.locator("[data-row]").count()
    rows = page.locator(".desk-scroll")
    assert rows.evaluate("rows => rows.scrollWidth - rows.clientWidth") == 0
    page.set_viewport_size(DESK)


@pytest.mark.slow
def test_a_phone_shows_both_versions_of_a_record_that_was_changed_meanwhile(page: Page) -> None:
    page.goto("/gestion/acteurs?q=CRIP")
    page.locator("[data-row] a").first.click()
    page.wait_for_url(re.compile(r"/gestion/acteurs/[0-9a-f]+"))
    form = f"{page.url.partition('?')[0]}/modifier"
    other = page.context.new_page()
    for each in (page, other):
        each.goto(form)
    other.get_by_label("Sigle").fill("PREMIER")
    other.get_by_role("button", name="Enregistrer", exact=True).first.click()
    seen(other.get_by_text("C’est enregistré."))
    other.close()
    page.set_viewport_size(PHONE)
    page.get_by_label("Sigle").fill("SECOND")
    page.get_by_role("button", name="Enregistrer", exact=True).first.click()
    versions = page.get_by_role("region", name="Les deux versions")
    for value in ("PREMIER", "SECOND"):
        expect(versions.get_by_text(value)).to_be_in_viewport()
    seen(versions)
    assert versions.evaluate("region => region.scrollWidth - region.clientWidth") == 0
    page.set_viewport_size(DESK)


@pytest.mark.slow
def test_an_actor_is_found_verified_and_taken_back_by_the_keyboard_alone(page: Page) -> None:
    page.goto("/gestion/acteurs")
    page.get_by_label("Nom, commune, téléphone ou identifiant").focus()
    page.keyboard.type("foyer fictif")
    page.keyboard.press("Enter")
    page.wait_for_url("**q=foyer+fictif**")
    page.get_by_label("Choisir Foyer fictif").focus()
    page.keyboard.press("Space")
    page.get_by_role("button", name="Vérifiés aujourd’hui").focus()
    page.keyboard.press("Enter")
    seen(page.get_by_role("status").get_by_text("1 vérifié."))
    page.get_by_role("button", name="Annuler").focus()
    page.keyboard.press("Enter")
    seen(page.get_by_role("status").get_by_text("1 remis comme avant."))


@pytest.mark.slow
def test_a_phone_is_corrected_from_today_by_a_few_keys(page: Page) -> None:
    page.goto("/gestion")
    page.keyboard.press("/")
    page.keyboard.type("crip exemple")
    page.keyboard.press("Enter")
    # It is alone found.
    page.wait_for_url(re.compile(r"/gestion/acteurs/[0-9a-f]+$"))
    phones = page.get_by_role("link", name="Corriger : Téléphones", exact=True)
    while not phones.evaluate("link => link === document.activeElement"):
        page.keyboard.press("j")
    page.keyboard.press("e")
    page.wait_for_url("**/modifier?champ=phones")
    page.keyboard.press("Control+a")
    page.keyboard.type("01 99 00 00 05")
    page.keyboard.press("Control+Enter")
    seen(page.get_by_role("status").get_by_text("C’est enregistré."))
    page.keyboard.press("u")
    page.wait_for_url("**fait=annule**")


@pytest.mark.slow
def test_one_box_chooses_a_page_and_the_bar_says_how_many(page: Page) -> None:
    page.goto("/gestion/acteurs")
    scope = page.get_by_label("Pour", exact=True)
    rows = page.locator("[data-choose]").count()
    page.get_by_label("Choisir toute la page").check()
    assert page.locator("[data-choose]:checked").count() == rows
    assert f"les acteurs cochés ({rows})" in scope.inner_text()
    page.keyboard.press("X")
    assert page.locator("[data-choose]:checked").count() == 0
    page.get_by_label("Choisir Foyer fictif").check()
    assert page.get_by_label("Choisir toute la page").evaluate("box => box.indeterminate")
    assert "les acteurs cochés (1)" in scope.inner_text()


@pytest.mark.slow
def test_a_whole_page_is_verified_without_a_script(
    chromium: Browser, signed_in: tuple[str, str]
) -> None:
    page = opened(chromium, signed_in, script=False)
    page.goto("/gestion/acteurs?q=exemple")
    assert not page.get_by_label("Choisir toute la page").is_visible()
    page.get_by_label("Pour", exact=True).select_option("page")
    page.get_by_role("button", name="Vérifiés aujourd’hui").click()
    expect(page.get_by_role("status")).to_contain_text("1 vérifié.")
    page.get_by_role("button", name="Annuler").click()
    expect(page.get_by_role("status")).to_contain_text("1 remis comme avant.")
    page.context.close()


def press_azerty(page: Page, key: str, code: str) -> None:
    """Press a key with shift as an AZERTY keyboard has it: what it writes stands elsewhere."""
    tools = page.context.new_cdp_session(page)
    for event in ("keyDown", "keyUp"):
        tools.send("Input.dispatchKeyEvent", {"type": event, "key": key, "code": code,
                                              "text": key, "modifiers": 8})  # fmt: skip
    tools.detach()


@pytest.mark.slow
def test_keys_move_choose_and_go_as_the_list_of_them_says(page: Page) -> None:
    page.goto("/gestion/acteurs")
    page.keyboard.press("j")
    page.keyboard.press("j")
    second = page.locator("tbody tr").nth(1)
    assert second.get_by_role("link").evaluate("link => link === document.activeElement")
    page.keyboard.press("x")
    assert second.get_by_role("checkbox").is_checked()
    page.keyboard.press("k")
    name = page.evaluate("document.activeElement.textContent")
    page.keyboard.press("Enter")
    seen(page.get_by_role("heading", name=name, level=1))
    # At one go: the second key counts for a moment only.
    page.keyboard.type("gm")
    page.wait_for_url("**/gestion/masques")
    page.keyboard.press("/")
    page.wait_for_url("**/gestion/acteurs#q")
    # In a field a letter is a letter.
    page.keyboard.type("gm?jx")
    assert page.get_by_role("searchbox").input_value() == "gm?jx"
    assert page.url.endswith("/gestion/acteurs#q")


@pytest.mark.slow
def test_keys_are_shown_and_found_on_azerty_and_may_be_turned_off(page: Page) -> None:
    page.goto("/gestion/masques")
    dialog = page.get_by_role("dialog", name="Raccourcis du clavier")
    press_azerty(page, "?", "KeyM")
    dialog.wait_for()
    assert "Propositions" in dialog.inner_text()
    page.keyboard.press("Escape")
    dialog.wait_for(state="hidden")
    press_azerty(page, "/", "Period")
    page.wait_for_url("**/gestion/acteurs#q")
    page.goto("/gestion")
    page.get_by_role("button", name="Raccourcis").click()
    page.get_by_label("Désactiver les raccourcis dans ce navigateur").check()
    page.get_by_role("button", name="Fermer").click()
    page.keyboard.press("?")
    assert not dialog.is_visible()
    page.get_by_role("button", name="Raccourcis").click()
    page.get_by_label("Désactiver les raccourcis dans ce navigateur").uncheck()
    page.keyboard.press("Escape")


@pytest.mark.slow
def test_many_are_classified_without_a_script(
    chromium: Browser, signed_in: tuple[str, str]
) -> None:
    page = opened(chromium, signed_in, script=False)
    page.goto("/gestion/a-classer")
    page.get_by_label("Catégorie des acteurs cochés").select_option("association")
    page.get_by_role("button", name="Classer").click()
    expect(page.get_by_role("status")).to_contain_text("1 classé.")
    page.get_by_role("button", name="Annuler").click()
    expect(page.get_by_role("status")).to_contain_text("1 remis comme avant.")
    page.context.close()


@pytest.mark.slow
def test_what_is_written_before_the_list_has_come_is_no_key_of_the_page_that_is_left(
    page: Page,
) -> None:
    page.goto("/gestion/masques")
    held: list[Route] = []
    page.route("**/gestion/acteurs", lambda route: held.append(route))
    page.keyboard.press("/")
    wait_until(page, lambda: bool(held))
    page.keyboard.press("?")
    # It does not come: Playwright asks a page nothing while the next one is on its way.
    held[0].abort("aborted")
    expect(page.get_by_role("dialog")).to_be_hidden()
    page.unroute("**/gestion/acteurs")


@pytest.mark.slow
@pytest.mark.parametrize("comes_back", ["focus", "pageshow"])
def test_whoever_stays_on_a_page_that_they_meant_to_leave_has_its_keys_again(
    page: Page, comes_back: str
) -> None:
    page.goto("/gestion/acteurs?q=CRIP")
    page.locator("[data-row] a").first.click()
    page.wait_for_url(re.compile(r"/gestion/acteurs/[0-9a-f]+"))
    page.goto(f"{page.url.partition('?')[0]}/modifier")
    page.get_by_label("Sigle").fill("AUTRE")
    keys = page.get_by_role("button", name="Raccourcis")
    keys.focus()
    asked: list[str] = []

    def stay(dialog: Dialog) -> None:
        asked.append(dialog.type)
        dialog.dismiss()

    page.once("dialog", stay)
    page.keyboard.press("/")
    wait_until(page, lambda: asked == ["beforeunload"])
    if comes_back == "focus":
        page.get_by_label("Sigle").focus()
        keys.focus()
    else:
        page.evaluate("dispatchEvent(new PageTransitionEvent('pageshow', {persisted: true}))")
    page.keyboard.press("?")
    seen(page.get_by_role("dialog", name="Raccourcis du clavier"))
    page.keyboard.press("Escape")
    page.get_by_label("Sigle").fill("")
    page.once("dialog", lambda dialog: dialog.accept())
    page.goto("/gestion")
