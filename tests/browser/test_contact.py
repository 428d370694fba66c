"""From the public sheet of a protected place to its telephone, on a phone, by a passkey."""

import time
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

import httpx
import pyotp
import pytest
from playwright.sync_api import Browser, Page, ViewportSize, expect
from sqlalchemy import Connection, update

from app.accounts import inviting
from app.desk.application import PREFIXES, create_desk
from app.main import create_app
from app.models import Reveal, Role
from app.platform.cluster.server import Cluster
from app.platform.database.sessions import write
from app.platform.web.fork import Fork
from app.records import acts
from app.vault.sealing import Vault
from tests.axe import AXE, RUN_AXE
from tests.browser.test_desk import AUTHENTICATOR, PHONE
from tests.databases import cloned
from tests.desk.asked import runtime
from tests.desk.bureau import PASSWORD, Bureau, Clock, account_of
from tests.desk.contacts import choose
from tests.desk.home import Home
from tests.makers import decide
from tests.serving import offline_settings, serving

pytestmark = [pytest.mark.browser, pytest.mark.slow]
WIDE: ViewportSize = {"width": 1440, "height": 900}
MOST_TAPS, MOST_SECONDS = 5, 60


@dataclass
class Found:
    """A protected place that answers directly, and where its public sheet is."""

    bureau: Bureau
    place: Home
    base: str

    @property
    def sheet(self) -> str:
        return f"{self.base}/acteurs/{self.place.public_id}"


@pytest.fixture(scope="module")
def found(
    cluster: Cluster,
    admin: Connection,
    lean_template: str,
    vault: Vault,
    tmp_path_factory: pytest.TempPathFactory,
) -> Iterator[Found]:
    settings = offline_settings(tmp_path_factory.mktemp("contact"))
    with cloned(cluster, admin, lean_template) as databases:
        desk = create_desk(settings, databases, vault)
        both = Fork(create_app(settings, databases, desk_beside=True), desk, PREFIXES)
        with serving(both) as address, httpx.Client(base_url=address) as client:
            bureau = Bureau(desk, client, databases, vault, Clock(), settings)
            place = Home(bureau)
            decide(runtime(bureau), acts.protect, place.public_id, who="essai", why="Foyer.")
            choose(bureau, place)
            yield Found(bureau, place, address.replace("127.0.0.1", "localhost"))


@pytest.fixture(scope="module")
def page(chromium: Browser, found: Found) -> Iterator[Page]:
    """A page of a professional who chose a passkey of this browser, and signed out."""
    context = chromium.new_context(viewport=PHONE, locale="fr-FR", timezone_id="Europe/Paris")
    page = context.new_page()
    tools = context.new_cdp_session(page)
    tools.send("WebAuthn.enable")
    tools.send("WebAuthn.addVirtualAuthenticator", {"options": AUTHENTICATOR})
    bureau = found.bureau
    with write(bureau.databases.staff) as session:
        account = account_of(
            session, bureau.vault, Role.PROFESSIONNEL, "p@example.org", ["93"], bureau.clock.at
        )
        token = inviting.invite(session, account, "os:test", bureau.clock.at)
    page.goto(f"{found.base}/connexion/invitation/{token}")
    page.get_by_role("button", name="Créer une clé d’accès").click()
    page.wait_for_url("**/pro")
    page.get_by_role("button", name="Se déconnecter").click()
    page.wait_for_url("**/connexion/sorti")
    yield page
    context.close()


def test_signed_out_to_the_number_takes_five_taps_and_a_minute_at_most(
    page: Page, found: Found
) -> None:
    page.goto(found.sheet)
    begun, taps = time.monotonic(), 0
    for role, name in (
        ("link", "Espace professionnel"),
        ("button", "Se connecter par une clé d’accès"),
        ("radio", "Mettre un enfant à l’abri maintenant"),
        ("button", "Afficher le téléphone"),
    ):
        page.get_by_role(role, name=name).click()  # type: ignore[arg-type]
        taps += 1
    number = page.locator(".pro-contact .pro-calls__link")
    expect(number).to_be_visible()
    assert taps <= MOST_TAPS
    assert time.monotonic() - begun < MOST_SECONDS
    assert (number.get_attribute("href") or "").startswith("tel:+331")
    written = "each => getComputedStyle(each, '::before').content"
    mark = page.locator(".pro-contact__mark > span").first
    assert "Camille Exemple · M23-" in mark.evaluate(written)


NAME = "e => (e.labels?.[0] ?? e).innerText.trim()"
MOST_TABS = 60


