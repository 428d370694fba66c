"""A list is sent in a real browser; its page follows the worker, with a script or without one."""

import re
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import Browser, Page, Route, expect

from app.jobs import depositing, undoing
from tests.browser.senders import HERE, Sender, drop, goes_on, has_no_fault, is_read, sender
from tests.browser.test_desk_list import opened
from tests.chromium import seen, wait_until
from tests.short_lists import ASE, NEIGHBOUR, SHELTER, csv, run

__all__ = ["sender"]
pytestmark = [pytest.mark.browser, pytest.mark.slow]
ODD = "Service ouvert;Association;1 rue A;93000;Bobigny;12;"


def test_a_page_follows_its_list_to_the_end(chromium: Browser, sender: Sender) -> None:
    page = opened(chromium, sender.signed_in)
    page.goto(HERE)
    has_no_fault(page)
    deposit = sender.send(page, ASE, SHELTER, ODD, source="Suivie")
    seen(page.get_by_text("Ouverture du fichier"))
    has_no_fault(page)
    page.get_by_role("button", name="Annuler").focus()
    depositing.check(sender.runtime, deposit)
    seen(page.get_by_role("heading", name="Ce que cette liste changerait"))
    has_no_fault(page)
    page.get_by_role("link", name="Relire ligne par ligne").press("Enter")
    page.wait_for_url("**/relire")
    box = page.get_by_role("checkbox").first
    box.check()
    box.press("Enter")
    page.keyboard.press("j")
    # Enter sent nothing: what was chosen still is.
    assert box.is_checked()
    page.keyboard.press("a")
    seen(page.get_by_text("Acceptée", exact=True))
    has_no_fault(page)
    page.get_by_role("button", name="et appliquer").press("Enter")
    seen(page.get_by_text("Application en cours"))
    depositing.apply(sender.runtime, deposit)
    seen(page.get_by_role("heading", name="Ce que cette liste a changé"))
    has_no_fault(page)
    page.goto(HERE)
    has_no_fault(page)
    page.context.close()


@pytest.mark.parametrize("script", [True, False])
def test_a_list_is_undone_once_its_page_has_said_what_that_does(
    chromium: Browser, sender: Sender, script: bool
) -> None:
    page = opened(chromium, sender.signed_in, script=script)
    name = f"Antenne d’exemple {script}"
    first, second = (
        f"{name};ASE;12 rue {script};93300;Aubervilliers;01 99 00 {int(script)}0 7{n};"
        for n in "12"
    )
    run(sender.runtime, csv(first), source=name)
    other = f"Nouvelle {script};Association;3 rue {script};93300;Aubervilliers;;"
    deposit = sender.send(page, second, other, source=name)
    is_read(sender, page, deposit, follows=script)
    page.get_by_label("J’ai vérifié").check()
    page.get_by_role("button", name="et appliquer").press("Enter")
    seen(page.get_by_text("Application en cours"))
    depositing.apply(sender.runtime, deposit)
    goes_on(page, follows=script)
    page.get_by_role("link", name="Annuler cet import").press("Enter")
    seen(page.get_by_role("heading", name="Ce que l’annulation ferait"))
    has_no_fault(page, script=script)
    page.get_by_role("button", name="Annuler cet import").press("Enter")
    seen(page.get_by_text("Annulation en cours"))
    has_no_fault(page, script=script)
    undoing.undo(sender.runtime, deposit)
    goes_on(page, follows=script)
    seen(page.get_by_role("heading", name="Ce que l’annulation a fait"))
    has_no_fault(page, script=script)
    page.context.close()


