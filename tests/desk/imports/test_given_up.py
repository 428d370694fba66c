"""A list whose job failed for good: its page says so, and who can begin it anew."""

import pytest
from sqlalchemy import text

from app.models import Role, SourceFile
from app.platform.database.sessions import read, write
from tests.desk.imports.conftest import Lists
from tests.short_lists import ASE, CRIP

pytestmark = pytest.mark.slow

SAID = "Le service y a renoncé après plusieurs essais"
TO = "UPDATE jobs.procrastinate_jobs SET status = '{}', lock = NULL WHERE args -> 'ids' ? :id"


def give_up(lists: Lists, page: str) -> int:
    """Let the job of a list fail as often as it is tried; return its number."""
    of = {"id": page.rpartition("/")[2]}
    with write(lists.databases.staff) as session:
        session.execute(text(TO.format("doing")), of)
        return int(session.scalars(text(TO.format("failed") + " RETURNING id"), of).one())


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


def test_a_list_that_somebody_gave_up_is_called_so_on_its_source_and_did_not_come(
    lists: Lists,
) -> None:
    browser = lists.signed_in()
    page = lists.sent(browser, ASE, source="Abandonnée")
    with read(lists.databases.staff) as session:
        source = session.get_one(SourceFile, lists.stored(page).file_id).source_id
    followed = f"/gestion/sources/{source}"
    assert "reçu, pas encore appliqué" in browser.get(followed).text
    with write(lists.databases.staff) as session:
        long_ago = "UPDATE source SET created_at = now() - interval '1 year' WHERE id = :id"
        session.execute(text(long_ago), {"id": source})
    assert "en retard" not in browser.get(followed).text
    browser.post(f"{page}/annuler")
    shown = browser.get(followed).text
    assert "abandonné" in shown
    assert "pas encore appliqué" not in shown
    assert "en retard" in shown
    assert "abandonné" in browser.get("/gestion/sources").text
    file = lists.stored(page).file_id
    assert "a été abandonnée" in browser.get(f"{followed}/{file}").text
