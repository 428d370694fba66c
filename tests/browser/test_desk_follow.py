"""A page that follows a list ends by itself: what was pressed or written on it meanwhile counts."""

import pytest
from playwright.sync_api import Browser, Route

from app.jobs import depositing
from tests.browser.test_desk_imports import HERE, Sender, has_no_fault, sender
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
