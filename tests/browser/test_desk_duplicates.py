"""Pairs that may be one are decided in a real browser: by keys alone, or without a script."""

import re

import pytest
from playwright.sync_api import Browser, Page, expect

from app.jobs import comparing
from tests.browser.senders import Sender, has_no_fault, sender
from tests.browser.test_desk_list import opened
from tests.chromium import seen
from tests.lists.stored import stored
from tests.meanwhile import until
from tests.short_lists import csv

__all__ = ["sender"]
pytestmark = [pytest.mark.browser, pytest.mark.slow]
HERE = "/gestion/doublons"


def pairs(sender: Sender, word: str) -> None:
    """Three pairs of public actors of two lists that may be one each."""
    lines = [
        f"{{}} {word}{n};Association;{n} rue {word};93000;Bobigny;01 99 00 09 1{n};"
        for n in range(3)
    ]
    for title in ("Planning familial", "P.F."):
        stored(sender.runtime, csv(*(line.format(title) for line in lines)))
    comparing.compare(sender.runtime)


def has_focus(page: Page, row: str) -> bool:
    """Wait until a row, or what stands in it, has the focus."""
    at = "document.activeElement.closest('[data-row]')?.id ?? ''"
    return until(lambda: page.evaluate(at) == row) >= 0


def test_pairs_are_decided_by_keys_alone(chromium: Browser, sender: Sender) -> None:
    pairs(sender, "Lilas")
    page = opened(chromium, sender.signed_in)
    page.goto(HERE)
    has_no_fault(page)
    rows = page.locator("[data-row]").evaluate_all("rows => rows.map(each => each.id)")
    page.keyboard.press("j")
    assert has_focus(page, rows[0])
    page.keyboard.press("t")
    seen(page.get_by_text("attend à la fin de la file"))
    # The next one has the focus, so that one key decides it.
    assert has_focus(page, rows[1])
    page.keyboard.press("m")
    seen(page.get_by_text("réunies en une seule"))
    assert has_focus(page, rows[2])
    # What was done stays in sight above the row that the page scrolled to.
    expect(page.get_by_role("status").get_by_text("réunies en une seule")).to_be_in_viewport()
    page.keyboard.press("d")
    seen(page.get_by_text("la question ne sera plus posée"))
    page.keyboard.press("u")
    seen(page.get_by_text("C’est annulé"))
    assert has_focus(page, rows[2])
    page.keyboard.press("c")
    seen(page.get_by_role("heading", name="Un seul acteur, ou deux ?"))
    has_no_fault(page)
    page.context.close()


def test_fields_are_chosen_without_a_script(chromium: Browser, sender: Sender) -> None:
    pairs(sender, "Roses")
    page = opened(chromium, sender.signed_in, script=False)
    page.goto(HERE)
    page.get_by_role("link", name=re.compile("^Comparer : .*Roses1")).press("Enter")
    name = page.get_by_role("radio", name=re.compile("Roses1"))
    expect(name).to_have_count(2)
    assert [each.is_checked() for each in name.all()] == [True, False]
    chosen = name.nth(1).evaluate("each => each.closest('td').innerText").split("\n")[0].strip()
    name.nth(1).check()
    page.get_by_role("button", name=re.compile("^Un seul acteur")).press("Enter")
    seen(page.get_by_text("réunies en une seule"))
    page.goto("/gestion/acteurs?q=Roses1")
    seen(page.get_by_role("link", name=chosen).first)
    page.context.close()
