"""A list whose job failed for good: its page says so, and who can begin it anew."""

import pytest
from sqlalchemy import text

from app.models import Role
from app.platform.database.sessions import write
from tests.desk.imports.conftest import Lists
from tests.short_lists import ASE, CRIP

SAID = "Le service y a renoncé après plusieurs essais"
TO = "UPDATE jobs.procrastinate_jobs SET status = '{}', lock = NULL WHERE args -> 'ids' ? :id"


def give_up(lists: Lists, page: str) -> int:
    """Let the job of a list fail as often as it is tried; return its number."""
    of = {"id": page.rpartition("/")[2]}
    with write(lists.databases.staff) as session:
        session.execute(text(TO.format("doing")), of)
        return int(session.scalars(text(TO.format("failed") + " RETURNING id"), of).one())


@pytest.mark.slow
def test_a_list_whose_reading_failed_says_so_until_it_is_begun_anew(lists: Lists) -> None:
    sender, curateur = lists.signed_in(Role.REFERENT_DEPARTEMENT), lists.signed_in()
    answer = lists.send(sender, (CRIP,), source="Renoncée")
    page = answer.headers["location"].partition("?")[0]
    assert SAID not in sender.get(page).text
    assert "data-follow" in sender.get(page).text
    number = give_up(lists, page)
    for browser, done in ((sender, "Prévenez un curateur"), (curateur, 'href="/gestion/travaux"')):
        shown = browser.get(page).text
        assert SAID in shown
        assert done in shown
        assert "data-follow" not in shown
    assert curateur.post(f"/gestion/travaux/{number}/recommencer").status_code == 303
    assert SAID not in curateur.get(page).text
    lists.work()
    assert lists.state(page) == "ready"


def test_a_list_that_is_not_applied_after_all_is_held_back_and_applied_later(lists: Lists) -> None:
    browser = lists.signed_in()
    page = lists.sent(browser, ASE, source="Renoncée ensuite")
    lists.apply(browser, page)
    give_up(lists, page)
    assert SAID in browser.get(page).text
    browser.post(f"{page}/annuler")
    assert SAID not in browser.get(page).text
    assert lists.apply(browser, page).status_code == 303
    lists.work()
    assert lists.state(page) == "applied"
