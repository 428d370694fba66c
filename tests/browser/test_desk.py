"""The desk in a real browser: by passkey, by password without a script, by keyboard, on a phone."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from uuid import uuid4

import pyotp
import pytest
from playwright.sync_api import Browser, BrowserContext, Page, ViewportSize, expect
from sqlalchemy import Connection, text

from app.accounts import inviting, people
from app.desk.application import PREFIXES, create_desk
from app.main import create_app
from app.models import Role
from app.platform.cluster.server import Cluster
from app.platform.database.engines import Databases
from app.platform.database.sessions import write
from app.platform.web.fork import Fork
from app.vault.sealing import Vault
from tests.axe import AXE, RUN_AXE
from tests.chromium import seen
from tests.databases import cloned
from tests.serving import offline_settings, serving

pytestmark = pytest.mark.browser
DESK: ViewportSize = {"width": 1440, "height": 900}
PHONE: ViewportSize = {"width": 390, "height": 844}
AUTHENTICATOR = {
    "protocol": "ctap2",
    "transport": "internal",
    "hasResidentKey": True,
    "hasUserVerification": True,
    "isUserVerified": True,
    "automaticPresenceSimulation": True,
}


@dataclass
class Service:
    """Both applications behind one port, by the name that passkeys know."""

    base: str
    databases: Databases
    vault: Vault

    def invitation(self, role: Role) -> str:
        """The address of an invitation of somebody new."""
        with write(self.databases.staff) as session:
            account = people.create(
                session,
                self.vault,
                mail=f"{uuid4().hex[:8]}@example.org",
                name="Camille Exemple",
                role=role,
                by="os:test",
            )
            token = inviting.invite(session, account, "os:test", datetime.now(UTC))
        return f"{self.base}/connexion/invitation/{token}"

    def let_proofs_grow_old(self) -> None:
        """Let whoever is signed in have shown a factor an hour ago."""
        with write(self.databases.staff) as session:
            session.execute(
                text("UPDATE staff_session SET proved_at = proved_at - interval '1 hour'")
            )


@pytest.fixture(scope="module")
def service(
    cluster: Cluster,
    admin: Connection,
    lean_template: str,
    vault: Vault,
    tmp_path_factory: pytest.TempPathFactory,
) -> Iterator[Service]:
    settings = offline_settings(tmp_path_factory.mktemp("bureau"))
    with cloned(cluster, admin, lean_template) as databases:
        both = Fork(
            create_app(settings, databases), create_desk(settings, databases, vault), PREFIXES
        )
        with serving(both) as address:
            yield Service(address.replace("127.0.0.1", "localhost"), databases, vault)


@pytest.fixture(scope="module")
def scripted(chromium: Browser) -> Iterator[BrowserContext]:
    context = chromium.new_context(viewport=DESK, locale="fr-FR", timezone_id="Europe/Paris")
    yield context
    context.close()


@pytest.fixture(scope="module")
def page(scripted: BrowserContext, service: Service) -> Page:
    """A page of an administrateur who signed in by a passkey of this browser."""
    page = scripted.new_page()
    tools = scripted.new_cdp_session(page)
    tools.send("WebAuthn.enable")
    tools.send("WebAuthn.addVirtualAuthenticator", {"options": AUTHENTICATOR})
    page.goto(service.invitation(Role.ADMINISTRATEUR))
    page.get_by_role("button", name="Créer une clé d’accès").click()
    page.wait_for_url("**/gestion")
    return page


@pytest.mark.slow
def test_a_passkey_signs_in_again_after_signing_out(page: Page, service: Service) -> None:
    page.goto(f"{service.base}/gestion")
    page.get_by_role("button", name="Se déconnecter").click()
    page.wait_for_url("**/connexion/sorti")
    page.goto(f"{service.base}/gestion/compte")
    page.get_by_role("button", name="Se connecter par une clé d’accès").click()
    page.wait_for_url("**/gestion/compte")
    page.get_by_role("heading", name="Mon compte").wait_for()


@pytest.mark.slow
def test_somebody_is_invited_by_the_keyboard_alone(page: Page, service: Service) -> None:
    page.goto(f"{service.base}/gestion/comptes")
    page.get_by_label("Prénom et nom").focus()
    page.keyboard.type("Sacha Exemple")
    page.keyboard.press("Tab")
    page.keyboard.type("sacha@example.org")
    page.keyboard.press("Tab")
    page.keyboard.type("Cur")
    page.keyboard.press("Tab")
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    page.get_by_role("heading", name="Invitation prête").wait_for()


def test_an_address_by_number_leads_to_the_name_that_passkeys_know(
    page: Page, service: Service, chromium: Browser
) -> None:
    context = chromium.new_context()
    other = context.new_page()
    other.goto(service.base.replace("localhost", "127.0.0.1") + "/connexion")
    expect(other).to_have_url(f"{service.base}/connexion")
    context.close()


def test_a_browser_without_passkeys_says_so(chromium: Browser, service: Service) -> None:
    context = chromium.new_context()
    page = context.new_page()
    page.add_init_script("delete PublicKeyCredential.parseCreationOptionsFromJSON")
    page.goto(f"{service.base}/connexion")
    page.get_by_text("Ce navigateur ne sait pas se servir des clés d’accès").wait_for()
    expect(page.get_by_role("button", name="Se connecter par une clé")).to_be_hidden()
    expect(page.get_by_role("button", name="Se connecter", exact=True)).to_be_enabled()
    context.close()


PAGES = (
    *("/gestion", "/gestion/compte", "/gestion/comptes", "/gestion/comptes/partis"),
    *("/gestion/journal", "/gestion/travaux", "/connexion/confirmer", "/gestion/rien"),
)


@pytest.mark.slow
@pytest.mark.parametrize("path", PAGES)
def test_a_page_has_no_fault_and_no_sideways_scroll(
    page: Page, service: Service, path: str
) -> None:
    for size in (DESK, PHONE):
        page.set_viewport_size(size)
        page.goto(service.base + path)
        wide = page.evaluate("document.documentElement.scrollWidth - innerWidth")
        assert wide <= 0, (path, size)
        page.evaluate(AXE.read_text("utf-8"))
        assert page.evaluate(RUN_AXE, {}) == []
    page.set_viewport_size(DESK)


@pytest.mark.slow
@pytest.mark.parametrize("path", ["/gestion/compte", "/gestion/comptes", "/gestion/journal"])
def test_a_phone_shows_every_cell_of_a_table(page: Page, service: Service, path: str) -> None:
    page.set_viewport_size(PHONE)
    page.goto(service.base + path)
    tables = page.locator(".desk-scroll")
    assert tables.count()
    wide = "tables => tables.map(each => each.scrollWidth - each.clientWidth)"
    assert set(tables.evaluate_all(wide)) == {0}
    page.set_viewport_size(DESK)


def codes_of(page: Page) -> list[str]:
    """Return the codes of one use that a page shows once."""
    codes = page.locator(".desk-codes code")
    expect(codes).to_have_count(10)
    return codes.all_inner_texts()


@pytest.mark.slow
def test_a_password_and_a_code_sign_in_without_a_script(
    chromium: Browser, service: Service
) -> None:
    context = chromium.new_context(java_script_enabled=False, viewport=PHONE)
    page = context.new_page()
    page.goto(service.invitation(Role.CURATEUR))
    mail = page.locator("input[autocomplete=username]").first.get_attribute("value") or ""
    totp = pyotp.TOTP(page.locator(".desk-secret").inner_text().replace(" ", ""))
    page.get_by_label("Mot de passe").fill("cheval agrafe batterie correct")
    page.get_by_label("Code affiché par l’application").fill("000000")
    page.get_by_role("button", name="Enregistrer et se connecter").click()
    expect(page.get_by_role("alert")).to_contain_text("Code inexact")
    page.get_by_label("Mot de passe").fill("cheval agrafe batterie correct")
    page.get_by_label("Code affiché par l’application").fill(totp.now())
    page.get_by_role("button", name="Enregistrer et se connecter").click()
    codes = codes_of(page)
    page.get_by_role("link", name="C’est fait, continuer").click()
    page.wait_for_url("**/gestion")
    # On a phone the rooms wait behind a button.
    rooms = page.get_by_role("navigation", name="Bureau")
    menu = page.get_by_role("button", name="Menu")
    expect(menu).to_be_visible()
    expect(rooms.get_by_role("link")).to_have_count(0)
    menu.click()
    expect(rooms.get_by_role("link").first).to_be_visible()
    page.keyboard.press("Escape")
    expect(rooms.get_by_role("link")).to_have_count(0)
    menu.press("Enter")
    rooms.get_by_role("link", name="Mon compte").click()
    page.wait_for_url("**/gestion/compte")
    page.get_by_role("button", name="Se déconnecter").click()
    page.wait_for_url("**/connexion/sorti")
    page.goto(f"{service.base}/gestion")
    page.get_by_label("Adresse électronique").fill(mail)
    page.get_by_label("Mot de passe").fill("cheval agrafe batterie correct")
    page.get_by_label("Code", exact=True).fill(codes[0])
    page.get_by_role("button", name="Se connecter", exact=True).click()
    page.wait_for_url("**/gestion")
    page.get_by_role("heading", name="Aujourd’hui").wait_for()
    context.close()


@pytest.mark.slow
def test_a_form_that_was_open_for_long_loses_nothing_by_the_proof(
    page: Page, service: Service, chromium: Browser
) -> None:
    page.goto(f"{service.base}/gestion/comptes")
    page.get_by_label("Prénom et nom").fill("Dominique Exemple")
    page.get_by_label("Adresse électronique professionnelle").fill("dominique@example.org")
    page.locator("#role").select_option(label="Référent du Département")
    page.get_by_label("Territoires").last.fill("93")
    service.let_proofs_grow_old()
    page.get_by_role("button", name="Inviter", exact=True).click()
    seen(page.get_by_role("heading", name="Confirmez votre identité"))
    page.evaluate(AXE.read_text("utf-8"))
    assert page.evaluate(RUN_AXE, {}) == []
    page.get_by_role("button", name="Par une clé d’accès").click()
    page.get_by_role("heading", name="Invitation prête").wait_for()
    page.goto(f"{service.base}/gestion/comptes")
    row = page.get_by_role("row").filter(has_text="dominique@example.org")
    assert "Référent du Département" in row.inner_text()
    assert "93" in row.inner_text()


@pytest.mark.slow
def test_a_session_warns_before_it_ends_and_is_extended(page: Page, service: Service) -> None:
    page.clock.install()
    page.goto(f"{service.base}/gestion/comptes")
    page.get_by_label("Prénom et nom").fill("Écrit avant")
    page.clock.fast_forward("26:00")
    page.get_by_role("alert").get_by_text("Votre session se termine bientôt").wait_for()
    page.get_by_role("button", name="Rester connecté").click()
    page.get_by_role("button", name="Rester connecté").wait_for(state="hidden")
    assert page.get_by_label("Prénom et nom").input_value() == "Écrit avant"


@pytest.mark.slow
def test_a_page_in_another_tab_extends_the_session_here(page: Page, service: Service) -> None:
    page.clock.install()
    page.goto(f"{service.base}/gestion/comptes")
    page.clock.fast_forward("31:00")
    door = page.get_by_role("link", name="Se connecter")
    door.wait_for()
    other = page.context.new_page()
    other.goto(f"{service.base}/gestion/comptes")
    door.wait_for(state="hidden")
    other.close()
    page.clock.fast_forward("26:00")
    page.get_by_role("alert").get_by_text("Votre session se termine bientôt").wait_for()
    page.route("**/connexion/prolonger", lambda route: route.abort())
    page.get_by_role("button", name="Rester connecté").click()
    page.get_by_text("Le service ne répond pas.").wait_for()


@pytest.mark.slow
def test_without_a_script_the_code_takes_the_form_along(
    chromium: Browser, service: Service
) -> None:
    context = chromium.new_context(java_script_enabled=False, viewport=PHONE)
    page = context.new_page()
    page.goto(service.invitation(Role.ADMINISTRATEUR))
    totp = pyotp.TOTP(page.locator(".desk-secret").inner_text().replace(" ", ""))
    page.get_by_label("Mot de passe").fill("cheval agrafe batterie correct")
    page.get_by_label("Code affiché par l’application").fill(totp.now())
    page.get_by_role("button", name="Enregistrer et se connecter").click()
    codes = codes_of(page)
    page.goto(f"{service.base}/gestion/comptes")
    page.get_by_label("Prénom et nom").fill("Alix Exemple")
    page.get_by_label("Adresse électronique professionnelle").fill("alix@example.org")
    page.locator("#role").select_option(label="Curateur")
    service.let_proofs_grow_old()
    page.get_by_role("button", name="Inviter", exact=True).click()
    page.get_by_label("Code de l’application").fill(codes[0])
    page.get_by_role("button", name="Confirmer", exact=True).click()
    page.get_by_role("heading", name="Invitation prête").wait_for()
    context.close()
