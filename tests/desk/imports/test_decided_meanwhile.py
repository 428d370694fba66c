"""Of two who decide of a list, the one who applies it applies what they were shown."""

import re

import pytest

from tests.desk.bureau import ORIGIN, Browser
from tests.desk.imports.conftest import EVERYTHING, Lists, form_of, seen_in
from tests.desk.imports.reviewing import named, press, row_of


def apply_as_shown(browser: Browser, page: str, form: dict[str, str], *, rest: bool) -> str:
    """Send a form that was shown earlier; return what it answers, "" where it applies."""
    answer = browser.post(f"{page}/appliquer", data=form | (EVERYTHING if rest else {}))
    if answer.status_code == 303:
        return ""
    assert answer.status_code == 409
    return re.sub(r"\s+", " ", answer.text.partition("<main")[2])


@pytest.mark.slow
def test_as_many_accepted_lines_that_are_others_are_not_applied(lists: Lists) -> None:
    one, other = lists.signed_in(), lists.signed_in()
    page = lists.sent(one, *named("Échangée"), source="Échangée")
    press(one, page, "Échangée 0", "accepter")
    form = form_of(one, page)
    press(other, page, "Échangée 0", "refuser")
    press(other, page, "Échangée 1", "accepter")
    said = apply_as_shown(one, page, form, rest=False)
    assert "« Échangée 0 » : refusée" in said
    assert "« Échangée 1 » : acceptée" in said
    assert "Échangée 2" not in said
    assert lists.state(page) == "ready"
    assert not apply_as_shown(one, page, form_of(one, page), rest=False)
    lists.work()
    assert [name for name in lists.actors() if "Échangée" in name] == ["Échangée 1"]


@pytest.mark.slow
def test_all_that_is_left_is_not_more_than_what_was_shown_as_left(lists: Lists) -> None:
    one, other = lists.signed_in(), lists.signed_in()
    page = lists.sent(one, *named("Reprise"), source="Reprise")
    press(other, page, "Reprise 0", "refuser")
    form = form_of(one, page)
    press(other, page, "Reprise 0", "annuler")
    assert "« Reprise 0 » : décision annulée" in apply_as_shown(one, page, form, rest=True)
    assert lists.state(page) == "ready"


@pytest.mark.slow
def test_what_nobody_decided_meanwhile_is_applied(lists: Lists) -> None:
    one, other = lists.signed_in(), lists.signed_in()
    page = lists.sent(one, *named("Tranquille"), source="Tranquille")
    press(other, page, "Tranquille 0", "refuser")
    assert not apply_as_shown(one, page, form_of(one, page), rest=True)
    lists.work()
    assert lists.state(page) == "applied"
    assert "Tranquille 0" not in lists.actors()


@pytest.mark.slow
@pytest.mark.parametrize("done", [False, True])
def test_what_is_decided_once_a_list_is_being_applied_is_said_not_to_count(
    lists: Lists, done: bool
) -> None:
    one, other = lists.signed_in(), lists.signed_in()
    source = f"Tardive {done}"
    page = lists.sent(one, *named(source), source=source)
    line = re.search(r'id="l-([0-9a-f-]+)"', row_of(other, page, f"{source} 0"))
    assert line
    data = {"geste": f"refuser.{line[1]}", "vu": seen_in(other.get(f"{page}/relire").text)}
    assert lists.apply(one, page).status_code == 303
    if done:
        lists.work()
    answer = other.post(f"{page}/relire", data=data)
    assert answer.status_code == 409
    assert "Liste appliquée entre-temps" in answer.text
    assert f'href="{page}"' in answer.text
    lists.work()
    assert f"{source} 0" in lists.actors()


@pytest.mark.slow
def test_who_was_decided_of_meanwhile_is_named_on_the_page_and_in_no_message(lists: Lists) -> None:
    one, other = lists.signed_in(), lists.signed_in()
    page = lists.sent(one, *named("Journalisée"), source="Journalisée")
    form = form_of(one, page)
    press(other, page, "Journalisée 0", "refuser")
    assert "« Journalisée 0 » : refusée" in apply_as_shown(one, page, form, rest=False)
    asked = {"Accept": "application/problem+json", "Origin": ORIGIN}
    answer = one.ask("POST", f"{page}/appliquer", asked, data=form)
    assert answer.status_code == 409
    assert "Journalisée" not in answer.text
