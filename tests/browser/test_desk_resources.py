"""The desk's room of resources in a real browser: at both widths, and without a script."""

import json
from collections.abc import Iterator
from datetime import UTC, datetime
from uuid import UUID, uuid4

import pytest
from playwright.sync_api import Browser, Page, expect
from sqlalchemy import Connection
from sqlalchemy.orm import Session

from app.cataloguing.links import Heard, due, note
from app.desk.application import create_desk
from app.jobs.cataloguing import carry_out
from app.models import ResourceProposal
from app.platform.cluster.server import Cluster
from app.platform.database.sessions import write
from app.reports.receiving import LINKS
from app.resources.forms import Form
from app.runtime.staff import Runtime
from app.vault.sealing import Vault
from tests.browser.curateur import session_of_a_curateur
from tests.browser.senders import has_no_fault
from tests.browser.test_desk_list import opened
from tests.chromium import seen
from tests.databases import cloned
from tests.makers_resources import NAMES_HOME, draft_resource, held_one, make_resource
from tests.serving import offline_settings, serving
from tests.short_lists import SHELTER, csv, run

pytestmark = [pytest.mark.browser, pytest.mark.slow]
HERE = "/gestion/ressources"
COME = ("import", "liens-morts", "proposees")
# Wider than a phone, in one word and in many.
LONG = "anticonstitutionnellement" * 4
BODY = "Observatoire d’exemple de la protection de l’enfance, avec une université d’exemple"


@pytest.fixture(scope="module")
def desk(
    cluster: Cluster,
    admin: Connection,
    lean_template: str,
    vault: Vault,
    tmp_path_factory: pytest.TempPathFactory,
) -> Iterator[tuple[Runtime, tuple[str, str]]]:
    """A desk with some resources; its address, and the session of a curateur."""
    settings = offline_settings(tmp_path_factory.mktemp("ressources"))
    with cloned(cluster, admin, lean_template) as databases:
        runtime = Runtime(settings, databases, vault, "", None)
        run(runtime, csv(SHELTER))
        with write(databases.staff) as session:
            for form in Form:
                make_resource(session, vault, form)
            draft_resource(session, vault, Form.SHEET, title="Une fiche en cours")
            # The last that is published, whose page is looked at.
            make_resource(
                session,
                vault,
                Form.PRACTICE,
                title=LONG,
                bodies=[LONG],
                evaluation={"proof": "prometteuse", "by": BODY, "on": "2024-05-02"},
            )
            for link in due(session, vault, datetime.now(UTC)):
                note(session, link, Heard("dead", 404), datetime.now(UTC))
            for title in ("Proposée avec script", "Proposée sans script"):
                add_proposal(session, vault, title)
        held_one(runtime, title="Retenue", summary=NAMES_HOME)
        token = session_of_a_curateur(databases, vault)
        with serving(create_desk(settings, databases, vault)) as address:
            yield runtime, (address.replace("127.0.0.1", "localhost"), token)


@pytest.fixture(scope="module")
def signed_in(desk: tuple[Runtime, tuple[str, str]]) -> tuple[str, str]:
    return desk[1]


def carried_out(runtime: Runtime, page: Page, *, script: bool) -> None:
    """Do what was asked of the catalogue of a page, as the worker does, and look at it again."""
    has_no_fault(page, script=script)
    carry_out(runtime, UUID(page.url.rpartition("/")[2]), datetime.now(UTC))
    if not script:
        page.get_by_role("link", name="Actualiser").press("Enter")


def add_proposal(session: Session, vault: Vault, title: str) -> None:
    """Have a page wait that a visitor proposed."""
    number, said = uuid4(), {"url": "https://exemple.fr/proposee", "title": title, "why": "Utile"}
    content = vault.seal_json(LINKS, number, "content", said)
    session.add(ResourceProposal(id=number, content=content, received_at=datetime.now(UTC)))


def test_each_page_has_no_fault_and_no_sideways_scroll(
    chromium: Browser, signed_in: tuple[str, str]
) -> None:
    page = opened(chromium, signed_in)
    forms = (f"nouvelle?genre={form.value}" for form in Form)
    others = ("lien", "retenues", "collections", "situations", "mots", "organismes", "nouvelle")
    tabs = ("?onglet=brouillons", "?onglet=publiees", "?onglet=retirees")
    for way in (*tabs, *(f"/{each}" for each in (*others, *COME, *forms))):
        page.goto(f"{HERE}{way}")
        has_no_fault(page)
    for tab in ("brouillons", "publiees"):
        page.goto(f"{HERE}?onglet={tab}")
        for link in (page.locator("tbody th a").first, page.get_by_role("link", name="Historique")):
            with page.expect_navigation():
                link.click()
            has_no_fault(page)
    page.context.close()


