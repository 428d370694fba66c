"""A doubtful line is compared and answered in a real browser, by keyboard or without a script."""

from uuid import UUID

import pytest
from playwright.sync_api import Browser, Page, expect

from app.jobs import depositing
from tests.browser.senders import HERE, Sender, goes_on, has_no_fault, is_read, sender
from tests.browser.test_desk_list import opened
from tests.chromium import seen
from tests.short_lists import SHELTER, csv, run

__all__ = ["sender"]
pytestmark = [pytest.mark.browser, pytest.mark.slow]


def lists(sender: Sender, page: Page, word: str, *, script: bool) -> tuple[str, str]:
    """Send a list of which one actor was renamed, another is a namesake of a home.

    Return the address of its lines, and that of the deposit.
    """
    known = f"Antenne {word};Association;6 rue {word};93000;Bobigny;01 99 00 07 0{len(word) % 9};"
    other = f"Autre {word};Association;9 rue Loin {word};93300;Aubervilliers;;"
    run(sender.runtime, csv(known, other), source=word)
    run(
        sender.runtime, csv(SHELTER.replace("Foyer fictif", f"Les Embruns {word}")), source="foyers"
    )
    namesake = f"LES EMBRUNS {word} (ADSEA);Association;5 place du Port;93000;Bobigny;;"
    renamed = known.replace("Antenne", "Permanence")
    deposit = sender.send(page, renamed, other, namesake, source=word)
    is_read(sender, page, deposit, follows=script)
    return f"{HERE}/{deposit}/relire?resultat=doubtful", str(deposit)


@pytest.mark.parametrize("script", [True, False])
def test_a_doubtful_line_is_compared_on_a_map_and_answered(
    chromium: Browser, sender: Sender, script: bool
) -> None:
    page = opened(chromium, sender.signed_in, script=script)
    word = "Avec" if script else "Sans"
    where, deposit = lists(sender, page, word, script=script)
    page.goto(where)
    has_no_fault(page, script=script)
    assert page.get_by_text("une fiche protégée").count() == 1
    if script:
        page.keyboard.press("j")
        page.keyboard.press("c")
    else:
        page.get_by_role("link", name=f"Voir sur la carte : Permanence {word}").press("Enter")
    seen(page.get_by_role("heading", name="Le même acteur, ou deux ?"))
    if script:
        seen(page.locator(".desk-pin").nth(1))
    has_no_fault(page, script=script)
    if script:
        page.keyboard.press("m")
    else:
        page.get_by_role("button", name="C’est le même").press("Enter")
    seen(page.get_by_text("Le même acteur", exact=True))
    locked = page.get_by_role("button", name="Ouvrir pour comparer")
    locked.press("Enter")
    # Its line says the same name before.
    expect(locked).to_have_count(0)
    seen(page.get_by_text(f"Les Embruns {word}").first)
    has_no_fault(page, script=script)
    page.get_by_role("button", name=f"Ce sont deux acteurs : LES EMBRUNS {word}").press("Enter")
    seen(page.get_by_text("Deux acteurs", exact=True))
    if script:
        page.get_by_role("button", name=f"Annuler la décision : LES EMBRUNS {word}").focus()
        page.keyboard.press("u")
        page.get_by_text("Deux acteurs", exact=True).wait_for(state="detached")
        again = page.get_by_role("button", name=f"Ce sont deux acteurs : LES EMBRUNS {word}")
        seen(again)
        again.focus()
        page.keyboard.press("d")
        seen(page.get_by_text("Deux acteurs", exact=True))
    page.locator("[name=verifie]").check()
    page.get_by_role("button", name="Appliquer 2 lignes").press("Enter")
    seen(page.get_by_text("Application en cours"))
    depositing.apply(sender.runtime, UUID(deposit))
    goes_on(page, follows=script)
    seen(page.get_by_role("heading", name="Ce que cette liste a changé"))
    page.goto("/gestion/acteurs")
    seen(page.get_by_role("link", name=f"Permanence {word}"))
    assert page.get_by_role("link", name=f"Antenne {word}").count() == 0
    page.context.close()
