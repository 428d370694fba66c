"""How often a page of the desk asks the database: each time is a wait, however quick it is."""

import pytest

from tests.desk.actors.conftest import Desk
from tests.desk.actors.forms import fields, led_to, send
from tests.desk.actors.test_reports import PAGE, emptied, reported
from tests.statements import statements

__all__ = ["emptied"]


@pytest.mark.slow
@pytest.mark.parametrize(
    "query", ["", "q=foyer", "cause=categorie", "tri=territoire&page=2", "donner=oui"]
)
def test_a_list_asks_the_database_some_times(desk: Desk, query: str) -> None:
    browser, path = desk.signed_in(), f"/gestion/acteurs?{query}"
    # What others wrote before is read once more, and then in memory.
    assert browser.get(path).status_code == 200
    with statements(desk.databases.staff) as sent:
        assert browser.get(path).status_code == 200
    assert len(sent) <= 20, sent


def test_reports_ask_as_often_however_many_wait(desk: Desk) -> None:
    browser = desk.signed_in()
    counts: list[int] = []
    for name in ("ASE d'exemple", "CRIP d'exemple", "Association libre"):
        reported(desk, name, "closed")
        assert browser.get(PAGE).status_code == 200
        with statements(desk.databases.staff) as sent:
            page = browser.get(PAGE)
        assert page.text.count('name="vu"') == len(counts) + 1
        counts.append(len(sent))
    assert len(set(counts)) == 1
    assert counts[0] <= 20


def test_a_form_is_saved_with_the_gazetteer_that_is_in_memory(desk: Desk) -> None:
    browser, public_id = desk.signed_in(), desk.ids()["Association libre"]
    path = f"/gestion/acteurs/{public_id}/modifier"
    for acronym in ("UN", "DEUX"):
        entered = fields(browser.get(path))
        with statements(desk.databases.staff) as sent:
            saved = led_to(send(browser, path, entered, {"acronym": acronym}))
    assert saved["fait"] == "enregistre"
    assert not [each for each in sent if "FROM commune WHERE NOT EXISTS" in each]
    assert len(sent) <= 40, sent
