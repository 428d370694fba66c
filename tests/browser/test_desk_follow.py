"""A page that follows a list ends by itself: what was pressed or written on it meanwhile counts."""

import pytest
from playwright.sync_api import Browser, Route

from app.jobs import depositing
from tests.browser.senders import HERE, Sender, has_no_fault, sender
from tests.browser.test_desk_list import opened
from tests.chromium import seen, wait_until
from tests.short_lists import ASE

__all__ = ["sender"]
pytestmark = [pytest.mark.browser, pytest.mark.slow]


def test_what_is_pressed_as_a_list_ends_is_not_lost(chromium: Browser, sender: Sender) -> None:
    page = opened(chromium, sender.signed_in)
    deposit = sender.send(page, ASE, source="Pressée")
    asked: list[Route] = []
    pressed: list[Route] = []

    def ask(route: Route) -> None:
        asked.append(route) if route.request.resource_type == "fetch" else route.continue_()

    page.route(f"**{HERE}/{deposit}", ask)
    page.route("**/suivre", lambda route: pressed.append(route))
    wait_until(page, lambda: bool(asked))
    depositing.check(sender.runtime, deposit)
    page.get_by_role("button", name="Je m’en occupe").press("Enter", no_wait_after=True)
    wait_until(page, lambda: bool(pressed))
    with page.expect_response(lambda response: response.request == asked[0].request):
        asked[0].continue_()
    # Time for the page to be loaded again, were it to be.
    page.wait_for_timeout(300)
    pressed[0].continue_()
    seen(page.get_by_text("Vous suivez cette liste"))
    page.context.close()


def test_what_is_being_written_as_a_list_ends_is_not_lost(
    chromium: Browser, sender: Sender
) -> None:
    page = opened(chromium, sender.signed_in)
    deposit = sender.send(page, ASE, source="Notée")
    page.get_by_text("Laisser une note").click()
    page.get_by_label("Note").fill("Rappeler la source")
    depositing.check(sender.runtime, deposit)
    seen(page.get_by_role("alert").get_by_text("C’est terminé."))
    has_no_fault(page)
    page.get_by_role("button", name="Enregistrer la note").press("Enter")
    seen(page.get_by_text("Rappeler la source").first)
    seen(page.get_by_role("heading", name="Ce que cette liste changerait"))
    page.context.close()


def test_a_page_whose_form_was_not_sent_after_all_follows_its_list_on(
    chromium: Browser, sender: Sender
) -> None:
    page = opened(chromium, sender.signed_in)
    deposit = sender.send(page, ASE, source="Arrêtée")
    pressed: list[Route] = []
    page.route("**/suivre", lambda route: pressed.append(route))
    page.get_by_role("button", name="Je m’en occupe").press("Enter", no_wait_after=True)
    wait_until(page, lambda: bool(pressed))
    pressed[0].abort("aborted")
    depositing.check(sender.runtime, deposit)
    page.get_by_role("link", name="Voir la suite", exact=True).press("Enter")
    seen(page.get_by_role("heading", name="Ce que cette liste changerait"))
    page.context.close()


def test_a_page_that_is_come_back_to_shows_the_end_of_its_list(
    chromium: Browser, sender: Sender
) -> None:
    page = opened(chromium, sender.signed_in)
    deposit = sender.send(page, ASE, source="Revenue")
    pressed: list[Route] = []
    page.route("**/suivre", lambda route: pressed.append(route))
    page.get_by_role("button", name="Je m’en occupe").press("Enter", no_wait_after=True)
    wait_until(page, lambda: bool(pressed))
    pressed[0].abort("aborted")
    # As a browser says that keeps the page as it was left.
    page.evaluate("dispatchEvent(new PageTransitionEvent('pageshow', {persisted: true}))")
    depositing.check(sender.runtime, deposit)
    seen(page.get_by_role("heading", name="Ce que cette liste changerait"))
    page.context.close()


def test_a_note_that_is_refused_as_a_list_ends_is_not_lost(
    chromium: Browser, sender: Sender
) -> None:
    page = opened(chromium, sender.signed_in)
    deposit = sender.send(page, ASE, source="Refusée")
    other = page.context.new_page()
    for each, text in ((other, "La première"), (page, "La seconde")):
        each.goto(f"{HERE}/{deposit}")
        each.get_by_text("Laisser une note").click()
        each.get_by_label("Note").fill(text)
    for each in (other, page):
        each.get_by_role("button", name="Enregistrer la note").press("Enter")
        seen(each.get_by_text("La première").first)
    assert page.url.endswith("/note")
    depositing.check(sender.runtime, deposit)
    link = page.get_by_role("link", name="Voir la suite sans l’enregistrer")
    seen(link)
    assert page.get_by_label("Note").input_value() == "La seconde"
    link.press("Enter")
    page.wait_for_url(f"**{HERE}/{deposit}")
    seen(page.get_by_role("heading", name="Ce que cette liste changerait"))
    page.context.close()
