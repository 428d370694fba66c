"""The sources of lists, by keyboard, with a script or without one."""

import re

import pytest
from playwright.sync_api import Browser, expect
from sqlalchemy import text

from app.jobs import depositing
from app.lists import deposits
from app.platform.database.sessions import write
from tests.browser.senders import Sender, has_no_fault, sender
from tests.browser.test_desk_list import opened
from tests.chromium import seen
from tests.short_lists import ASE, CRIP, csv, run

__all__ = ["sender"]
pytestmark = [pytest.mark.browser, pytest.mark.slow]
ALL = "/gestion/sources"
LATE = (
    "UPDATE source SET created_at = now() - interval '2 years' WHERE id IN"
    " (SELECT source_id FROM source_file WHERE id = :id)"
)
LONG_AGO = (
    "UPDATE source_file SET received_at = now() - interval '1 year' WHERE source_id IN"
    " (SELECT source_id FROM source_file WHERE id = :id)"
)


@pytest.mark.parametrize("script", [True, False])
def test_a_late_source_is_found_its_contact_set_and_taken_back_and_its_list_reached(
    chromium: Browser, sender: Sender, script: bool
) -> None:
    name = f"Abandonnée {script}"
    page = opened(chromium, sender.signed_in, script=script)
    run(sender.runtime, csv(CRIP), f"{name} 2026-05.csv", source=name)
    deposit = sender.send(page, ASE, source=name)
    depositing.check(sender.runtime, deposit)
    with write(sender.runtime.staff) as session:
        deposits.cancel(session, deposit, "")
        for deed in (LATE, LONG_AGO):
            session.execute(text(deed), {"id": deposit})
    page.goto(ALL)
    has_no_fault(page, script=script)
    page.get_by_role("link", name="Voir seulement celles qui sont en retard").press("Enter")
    row = page.locator("[data-row]", has_text=name)
    expect(row).to_contain_text("en retard")
    has_no_fault(page, script=script)
    row.get_by_role("link", name=name).press("Enter")
    seen(page.get_by_text("personne n’est noté"))
    page.get_by_text("Changer le délai, le rang ou le contact").press("Enter")
    page.get_by_label("Nom du service ou de la personne").fill("Service Exemple")
    page.get_by_label("Son adresse électronique").fill("liste@example.org")
    page.get_by_label("Son téléphone").fill("01 99 00 00 00")
    page.get_by_role("button", name="Enregistrer", exact=True).press("Enter")
    seen(page.get_by_text("C’est enregistré"))
    seen(page.get_by_text("Service Exemple, liste@example.org, 01 99 00 00 00"))
    has_no_fault(page, script=script)
    page.get_by_role("button", name="Annuler", exact=True).press("Enter")
    seen(page.get_by_text("personne n’est noté"))
    files = page.get_by_role("region", name="Fichiers")
    expect(files.locator("[data-row]")).to_have_count(2)
    files.get_by_role("link", name=re.compile("^abandonné")).press("Enter")
    seen(page.get_by_text("Cette liste a été abandonnée"))
    page.context.close()
