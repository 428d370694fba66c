"""A list that waits for others who write says on its page who they are, and loses nothing."""

from concurrent.futures import ThreadPoolExecutor

import pytest

from app.platform.database.sessions import IMPORT_LOCK, hold, write
from tests.desk.imports.conftest import Lists
from tests.desk.imports.reviewing import named
from tests.meanwhile import is_blocked, until

SAID = "écrit des fiches en ce moment : cette liste attend son tour"


@pytest.mark.slow
@pytest.mark.parametrize("deed", ["applying", "undoing"])
def test_the_page_of_a_list_says_who_writes_while_it_waits(lists: Lists, deed: str) -> None:
    browser, other = lists.signed_in(), lists.enrolled()
    page = lists.sent(browser, *named(f"Attend {deed}"), source=f"Attend {deed}")
    lists.apply(browser, page)
    if deed == "undoing":
        lists.work()
        seen = lists.stored(page).at.isoformat()
        assert browser.post(f"{page}/defaire", data={"vu": seen}).status_code == 303
    assert SAID not in browser.get(page).text
    with ThreadPoolExecutor(1) as pool, write(lists.databases.staff) as session:
        hold(session, IMPORT_LOCK, who=str(other.id))
        waiting = pool.submit(lists.work)
        until(lambda: is_blocked(lists.databases.staff))
        assert lists.state(page) == deed
        assert f"Camille Exemple {SAID}" in browser.get(page).text
        session.commit()
        waiting.result()
    assert lists.state(page) == {"applying": "applied", "undoing": "undone"}[deed]
    assert SAID not in browser.get(page).text
