"""Choices on the pages of a list in a real browser: what comes late, and what is taken back."""

import re

import pytest
from playwright.sync_api import Browser, Route, expect

from tests.browser.senders import HERE, Sender, has_no_fault, is_read, sender
from tests.browser.test_desk_list import DESK, PHONE, opened
from tests.chromium import seen, wait_until
from tests.short_lists import csv, run

__all__ = ["sender"]
pytestmark = [pytest.mark.browser, pytest.mark.slow]


def test_words_that_are_asked_for_are_those_of_what_was_chosen_last(
    chromium: Browser, sender: Sender
) -> None:
    page = opened(chromium, sender.signed_in)
    data = "Nom;Un;Deux;Ville\n" + "\n".join(f"P{n};Mot un;Mot deux;Bobigny" for n in "123")
    deposit = sender.send(page, source="Hâte", data=data.encode())
    is_read(sender, page, deposit, follows=True)
    page.goto(f"{HERE}/{deposit}/colonnes")
    page.get_by_role("button", name="Montrer des cellules").click()
    one, two = (page.get_by_role("combobox", name=each, exact=True) for each in ("Un", "Deux"))
    seen(one)
    waiting: list[Route] = []
    page.route("**/colonnes/cellules", lambda route: waiting.append(route))
    one.select_option("category")
    two.select_option("functions")
    wait_until(page, lambda: len(waiting) == 2)
    waiting[1].continue_()
    # Of missions nobody has to answer: they are folded.
    expect(page.get_by_label(re.compile("^Mot deux"))).to_be_attached()
    with page.expect_response("**/colonnes/cellules"):
        waiting[0].continue_()
    page.wait_for_timeout(200)
    expect(page.get_by_label(re.compile("^Mot deux"))).to_be_attached()
    page.get_by_text("1 mot, à préciser si vous le voulez").click()
    expect(page.get_by_label(re.compile("^Mot deux"))).to_be_visible()
    page.context.close()


@pytest.mark.parametrize("script", [True, False])
def test_the_last_decision_is_taken_back_from_the_page_that_follows_it(
    chromium: Browser, sender: Sender, script: bool
) -> None:
    page = opened(chromium, sender.signed_in, script=script)
    lines = [f"Repris {n} {script};ASE;{n} rue R {script};93300;Aubervilliers;;" for n in "12"]
    deposit = sender.send(page, *lines, source=f"Reprise {script}")
    is_read(sender, page, deposit, follows=script)
    page.goto(f"{HERE}/{deposit}/relire?etat=none")
    if script:
        page.keyboard.press("j")
        page.keyboard.press("a")
    else:
        page.get_by_role("button", name="Accepter : Repris 1").press("Enter")
    seen(page.get_by_text("1 acceptée"))
    has_no_fault(page, script=script)
    if script:
        page.keyboard.press("u")
    else:
        page.get_by_role("button", name="Annuler cette décision").press("Enter")
    seen(page.get_by_text("2 lignes à décider."))
    assert page.get_by_role("button", name="Annuler cette décision").count() == 0
    if script:
        assert "Repris 1" in page.locator("[data-row]:focus").inner_text()
    page.context.close()


def test_the_buttons_for_many_lines_stay_in_sight_below_the_header(
    chromium: Browser, sender: Sender
) -> None:
    page = opened(chromium, sender.signed_in)
    lines = [f"Collé {n};ASE;{n} rue Collée;93300;Aubervilliers;;" for n in range(1, 9)]
    deposit = sender.send(page, *lines, source="Barre collée")
    is_read(sender, page, deposit, follows=True)
    page.goto(f"{HERE}/{deposit}/relire")
    for size in (DESK, PHONE):
        page.set_viewport_size(size)
        page.locator("[data-row]").nth(5).evaluate("row => row.scrollIntoView()")
        header, bar = (
            page.locator(each).bounding_box() for each in (".desk-header", ".desk-many__bar")
        )
        assert header
        assert bar
        assert abs(bar["y"] - header["y"] - header["height"]) < 2, size
    page.context.close()


@pytest.mark.parametrize("script", [True, False])
def test_a_protected_double_is_opened_and_decided_of_in_two(
    chromium: Browser, sender: Sender, script: bool
) -> None:
    name = f"Les Houx {script}"
    run(sender.runtime, csv(f"{name};MECS;4 rue H {script};93000;Bobigny;;"), source=name)
    page = opened(chromium, sender.signed_in, script=script)
    line = f"{name.upper()} (ADSEA);MECS;8 rue H {script};93000;Bobigny;;"
    deposit = sender.send(page, line, source=f"Houx {script}")
    is_read(sender, page, deposit, follows=script)
    page.goto(f"{HERE}/{deposit}/relire")
    assert page.get_by_text(f"8 rue H {script}").count() == 0
    if script:
        page.keyboard.press("j")
        page.keyboard.press("o")
    else:
        page.get_by_role("button", name="Ouvrir pour comparer").press("Enter")
    seen(page.get_by_text(f"8 rue H {script}").first)
    has_no_fault(page, script=script)
    if script:
        assert name.upper() in page.locator("[data-row]:target").inner_text()
        page.keyboard.press("j")
        page.keyboard.press("d")
    else:
        page.get_by_role("button", name="Ce sont deux acteurs").press("Enter")
    seen(page.get_by_text("1 acceptée"))
    page.context.close()
