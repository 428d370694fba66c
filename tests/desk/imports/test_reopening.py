"""Who was written while a reopening waited for its turn is left as that person leaves them."""

from concurrent.futures import ThreadPoolExecutor

import pytest

from app.lists.deposit_page import MOST
from app.platform.database.sessions import write
from app.records import acts
from app.records.acts import RANK_OF_STAFF
from app.records.edits import correct
from app.records.record import Origin
from app.records.viewing import see
from app.visibility import OPERATOR
from geo.zones import paris_day
from tests.desk.imports.conftest import Lists
from tests.desk.imports.test_undo import line
from tests.meanwhile import is_blocked, until

NAME = "Suivi"


@pytest.mark.slow
def test_who_is_written_while_it_waits_stays_archived(lists: Lists) -> None:
    browser, source = lists.signed_in(), "Pour rouvrir"
    lists.applied(browser, line("Toujours là", 1), line(NAME, 2), source=source)
    page = lists.sent(browser, line("Toujours là", 1), source=source)
    lists.answer(browser, page, "accepter.tous", query="?resultat=missing")
    lists.apply(browser, page, verifie="true")
    lists.work()
    lists.undo(browser, page)
    assert "Rouvrir cet acteur" in browser.get(page).text
    with ThreadPoolExecutor(1) as pool, write(lists.databases.staff) as session:
        seen = {each.record.name: each.public_id for each in see(session, lists.vault, OPERATOR)}
        writer, edit = acts.find(session, lists.vault, seen[NAME])
        waiting = pool.submit(browser.post, f"{page}/rouvrir")
        until(lambda: is_blocked(lists.databases.staff))
        by = Origin(source="staff", day=paris_day(), rank=RANK_OF_STAFF)
        correct(edit, {"description": "Dit au téléphone"}, by)
        acts.write(session, lists.vault, writer, edit, "update", "essai")
        session.commit()
        assert waiting.result().status_code == 303
    assert lists.actors()[NAME] == "archived"


@pytest.mark.slow
def test_all_that_an_undone_list_archived_are_reopened_together_however_many(
    lists: Lists,
) -> None:
    browser, source, many = lists.signed_in(), "Beaucoup à rouvrir", MOST + 2
    there, more = line("Encore là", 1), [line(f"Nombreux {n:03}", n + 2) for n in range(many)]
    lists.applied(browser, there, *more, source=source)
    page = lists.sent(browser, there, source=source)
    lists.answer(browser, page, "accepter.tous", query="?resultat=missing")
    lists.apply(browser, page, verifie="true")
    lists.work()
    lists.undo(browser, page)
    assert f"Rouvrir ces {many} acteurs" in browser.get(page).text
    assert browser.post(f"{page}/rouvrir").status_code == 303
    assert "Restent archivés" not in browser.get(page).text
    actors = lists.actors()
    assert {actors[each.partition(";")[0]] for each in more} == {"published"}