@pytest.mark.parametrize("script", [True, False])
def test_a_list_is_followed_noted_and_corrected_by_keyboard(
    chromium: Browser, sender: Sender, script: bool
) -> None:
    page = opened(chromium, sender.signed_in, script=script)
    nameless = f";ASE;{9 + script} rue Sans Nom;93300;Aubervilliers;;"
    deposit = sender.send(page, ODD, nameless, source=f"Corrigée {script}")
    is_read(sender, page, deposit, follows=script)
    page.get_by_role("button", name="Je m’en occupe").press("Enter")
    seen(page.get_by_text("Vous suivez cette liste"))
    page.get_by_text("Laisser une note").press("Enter")
    page.get_by_label("Note").fill("Rappeler la source")
    page.get_by_role("button", name="Enregistrer la note").press("Enter")
    seen(page.get_by_text("Note de Camille Exemple"))
    has_no_fault(page, script=script)
    page.get_by_role("link", name="Relire ligne par ligne").press("Enter")
    page.get_by_role("button", name="Corriger la ligne").press("Enter")
    seen(page.get_by_role("heading", name="Ce qui ne va pas"))
    has_no_fault(page, script=script)
    page.get_by_role("textbox", name="Nom").fill(f"Service corrigé {script}")
    page.get_by_role("button", name="Corriger, et relire la liste").press("Enter")
    seen(page.get_by_text("La liste est relue avec votre correction"))
    has_no_fault(page, script=script)
    is_read(sender, page, deposit, follows=script)
    page.get_by_role("link", name="Relire ligne par ligne").press("Enter")
    seen(page.get_by_text(f"Service corrigé {script}").first)
    page.context.close()


@pytest.mark.parametrize("script", [True, False])
def test_a_link_is_made_and_a_list_sent_by_it(
    chromium: Browser, sender: Sender, script: bool
) -> None:
    page = opened(chromium, sender.signed_in, script=script)
    page.goto("/gestion/sources")
    page.get_by_role("link", name="avant").press("Enter")
    page.get_by_role("button", name="Créer un lien").press("Enter")
    seen(page.get_by_label("Lien de dépôt"))
    link = page.get_by_label("Lien de dépôt").input_value()
    # Without a script it is copied by hand.
    expect(page.get_by_role("button", name="Copier")).to_be_visible(visible=script)
    has_no_fault(page, script=script)
    path = sender.folder / f"par lien {script}.csv"
    path.write_bytes(csv(NEIGHBOUR, f"Par lien {script};ASE;5 rue Lien;93000;Bobigny;;"))
    base, _ = sender.signed_in
    agent = opened(chromium, (base, "nobody"), script=script)
    agent.goto(base + urlsplit(link).path)
    has_no_fault(agent, script=script)
    agent.set_input_files("#fichier", path)
    agent.get_by_role("button", name="Envoyer").press("Enter")
    seen(agent.get_by_text("C’est reçu"))
    has_no_fault(agent, script=script)
    agent.context.close()
    page.get_by_role("button", name="Fermer le lien").first.press("Enter")
    page.context.close()


def test_without_a_script_a_link_asks_again(chromium: Browser, sender: Sender) -> None:
    page = opened(chromium, sender.signed_in, script=False)
    deposit = sender.send(page, ASE, source="Sans script")
    seen(page.get_by_role("link", name="Actualiser"))
    depositing.check(sender.runtime, deposit)
    page.get_by_role("link", name="Actualiser").click()
    seen(page.get_by_role("button", name="Appliquer"))
    page.context.close()


def test_a_file_that_is_too_large_is_not_sent(chromium: Browser, sender: Sender) -> None:
    page = opened(chromium, sender.signed_in)
    large = sender.folder / "grande.csv"
    large.write_bytes(b"x" * 20_000_001)
    page.goto(HERE)
    page.set_input_files("#fichier", large)
    page.fill("#source", "Grande")
    page.get_by_role("button", name="Déposer", exact=True).click()
    assert page.url.endswith(HERE)
    message = page.locator("#fichier").evaluate("input => input.validationMessage")
    assert "20 Mo" in message
    files = [sender.folder / f"{number}.csv" for number in range(6)]
    for each in files:
        each.write_bytes(csv(ASE))
    page.set_input_files("#fichier", files)
    message = page.locator("#fichier").evaluate("input => input.validationMessage")
    assert "5 fichiers au plus" in message
    page.set_input_files("#fichier", files[:2])
    page.select_option("#territoire", "93")
    page.locator("#source").press("Enter")
    seen(page.get_by_text("2 listes sont reçues"))
    page.context.close()


