"""What a first view costs a browser: errors that nobody sees, and what moves while a page comes."""

from collections.abc import Callable

import pytest
from playwright.sync_api import FloatRect, Page

from tests.browser.conftest import DESK, PHONE, Visit

pytestmark = [pytest.mark.slow, pytest.mark.browser]
Start = Callable[..., Visit]

PLACES = ".bar__count, .filter-sheet__summary, .bar__view, .place-box__input, .place-box__go"


def boxes(page: Page) -> list[FloatRect | None]:
    """Return where the first row of a page stands."""
    return [each.bounding_box() for each in page.locator(PLACES).all()]


def test_script_of_a_map_starts_without_an_error_that_it_catches(visit: Start) -> None:
    """V8 parses a whole bundle again to say where an error was thrown, even to who ignores it."""
    seen = visit()
    session = seen.page.context.new_cdp_session(seen.page)
    thrown: list[str] = []

    def paused(event: dict[str, dict[str, str]]) -> None:
        thrown.append(event["data"]["description"])
        session.send("Debugger.resume")

    session.on("Debugger.paused", paused)
    session.send("Debugger.enable")
    session.send("Debugger.setPauseOnExceptions", {"state": "all"})
    page = seen.go("/departements/93")
    assert not thrown
    assert page.evaluate("'namespaces' in document") is False


@pytest.mark.parametrize("viewport", [DESK, PHONE], ids=["desk", "phone"])
@pytest.mark.parametrize("path", ["/departements/93", "/autour?lieu=48.935,2.355", "/autour"])
def test_first_row_stands_still_while_what_follows_comes(
    visit: Start, path: str, viewport: dict[str, int]
) -> None:
    page = visit(viewport=viewport).go(path)
    whole = boxes(page)
    page.evaluate("for (const late of document.querySelectorAll('.more, .reach')) late.remove()")
    assert boxes(page) == whole
