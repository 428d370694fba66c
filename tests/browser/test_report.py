"""An error, from its page to the desk in a browser: by keyboard, without script, by one key."""

from collections.abc import Iterator
from datetime import timedelta

import pytest
from playwright.sync_api import Browser, Page, expect
from sqlalchemy import Connection

from app.desk.application import PREFIXES, create_desk
from app.desk.shell.gate import COOKIE
from app.inbox.opening import publish_key
from app.main import create_app
from app.platform.cluster.server import Cluster
from app.platform.database.sessions import write
from app.platform.web.fork import Fork
from app.public.inbox import stamp
from app.runtime.staff import Runtime
from app.vault.sealing import Vault
from tests.axe import AXE, RUN_AXE
from tests.browser.curateur import session_of_a_curateur
from tests.chromium import seen
from tests.databases import cloned
from tests.serving import offline_settings, serving
from tests.short_lists import APART, CRIP, csv, ids, run

pytestmark = pytest.mark.browser
WIDTHS = [390, 1440]


@pytest.fixture(scope="module")
def service(
    cluster: Cluster,
    admin: Connection,
    lean_template: str,
    vault: Vault,
    tmp_path_factory: pytest.TempPathFactory,
) -> Iterator[tuple[str, str, dict[str, str]]]:
    """The address of both applications, the session of a curateur, and ids by name."""
    settings = offline_settings(tmp_path_factory.mktemp("signaler"))
    with cloned(cluster, admin, lean_template) as databases:
        runtime = Runtime(settings, databases, vault, "", None)
        run(runtime, csv(CRIP, APART))
        with write(databases.staff) as session:
            publish_key(session, vault)
        token = session_of_a_curateur(databases, vault)
        desk = create_desk(settings, databases, vault, alone=False)
        with serving(Fork(create_app(settings, databases), desk, PREFIXES)) as address:
            yield address.replace("127.0.0.1", "localhost"), token, ids(runtime)


@pytest.fixture(params=WIDTHS, ids=[f"{width} px" for width in WIDTHS])
def width(request: pytest.FixtureRequest) -> int:
    return int(request.param)


def opened(
    chromium: Browser, service: tuple[str, str, dict[str, str]], width: int, *, script: bool
) -> Page:
    base, token, _ = service
    context = chromium.new_context(
        base_url=base, java_script_enabled=script, viewport={"width": width, "height": 844}
    )
    context.add_cookies(
        [{"name": COOKIE, "value": token, "url": base.replace("http:", "https:"), "secure": True}]
    )
    return context.new_page()


@pytest.mark.slow
def test_an_error_is_reported_by_keyboard_without_a_script_and_taken_by_one_key(
    chromium: Browser,
    service: tuple[str, str, dict[str, str]],
    width: int,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(stamp, "SOONEST", timedelta(0))
    name, actor = "CRIP d'exemple", service[2]["CRIP d'exemple"]
    page = opened(chromium, service, width, script=False)
    page.goto(f"/acteurs/{actor}")
    page.get_by_role("main").get_by_role("link", name="Signaler une erreur").press("Enter")
    seen(page.get_by_role("heading", level=1, name="Signaler une erreur"))
    page.get_by_role("radio", name="Numéro faux").press("Space")
    page.keyboard.press("Tab")
    page.keyboard.type(f"01 99 00 01 {width % 100:02}")
    page.keyboard.press("Tab")
    # What nobody sees is not come by either.
    page.keyboard.press("Tab")
    expect(page.get_by_role("button", name="Envoyer")).to_be_focused()
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", level=1)).to_have_text("Merci, c’est envoyé")
    page.context.close()
    desk = opened(chromium, service, width, script=True)
    desk.goto("/gestion/signalements")
    expect(desk.get_by_role("link", name=name, exact=True)).to_be_visible()
    desk.keyboard.press("j")
    desk.keyboard.press("a")
    expect(desk.get_by_role("status")).to_contain_text("La fiche dit maintenant")
    desk.wait_for_load_state()
    desk.keyboard.press("u")
    expect(desk.get_by_role("status")).to_contain_text("La décision est annulée")
    # What waits again has the focus, so that the next key is for it.
    expect(desk.locator("[data-row]:focus")).to_contain_text(name)
    desk.wait_for_load_state()
    desk.keyboard.press("a")
    expect(desk.get_by_role("status")).to_contain_text("La fiche dit maintenant")
    desk.goto(f"/acteurs/{actor}")
    expect(desk.get_by_role("main")).to_contain_text(f"01 99 00 01 {width % 100:02}")
    desk.context.close()


@pytest.mark.slow
def test_axe_finds_nothing_and_nothing_overflows(
    chromium: Browser, service: tuple[str, str, dict[str, str]], width: int
) -> None:
    page = opened(chromium, service, width, script=True)
    form = f"/acteurs/{service[2]['Association libre']}/signaler"
    for path in (form, f"{form}/merci", "/gestion/signalements"):
        page.goto(path)
        page.evaluate(AXE.read_text(encoding="utf-8"))
        assert page.evaluate(RUN_AXE, {}) == [], path
        assert page.evaluate("document.documentElement.scrollWidth") <= width, path
    page.goto(form)
    page.get_by_role("radio", name="Autre chose").check()
    page.get_by_label("Qu’est-ce qui serait juste").fill("aidez-moi, j’ai peur")
    page.get_by_role("button", name="Envoyer").click()
    seen(page.get_by_role("heading", level=1, name="Parlez-en à quelqu’un maintenant"))
    page.evaluate(AXE.read_text(encoding="utf-8"))
    assert page.evaluate(RUN_AXE, {}) == []
    page.context.close()
