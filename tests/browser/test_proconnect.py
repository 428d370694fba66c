"""ProConnect in a real browser: there and back from another site, by keyboard, without a script."""

from collections.abc import Iterator
from dataclasses import dataclass, replace

import httpx
import pytest
from playwright.sync_api import Browser, Page, ViewportSize, expect
from sqlalchemy import Connection

from app.desk.application import create_desk
from app.models import Role
from app.platform.cluster.server import Cluster
from app.platform.oidc.provider import Provider
from app.vault.sealing import Vault
from tests.axe import AXE, RUN_AXE
from tests.browser.test_desk import DESK, PHONE
from tests.databases import cloned
from tests.desk.bureau import Bureau, Clock
from tests.provider import Peer, identity_provider
from tests.serving import offline_settings, serving

pytestmark = [pytest.mark.browser, pytest.mark.slow]
BUTTON = "S’identifier avec ProConnect"


@dataclass
class Registered:
    """A desk at "localhost" that a provider knows, at a number: they are two sites."""

    bureau: Bureau
    peer: Peer
    base: str


@pytest.fixture(scope="module")
def found(
    cluster: Cluster,
    admin: Connection,
    lean_template: str,
    vault: Vault,
    tmp_path_factory: pytest.TempPathFactory,
) -> Iterator[Registered]:
    settings = offline_settings(tmp_path_factory.mktemp("proconnect"))
    with cloned(cluster, admin, lean_template) as databases:
        desk = create_desk(settings, databases, vault)
        with serving(desk) as address, httpx.Client(base_url=address) as client:
            base = address.replace("127.0.0.1", "localhost")
            with identity_provider(base) as peer:
                provider = Provider(peer.registered())
                desk.state.desk = replace(desk.state.desk, provider=provider)
                yield Registered(
                    Bureau(desk, client, databases, vault, Clock(), settings), peer, base
                )


@pytest.mark.parametrize(("size", "script"), [(PHONE, False), (DESK, True)], ids=["phone", "desk"])
def test_somebody_is_linked_comes_again_and_leaves_both(
    chromium: Browser, found: Registered, size: ViewportSize, script: bool
) -> None:
    found.peer.person(sub=f"{size['width']} {script}", acr="eidas2")
    _, token = found.bureau.invited(Role.PROFESSIONNEL)
    context = chromium.new_context(viewport=size, java_script_enabled=script)
    page = context.new_page()
    page.goto(f"{found.base}/connexion/invitation/{token}")
    # By keyboard: it is a link, and stands before the form.
    page.get_by_role("link", name=BUTTON).press("Enter")
    page.wait_for_url("**/pro")
    leave(page)
    page.goto(f"{found.base}/pro/acteurs/x")
    expect(page.get_by_role("link", name="119")).to_be_visible()
    page.get_by_role("link", name=BUTTON).click()
    # Where one came for; there is no such place.
    page.wait_for_url("**/pro/acteurs/x")
    expect(page.get_by_role("heading", name="Lieu introuvable")).to_be_visible()
    page.goto(f"{found.base}/pro")
    leave(page)
    page.goto(f"{found.base}/pro")
    expect(page.get_by_role("heading", name="Connexion")).to_be_visible()
    context.close()


def leave(page: Page) -> None:
    """Sign out here, then there, where the session is over from then on."""
    page.get_by_role("button", name="Se déconnecter").click()
    page.get_by_role("link", name="Se déconnecter aussi de ProConnect").click()
    page.get_by_role("button", name="Yes, sign me out").click()
    page.wait_for_url("**/connexion/sorti?state=*")


def test_its_pages_have_no_fault_that_axe_finds(chromium: Browser, found: Registered) -> None:
    found.peer.person(sub="eyes", acr="eidas1")
    person, token = found.bureau.invited(Role.PROFESSIONNEL)
    context = chromium.new_context(viewport=PHONE)
    page = context.new_page()
    page.goto(f"{found.base}/connexion/invitation/{token}")
    page.get_by_role("link", name=BUTTON).click()
    expect(page.get_by_role("alert").first).to_contain_text("Second facteur à donner")
    looked_at(page)
    page.get_by_role("link", name="ProConnect, puis un code d’ici").click()
    page.wait_for_url("**/connexion/proconnect/code")
    looked_at(page)
    person.secret = (page.locator(".desk-secret code").text_content() or "").replace(" ", "")
    page.get_by_label("Code affiché par l’application").fill(found.bureau.code(person))
    page.get_by_role("button", name="Relier mon identité").click()
    page.get_by_role("link", name="C’est fait, continuer").click()
    page.wait_for_url("**/pro")
    page.goto(f"{found.base}/gestion/compte")
    looked_at(page)
    page.get_by_role("button", name="Se déconnecter").click()
    looked_at(page)
    page.goto(f"{found.base}/connexion")
    looked_at(page)
    page.goto(f"{found.base}/connexion/proconnect?facteur=ici")
    page.wait_for_url("**/connexion/proconnect/code")
    looked_at(page)
    context.close()


def looked_at(page: Page) -> None:
    """A page has no fault that axe finds, and nothing that is wider than a phone."""
    page.evaluate(AXE.read_text("utf-8"))
    assert page.evaluate(RUN_AXE, {}) == []
    assert page.evaluate("document.documentElement.scrollWidth") <= PHONE["width"]
