"""The agenda in a browser: at both widths, by keyboard, without script, without a fault of axe."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import uuid4

import pytest
from playwright.sync_api import Browser, expect
from sqlalchemy import Connection, select

from app.accounts.people import token_digest
from app.desk.application import create_desk
from app.inbox import access_form
from app.inbox.opening import publish_key
from app.main import create_app
from app.models import AgendaRecord, AgendaRegistration
from app.platform.cluster.server import Cluster
from app.platform.database.sessions import write
from app.runtime.staff import Runtime
from app.vault.sealing import Vault
from tests.axe import AXE, RUN_AXE, WIDTHS, in_turn
from tests.browser.curateur import session_of_a_curateur
from tests.browser.senders import has_no_fault
from tests.browser.test_desk_list import opened
from tests.databases import cloned
from tests.makers_agenda import BEGINS, announced, cancelled, drafted
from tests.serving import offline_settings, serving
from tests.short_lists import SHELTER, csv, run

pytestmark = pytest.mark.browser
# Wider than a phone, in one word and in many.
LONG = "anticonstitutionnellement" * 4
NOW = datetime(2027, 1, 5, 10, tzinfo=UTC)


@pytest.fixture(scope="module")
def runtime(
    cluster: Cluster,
    admin: Connection,
    lean_template: str,
    vault: Vault,
    tmp_path_factory: pytest.TempPathFactory,
) -> Iterator[Runtime]:
    settings = offline_settings(tmp_path_factory.mktemp("agenda"))
    with cloned(cluster, admin, lean_template) as databases:
        made = Runtime(settings, databases, vault, "", None)
        run(made, csv(SHELTER))
        yield made


@pytest.fixture(scope="module")
def ids(runtime: Runtime) -> dict[str, str]:
    """Public ids of events by a word."""
    given: dict[str, Any] = {"territory": "974", "zone": "Indian/Reunion", "registers": True}
    found = {
        "webinar": announced(runtime, themes=("fugue",), **given),
        "placed": announced(
            runtime,
            form="formation",
            place="Salle Hugo",
            commune="93008",
            territory="93",
            title="À Bobigny",
        ),
        "long": announced(
            runtime,
            title=LONG,
            form="formation",
            place=LONG,
            text=f"## Programme\n\n- Écouter\n- {LONG}",
            begins_at=BEGINS + timedelta(days=1),
            ends_at=BEGINS + timedelta(days=3),
            capacity=40,
        ),
        "off": announced(runtime, title="Réunion d’exemple", form="reunion"),
        "draft": drafted(runtime, title="Un brouillon"),
    }
    cancelled(runtime, found["off"])
    return found


@pytest.fixture(scope="module")
def base(runtime: Runtime, ids: dict[str, str]) -> Iterator[str]:
    with write(runtime.staff) as session:
        publish_key(session, runtime.vault)
        access_form.keep_open(session, NOW)
    app = create_app(runtime.settings, runtime.databases)
    app.state.site = replace(app.state.site, now=lambda: NOW)
    with serving(app) as address:
        yield address


@pytest.fixture(scope="module")
def desk(runtime: Runtime, ids: dict[str, str]) -> Iterator[tuple[str, str]]:
    token = session_of_a_curateur(runtime.databases, runtime.vault)
    app = create_desk(runtime.settings, runtime.databases, runtime.vault)
    with serving(app) as address:
        yield address.replace("127.0.0.1", "localhost"), token


@pytest.mark.slow
def test_no_page_has_a_fault_or_is_wider_than_the_screen(
    chromium: Browser, base: str, ids: dict[str, str]
) -> None:
    context = chromium.new_context(bypass_csp=True)
    page = context.new_page()
    paths = ["/agenda", "/agenda?mois=2027-03", "/agenda?type=reunion&mois=2027-05"]
    paths += ["/agenda?vue=carte", "/alertes/quitter/lien"]
    paths += [f"/agenda/{ids[word]}" for word in ("webinar", "long", "off")]
    paths += [f"/agenda/{ids['webinar']}/inscription{end}" for end in ("", "/merci")]
    for path, size in in_turn(*paths):
        for each in WIDTHS:
            page.set_viewport_size(each)
            page.goto(base + path)
            assert page.evaluate("document.documentElement.scrollWidth") <= each["width"], path
        page.set_viewport_size(size)
        page.add_script_tag(path=AXE)
        assert page.evaluate(RUN_AXE, {}) == [], path
    context.close()


@pytest.mark.slow
def test_events_are_chosen_by_keyboard_and_without_script(chromium: Browser, base: str) -> None:
    context = chromium.new_context(viewport=WIDTHS[1], java_script_enabled=False)
    page = context.new_page()
    page.goto(f"{base}/agenda")
    page.get_by_role("combobox", name="Sorte").select_option("webinaire")
    page.get_by_role("button", name="Afficher").focus()
    page.keyboard.press("Enter")
    expect(page.locator("#compte")).to_have_text("1 événement à venir")
    page.get_by_role("link", name="Mois", exact=True).click()
    expect(page.get_by_role("table", name="Mars 2027")).to_be_visible()
    page.get_by_role("table").get_by_role("link", name="Repérer et orienter").click()
    expect(page.get_by_text("10 h – 12 h à Paris, 13 h – 15 h à La Réunion")).to_be_visible()
    expect(page.get_by_role("link", name="Ajouter à mon calendrier")).to_be_visible()
    context.close()


@pytest.mark.slow
def test_somebody_registers_without_script(
    chromium: Browser, base: str, desk: tuple[str, str], runtime: Runtime, ids: dict[str, str]
) -> None:
    context = chromium.new_context(viewport=WIDTHS[1], java_script_enabled=False)
    page = context.new_page()
    page.goto(f"{base}/agenda/{ids['webinar']}")
    page.get_by_role("link", name="S’inscrire").click()
    page.get_by_label("Votre adresse électronique").fill("camille@example.org")
    page.get_by_role("button", name="Demander une place").click()
    # The clock of this service stands still, as if somebody typed in no time.
    expect(page.get_by_text("Relisez ce que vous avez écrit")).to_be_visible()
    expect(page.get_by_label("Votre adresse électronique")).to_have_value("camille@example.org")
    token = "jeton d’essai"
    with write(runtime.staff) as session:
        event = session.scalars(
            select(AgendaRecord.id).where(AgendaRecord.public_id == ids["webinar"])
        )
        number = uuid4()
        sealed = runtime.vault.seal_json(
            "agenda_registration", number, "content", {"mail": "c@example.org"}
        )
        row = AgendaRegistration(
            id=number, record_id=event.one(), mailbox=b"x", content=sealed, received_at=NOW
        )
        row.token = token_digest(token)
        session.add(row)
    link = f"{desk[0]}/connexion/inscription/{token}"
    scripted = chromium.new_page()
    scripted.goto(link)
    has_no_fault(scripted)
    scripted.close()
    page.goto(link)
    page.get_by_role("button", name="Oui, je viens").click()
    expect(page.get_by_role("heading", name="Vous êtes inscrit")).to_be_visible()
    page.goto(link)
    page.get_by_role("button", name="Annuler mon inscription").click()
    expect(page.get_by_role("heading", name="C’est effacé")).to_be_visible()
    context.close()


@pytest.mark.slow
@pytest.mark.parametrize("script", [True, False])
def test_a_session_is_announced_and_cancelled(
    chromium: Browser, desk: tuple[str, str], script: bool
) -> None:
    title, day = f"Session {script}", datetime.now(UTC) + timedelta(days=60)
    page = opened(chromium, desk, script=script)
    page.goto("/gestion/agenda")
    has_no_fault(page, script=script)
    page.get_by_role("link", name="Nouvel événement").click()
    page.get_by_label("Titre").fill(title)
    page.get_by_role("button", name="Publier").click()
    expect(page.get_by_text("À corriger.")).to_be_visible()
    expect(page.get_by_label("Titre")).to_have_value(title)
    has_no_fault(page, script=script)
    page.get_by_label("Jour", exact=True).fill(f"{day:%Y-%m-%d}")
    page.get_by_label("Début").fill("10:00")
    page.get_by_label("Fin", exact=True).fill("12:00")
    page.get_by_role("button", name="Publier").click()
    expect(page.get_by_text("C’est à l’agenda")).to_be_visible()
    has_no_fault(page, script=script)
    page.get_by_label("Pourquoi").fill("Salle fermée.")
    page.get_by_role("button", name="Annuler cet événement").click()
    expect(page.get_by_text("C’est annulé")).to_be_visible()
    has_no_fault(page, script=script)
    page.context.close()


@pytest.mark.slow
def test_a_pin_of_the_map_leads_to_the_events_of_its_commune_by_keys_alone(
    chromium: Browser, base: str, ids: dict[str, str]
) -> None:
    page = chromium.new_page()
    page.goto(f"{base}/agenda?vue=carte")
    pin = page.get_by_role("button", name="Point 1 : Bobigny")
    pin.focus()
    chosen = page.locator("[data-pin].is-chosen")
    expect(chosen.get_by_role("link", name="À Bobigny")).to_be_in_viewport()
    page.close()
    context = chromium.new_context(java_script_enabled=False)
    page = context.new_page()
    page.goto(f"{base}/agenda?vue=carte")
    expect(page.get_by_role("link", name="À Bobigny")).to_be_visible()
    expect(page.locator(".desk-pins")).to_be_hidden()
    context.close()
