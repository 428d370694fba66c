"""Resources in a browser: at both widths, by keyboard, without script, without a fault of axe."""

import re
from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, ViewportSize, expect
from sqlalchemy import Connection

from app.inbox.opening import publish_key
from app.main import create_app
from app.platform.cluster.server import Cluster
from app.platform.database.sessions import write
from app.vault.sealing import Vault
from tests.axe import AXE, RUN_AXE, in_turn
from tests.databases import cloned
from tests.resource_contents import practice, sheet
from tests.resource_world import fill, put
from tests.serving import offline_settings, serving
from tests.world import people

pytestmark = pytest.mark.browser
PAGES = ("sheet", "document", "practice", "training", "study", "without", "long", "proven")
# Wider than a phone, in one word and in many.
LONG = "anticonstitutionnellement" * 4
SENTENCE = "Dès que le chef de service est là, et au plus tard le lendemain à midi"
WIDTHS: dict[str, ViewportSize] = {
    "phone": {"width": 390, "height": 844},
    "desk": {"width": 1440, "height": 900},
}


@pytest.fixture(scope="module")
def centre(
    cluster: Cluster,
    admin: Connection,
    lean_template: str,
    vault: Vault,
    tmp_path_factory: pytest.TempPathFactory,
) -> Iterator[tuple[str, dict[str, str]]]:
    """The address of a service with a resource centre, and public ids by a word."""
    with cloned(cluster, admin, lean_template) as databases:
        with databases.staff.begin() as connection:
            people(connection)
            ids = fill(connection)
            step = {"text": "Écouter", "who": LONG, "delay": SENTENCE}
            ids["long"] = put(connection, sheet(title=LONG, steps=[step]), slug="longue")
            proof = {"proof": "prometteuse", "by": LONG, "on": "2024-05-02"}
            ids["proven"] = put(connection, practice(title=LONG, evaluation=proof), slug="longues")
        with write(databases.staff) as session:
            publish_key(session, vault)
        settings = offline_settings(tmp_path_factory.mktemp("files"))
        with serving(create_app(settings, databases)) as address:
            yield address, ids


def paths(ids: dict[str, str]) -> list[str]:
    """Return the addresses of the centre that differ."""
    return [
        "/ressources",
        "/ressources?genre=document&theme=fugue&q=signes",
        "/ressources?q=introuvable&genre=etude",
        "/ressources/dddddddddddddddd",
        "/ressources/proposer",
        "/ressources/proposer/merci",
        "/ressources/collections",
        "/ressources/collections/retour-de-fugue",
        f"/ressources/{ids['document']}/versions/1",
        f"/ressources/{ids['sheet']}/fiche?lieu=93008",
        *(f"/ressources/{ids[word]}" for word in PAGES),
    ]


@pytest.mark.slow
def test_no_page_has_a_fault_or_is_wider_than_the_screen(
    chromium: Browser, centre: tuple[str, dict[str, str]]
) -> None:
    base, ids = centre
    context = chromium.new_context(bypass_csp=True)
    page = context.new_page()
    for path, size in in_turn(*paths(ids)):
        for each in WIDTHS.values():
            page.set_viewport_size(each)
            page.goto(base + path)
            assert page.evaluate("document.documentElement.scrollWidth") <= each["width"]
            expect(page.locator("[data-exit]")).to_be_in_viewport()
        page.set_viewport_size(size)
        page.add_script_tag(path=AXE)
        assert page.evaluate(RUN_AXE, {}) == []
    context.close()


@pytest.mark.slow
@pytest.mark.parametrize("width", WIDTHS)
def test_a_selection_is_made_by_keyboard_and_without_script(
    chromium: Browser, centre: tuple[str, dict[str, str]], width: str
) -> None:
    base, _ = centre
    context = chromium.new_context(viewport=WIDTHS[width], java_script_enabled=False)
    page = context.new_page()
    page.goto(f"{base}/ressources")
    page.get_by_role("searchbox", name="Que cherchez-vous ?").fill("fugue")
    page.keyboard.press("Enter")
    expect(page.locator("#compte")).to_contain_text("ressource")
    if width == "phone":
        page.locator("#filtres > summary").focus()
        page.keyboard.press("Enter")
    page.get_by_role("checkbox", name="Fiche").focus()
    page.keyboard.press("Space")
    page.get_by_role("button", name="Appliquer ces filtres").focus()
    page.keyboard.press("Enter")
    expect(page).to_have_url(f"{base}/ressources?q=fugue&genre=fiche&territoire=")
    expect(page.locator(".chip")).to_have_count(2)
    page.get_by_role("link", name="Retour de fugue").focus()
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", level=1)).to_contain_text("Retour de fugue")
    context.close()


@pytest.mark.slow
def test_a_citation_is_copied_or_selected(
    chromium: Browser, centre: tuple[str, dict[str, str]]
) -> None:
    base, ids = centre
    context = chromium.new_context()
    page = context.new_page()
    page.goto(f"{base}/ressources/{ids['document']}")
    page.evaluate(
        "void (navigator.clipboard.writeText = async (text) => void (window.copied = text))"
    )
    page.get_by_role("button", name="Copier").click()
    expect(page.locator(".resource__ways [role=status]")).to_have_text("Copié.")
    assert "Repérer une exploitation sexuelle" in page.evaluate("window.copied")
    context.close()


@pytest.mark.slow
def test_from_a_sheet_one_finds_whom_to_call(
    chromium: Browser, centre: tuple[str, dict[str, str]]
) -> None:
    base, ids = centre
    context = chromium.new_context(java_script_enabled=False)
    page = context.new_page()
    page.goto(f"{base}/ressources/{ids['sheet']}")
    page.get_by_label("Votre commune ou votre code postal").fill("93000")
    page.keyboard.press("Enter")
    expect(page).to_have_url(re.compile(r"/fiche\?lieu=93\d{3}#appeler$"))
    expect(page.get_by_role("heading", name=re.compile("Qui appeler ici"))).to_be_in_viewport()
    context.close()