@pytest.mark.parametrize("place", ["#fichier", "h1"])
def test_files_are_dropped_on_their_field_and_anywhere_on_its_page(
    chromium: Browser, sender: Sender, place: str
) -> None:
    page = opened(chromium, sender.signed_in)
    page.goto(HERE)
    paths = [sender.folder / f"glissée {number}.csv" for number in range(2)]
    for each in paths:
        each.write_bytes(csv(ASE))
    drop(page, place, *paths)
    names = "input => [...input.files].map((file) => file.name)"
    assert page.locator("#fichier").evaluate(names) == [each.name for each in paths]
    drop(page, place, *[paths[0]] * 6)
    assert "5 fichiers au plus" in page.locator("#fichier").evaluate("i => i.validationMessage")
    assert page.url.endswith(HERE)
    page.context.close()


COLUMNS = (
    "Qui;Quoi;Voie et ville;Tél. de jour;Découpe\r\n"
    "Un muet;Pôle Zéphyr;1 rue Muette, 93000 Bobigny;01 98 10 00 01;a - écoute\r\n"
    "Deux muet;CRIP;2 rue Muette, 93000 Bobigny;01 98 10 00 02;b - écoute\r\n"
).encode()


def test_columns_are_chosen_by_keyboard_and_without_a_script(
    chromium: Browser, sender: Sender
) -> None:
    for script in (True, False):
        page = opened(chromium, sender.signed_in, script=script)
        source = f"Muette {script}"
        deposit = sender.send(page, source=source, data=COLUMNS + source.encode())
        is_read(sender, page, deposit, follows=script)
        page.get_by_role("link", name="Dire ce que contiennent").press("Enter")
        page.get_by_role("button", name="Montrer des cellules").press("Enter")
        seen(page.get_by_role("combobox", name="Qui"))
        page.get_by_role("combobox", name="Qui").select_option("name")
        page.get_by_role("combobox", name="Quoi").select_option("category")
        if not script:
            page.get_by_role("button", name="Enregistrer et relire").press("Enter")
            seen(page.get_by_text("Encore un pas, rien n’est enregistré avant"))
        page.get_by_role("combobox", name="Pôle Zéphyr").select_option("association")
        if script:
            has_no_fault(page)
        page.get_by_role("button", name="Enregistrer et relire").press("Enter")
        seen(page.get_by_text("C’est enregistré"))
        is_read(sender, page, deposit, follows=script)
        seen(page.get_by_role("heading", name="Ce que cette liste changerait"))
        page.context.close()


@pytest.mark.parametrize("script", [True, False])
def test_a_disagreement_is_answered_beside_both_values(
    chromium: Browser, sender: Sender, script: bool
) -> None:
    page = opened(chromium, sender.signed_in, script=script)
    both = []
    for name in ("Gardé", "Pris"):
        line = f"{name} {script};ASE;1 rue {name} {script};93300;Aubervilliers;01 99 00 05 01;"
        run(sender.runtime, csv(line), source=f"Une {name} {script}")
        both.append(line.replace("05 01", "05 02"))
    deposit = sender.send(page, *both, source=f"Autre {script}")
    is_read(sender, page, deposit, follows=script)
    page.get_by_role("link", name="2 en désaccord avec la fiche").press("Enter")
    page.wait_for_url("**/relire?*")
    seen(page.get_by_text("01 99 00 05 01").first)
    has_no_fault(page, script=script)
    if script:
        page.keyboard.press("j")
        page.keyboard.press("r")
        seen(page.get_by_text("Valeur de la fiche gardée").first)
        # The next line has the focus.
        page.keyboard.press("a")
    else:
        page.get_by_role("button", name="Garder la fiche : Gardé").press("Enter")
        seen(page.get_by_text("Valeur de la fiche gardée").first)
        page.get_by_role("button", name="Prendre la liste : Pris").press("Enter")
    seen(page.get_by_text("Valeur de la liste prise").first)
    has_no_fault(page, script=script)
    page.get_by_role("button", name="Appliquer 2 lignes décidées").press("Enter")
    seen(page.get_by_text("Application en cours"))
    depositing.apply(sender.runtime, deposit)
    goes_on(page, follows=script)
    seen(page.get_by_role("heading", name="Ce que cette liste a changé"))
    page.goto("/gestion/desaccords")
    assert page.get_by_text(f"Gardé {script}").count() == 0
    page.context.close()


