"""A filter that gets no answer: by the browser, the server or the network, and always reported."""

from collections.abc import Callable
from urllib.parse import urlencode

import pytest

from tests.browser.conftest import PHONE, Visit
from tests.browser.test_territory import SEINE_SAINT_DENIS, unfold

pytestmark = [pytest.mark.slow, pytest.mark.browser]
Start = Callable[..., Visit]


def test_failed_filter_says_what_to_do(visit: Start) -> None:
    seen = visit(may_fail=True)
    page = seen.go(SEINE_SAINT_DENIS)
    page.route("**/departements/93?*", lambda route: route.abort())
    unfold(page)
    page.check("#categorie-association")
    page.wait_for_selector("#panne:has-text('Vérifiez votre connexion')")
    page.unroute("**/departements/93?*")
    page.click("#panne a")
    page.wait_for_url("**/departements/93?categorie=association")


@pytest.mark.parametrize("age", ["30", "-1", "1.5"])
def test_an_age_that_is_none_is_reported_where_it_stands(visit: Start, age: str) -> None:
    seen = visit()
    page = seen.go(SEINE_SAINT_DENIS)
    unfold(page)
    page.fill("#age", age)
    # Leaving it would apply it: the focus is brought back, and what is asked for is read out.
    page.press("#age", "Tab")
    page.wait_for_selector("#age:user-invalid:focus")
    described = str(page.get_attribute("#age", "aria-describedby"))
    assert page.inner_text(f"#{described}") == "Un nombre entier, de 0 à 25."
    # Who has folded it away and changes something else reads it as well.
    page.eval_on_selector("#filtres-pli", "fold => { fold.open = false }")
    unfold(page)
    page.fill("#q", "cellule")
    page.press("#q", "Tab")
    page.wait_for_selector("#age:focus")
    assert page.url.endswith(SEINE_SAINT_DENIS)
    page.fill("#age", "7")
    page.press("#age", "Enter")
    page.wait_for_url("**q=cellule&age=7")


def test_an_age_with_a_zero_in_front_is_the_same_age(visit: Start) -> None:
    page = visit().go(SEINE_SAINT_DENIS)
    unfold(page)
    page.fill("#age", "07")
    page.press("#age", "Enter")
    page.wait_for_url("**/departements/93?age=7")


def test_what_the_server_refuses_is_reported_in_its_words(visit: Start) -> None:
    # Chromium writes an answer of 422 to the console.
    seen = visit(may_fail=True)
    twenty = [("sans", f"{number:02}") for number in range(1, 20)] + [("sans", "21")]
    page = seen.go(f"{SEINE_SAINT_DENIS}?{urlencode(twenty)}")
    unfold(page)
    page.click("#eloigner-pli > summary")
    page.select_option("#sans", "75")
    page.wait_for_selector("#panne:has-text('au plus 20 territoires')")
    assert "connexion" not in page.inner_text("#panne")
    assert not page.is_visible("#panne a")


def test_failed_filter_over_the_map_of_a_phone_is_reported_there(visit: Start) -> None:
    seen = visit(may_fail=True, viewport=PHONE)
    page = seen.go(f"{SEINE_SAINT_DENIS}?vue=carte")
    page.route("**/departements/93?*", lambda route: route.abort())
    unfold(page)
    page.check("#categorie-association")
    page.wait_for_selector("#panne", state="visible")