def tab_to(page: Page, name: str) -> None:
    """Go on by the key alone until what is called so has the focus, which is seen."""
    for _ in range(MOST_TABS):
        page.keyboard.press("Tab")
        focused = page.locator(":focus")
        if focused.count() and str(focused.evaluate(NAME)).startswith(name):
            seen = "e => getComputedStyle(e).outlineStyle !== 'none'"
            assert focused.evaluate(seen), name
            return
    pytest.fail(f"no way by keyboard to {name}")


def test_the_number_is_reached_by_keyboard_alone_and_without_script(
    chromium: Browser, found: Found
) -> None:
    person = found.bureau.enrolled(Role.PROFESSIONNEL)
    context = chromium.new_context(viewport=PHONE, java_script_enabled=False)
    page = context.new_page()
    page.goto(found.sheet)
    tab_to(page, "Espace professionnel")
    page.keyboard.press("Enter")
    expect(page.get_by_role("link", name="119")).to_be_visible()
    for name, text in (
        ("Adresse électronique", person.mail),
        ("Mot de passe", PASSWORD),
        ("Code", pyotp.TOTP(person.secret).now()),
    ):
        tab_to(page, name)
        page.keyboard.type(text)
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", name="Demander son contact")).to_be_visible()
    tab_to(page, "Mettre un enfant à l’abri maintenant")
    page.keyboard.press("Space")
    tab_to(page, "Afficher le téléphone")
    page.keyboard.press("Enter")
    number = page.locator(".pro-contact .pro-calls__link")
    expect(number).to_be_visible()
    tab_to(page, number.inner_text())
    tab_to(page, "J’ai terminé")
    page.keyboard.press("Enter")
    page.wait_for_url("**/pro")
    page.goto(f"{found.base}/pro/acteurs/{found.place.public_id}")
    expect(page.locator(".pro-contact")).to_have_count(0)
    context.close()


def test_a_contact_has_no_fault_is_not_printed_and_is_gone_after_signing_out(
    page: Page, found: Found
) -> None:
    here = f"{found.base}/pro/acteurs/{found.place.public_id}"
    for size in (WIDE, PHONE):
        page.set_viewport_size(size)
        page.goto(here)
        expect(page.locator(".pro-contact")).to_be_visible()
        wide = page.evaluate("document.documentElement.scrollWidth - innerWidth")
        assert wide <= 0, size
        page.evaluate(AXE.read_text("utf-8"))
        assert page.evaluate(RUN_AXE, {}) == []
    page.emulate_media(media="print")
    expect(page.locator(".pro-contact")).to_be_hidden()
    expect(page.get_by_text("Ce contact ne s’imprime pas.")).to_be_visible()
    page.emulate_media(media="screen")
    tab = page.context.new_page()
    tab.goto(here)
    expect(tab.locator(".pro-contact")).to_be_visible()
    page.get_by_role("button", name="Se déconnecter").click()
    page.wait_for_url("**/connexion/sorti")
    # Also out of a page that nobody looks at.
    expect(tab.locator(".pro-contact")).to_have_count(0)
    expect(tab.get_by_text("Ce contact n’est plus affiché.")).to_be_visible()
    tab.close()
    page.go_back()
    expect(page.get_by_role("button", name="Se connecter par une clé d’accès")).to_be_visible()
    expect(page.locator(".pro-contact")).to_have_count(0)


def test_a_contact_leaves_an_open_page_at_its_hour_and_when_it_is_ended_elsewhere(
    page: Page, found: Found
) -> None:
    here = f"{found.base}/pro/acteurs/{found.place.public_id}"
    contact = page.locator(".pro-contact")
    page.goto(here)
    page.get_by_role("button", name="Se connecter par une clé d’accès").click()
    expect(contact).to_be_visible()
    ends(found, datetime.now(UTC) + timedelta(seconds=4))
    page.goto(here)
    expect(contact).to_be_visible()
    expect(contact).to_have_count(0, timeout=15_000)
    ends(found, datetime.now(UTC) + timedelta(hours=1))
    page.goto(here)
    expect(contact).to_be_visible()
    choose(found.bureau, found.place, choice="never")
    # As whoever comes back from the telephone.
    page.evaluate("document.dispatchEvent(new Event('visibilitychange'))")
    expect(contact).to_have_count(0)
    choose(found.bureau, found.place)
    ends(found, datetime.now(UTC) + timedelta(hours=1))
    page.clock.install()
    page.goto(here)
    expect(contact).to_be_visible()
    page.clock.fast_forward("31:00")
    expect(contact).to_have_count(0)
    expect(page.get_by_text("Votre session est terminée.")).to_be_visible()


def ends(found: Found, at: datetime) -> None:
    with write(found.bureau.databases.staff) as session:
        session.execute(update(Reveal).values(ends_at=at))