@pytest.mark.parametrize("script", [True, False])
def test_a_sheet_of_two_steps_is_written_looked_at_and_saved(
    chromium: Browser, signed_in: tuple[str, str], *, script: bool
) -> None:
    page = opened(chromium, signed_in, script=script)
    page.goto(f"{HERE}/nouvelle?genre=fiche")
    page.get_by_label("Titre", exact=True).first.fill(f"Fiche écrite {script}")
    page.get_by_label("Que faire 1").fill("**Accueillir** sans reproche")
    page.get_by_role("button", name="Ajouter une étape").click()
    # Whoever adds a step writes it next.
    expect(page.get_by_label("Que faire 2")).to_be_focused()
    page.get_by_label("Que faire 2").fill("Prévenir")
    page.get_by_role("button", name="Monter : étape 2").click()
    expect(page.get_by_label("Que faire 1")).to_be_focused()
    expect(page.get_by_label("Que faire 1")).to_have_value("Prévenir")
    page.get_by_role("button", name="Aperçu", exact=True).click()
    seen(page.get_by_text("rien n’est enregistré"))
    has_no_fault(page, script=script)
    page.get_by_role("button", name="Enregistrer", exact=True).last.click()
    seen(page.get_by_text("Enregistré comme brouillon"))
    page.context.close()


@pytest.mark.parametrize("script", [True, False])
def test_a_catalogue_is_read_decided_applied_and_undone_by_keyboard(
    chromium: Browser, desk: tuple[Runtime, tuple[str, str]], *, script: bool
) -> None:
    runtime, signed_in = desk
    page = opened(chromium, signed_in, script=script)
    page.goto(f"{HERE}/import")
    lines = [
        {"titre": f"Guide importé {script}", "type": "guide", "annee": 2020},
        {"titre": "Rapport d’exemple", "type": "guide", "auteurs": ["Un autre"]},
    ]
    file = {"name": f"c{script}.json", "mimeType": "application/json"}
    data = json.dumps([*lines, {"titre": ""}]).encode()
    page.get_by_label("Fichier").set_input_files({**file, "buffer": data})  # type: ignore[arg-type]
    page.get_by_role("button", name="Lire ce fichier").press("Enter")
    seen(page.get_by_role("heading", name=f"c{script}.json"))
    for part in ("Inutilisables", "Nouvelles"):
        page.get_by_role("link", name=part).press("Enter")
        seen(page.get_by_role("link", name=part).and_(page.locator("[aria-current]")))
        has_no_fault(page, script=script)
    page.get_by_label("Publier tout de suite").press("Space")
    page.get_by_role("button", name="Appliquer").press("Enter")
    seen(page.get_by_text("Écriture…"))
    carried_out(runtime, page, script=script)
    seen(page.get_by_text("Appliqué", exact=True))
    has_no_fault(page, script=script)
    page.get_by_text("Annuler cet import").first.press("Enter")
    page.get_by_role("button", name="Annuler cet import").press("Enter")
    seen(page.get_by_text("Retour à ce qui était là avant lui…"))
    carried_out(runtime, page, script=script)
    seen(page.get_by_text("Annulé", exact=True))
    has_no_fault(page, script=script)
    page.context.close()


@pytest.mark.parametrize("script", [True, False])
def test_a_proposed_page_becomes_a_draft_by_keyboard(
    chromium: Browser, signed_in: tuple[str, str], *, script: bool
) -> None:
    title = "Proposée avec script" if script else "Proposée sans script"
    page = opened(chromium, signed_in, script=script)
    page.goto(f"{HERE}/proposees")
    page.get_by_role("button", name=f"En faire un brouillon : {title}").press("Enter")
    page.wait_for_url("**/modifier?fait=acceptee")
    assert page.get_by_label("Titre", exact=True).input_value() == title
    page.context.close()


@pytest.mark.parametrize("script", [True, False])
def test_a_collection_that_two_arrange_shows_what_is_there_and_what_was_entered(
    chromium: Browser, signed_in: tuple[str, str], *, script: bool
) -> None:
    first, second = (opened(chromium, signed_in, script=script) for _ in range(2))
    first.goto(f"{HERE}/collections")
    first.get_by_label("Titre de la nouvelle collection").fill(f"À deux {script}")
    first.get_by_role("button", name="Créer").press("Enter")
    seen(first.get_by_text("C’est enregistré"))
    second.goto(first.url)
    for page, said in ((first, "Du premier"), (second, "Du second")):
        page.get_by_label("Ce qu’on y trouve").fill(said)
        with page.expect_response(lambda answer: answer.request.method == "POST"):
            page.get_by_role("button", name="Enregistrer", exact=True).last.press("Enter")
    seen(second.get_by_text("Changé entre-temps"))
    seen(second.get_by_text("Du premier"))
    assert second.get_by_label("Ce qu’on y trouve").input_value() == "Du second"
    has_no_fault(second, script=script)
    second.get_by_role("button", name="Enregistrer", exact=True).last.press("Enter")
    seen(second.get_by_text("C’est enregistré"))
    for page in (first, second):
        page.context.close()