def goes_on_in(page: Page, row: str, *, script: bool) -> None:
    """Look whether a page is led to a row: where it has the focus, or Tab goes on from there."""
    wait_until(page, lambda: page.url.endswith(f"#{row}"))
    if not script:
        return
    at = "document.activeElement.closest('[data-row]')?.id"
    wait_until(page, lambda: page.evaluate(at) == row)


@pytest.mark.parametrize("script", [True, False])
def test_disagreements_are_answered_one_after_the_other_by_keyboard_alone(
    chromium: Browser, sender: Sender, script: bool
) -> None:
    names = [f"Disputé {n} {script}" for n in "123"]
    for source, phone in (("Une", "01"), ("Autre", "02")):
        lines = (f"{n};ASE;1 rue {n};93300;Aubervilliers;01 99 00 04 {phone};" for n in names)
        run(sender.runtime, csv(*lines), source=f"{source} disputée {script}")
    page = opened(chromium, sender.signed_in, script=script)
    page.goto("/gestion/desaccords")
    has_no_fault(page, script=script)
    rows = page.locator("main tbody tr")
    seen(rows.nth(2))
    ids = [str(rows.nth(place).get_attribute("id")) for place in range(3)]
    first, second, _ = (page.locator(f'[id="{each}"]') for each in ids)
    if script:
        page.keyboard.press("j")
        page.keyboard.press("r")
    else:
        first.get_by_role("button", name="Garder la fiche").press("Enter")
    seen(page.get_by_text("La valeur de la fiche est gardée"))
    expect(first).to_have_count(0)
    # The next one has the focus: nobody comes down through the page again.
    goes_on_in(page, ids[1], script=script)
    if script:
        page.keyboard.press("a")
    else:
        second.get_by_role("button", name="Prendre la liste").press("Enter")
    seen(page.get_by_text("La valeur de la liste est prise"))
    expect(second).to_have_count(0)
    goes_on_in(page, ids[2], script=script)
    page.get_by_role("button", name="Annuler").press("u" if script else "Enter")
    seen(page.get_by_text("C’est annulé"))
    expect(second).to_have_count(1)
    has_no_fault(page, script=script)
    page.context.close()


def test_a_word_that_is_said_while_others_are_asked_for_stays_said(
    chromium: Browser, sender: Sender
) -> None:
    page = opened(chromium, sender.signed_in)
    data = "Nom;Type;Corps;Ville\n" + "\n".join(f"N{n};Mot seul;Corps mot;Bobigny" for n in "123")
    deposit = sender.send(page, source="Mots", data=data.encode())
    is_read(sender, page, deposit, follows=True)
    page.goto(f"{HERE}/{deposit}/colonnes")
    page.get_by_role("button", name="Montrer des cellules").click()
    menu = page.get_by_label(re.compile("^Mot seul"))
    seen(menu)

    def chosen_meanwhile(route: Route) -> None:
        menu.select_option("ase")
        route.continue_()

    page.route("**/colonnes/cellules", chosen_meanwhile)
    page.locator("tr", has_text="Corps").locator("select").select_option("category")
    seen(page.get_by_label(re.compile("^Corps mot")))
    expect(menu).to_have_value("ase")
    page.context.close()
