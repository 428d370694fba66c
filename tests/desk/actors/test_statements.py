"""How often a page of the desk asks the database: each time is a wait, however quick it is."""

from collections.abc import Iterator
from contextlib import contextmanager

import pytest
from sqlalchemy import event

from tests.desk.actors.conftest import Desk
from tests.desk.actors.forms import fields, led_to, send
from tests.desk.actors.test_reports import PAGE, emptied, reported

__all__ = ["emptied"]


@contextmanager
def statements(desk: Desk) -> Iterator[list[str]]:
    """Yield the statements that the desk sends meanwhile."""
    sent: list[str] = []

    def note(_: object, __: object, statement: str, *___: object) -> None:
        sent.append(statement)

    engine = desk.databases.staff
    event.listen(engine, "before_cursor_execute", note)
    try:
        yield sent
    finally:
        event.remove(engine, "before_cursor_execute", note)


@pytest.mark.slow
@pytest.mark.parametrize("query", ["", "q=foyer", "cause=categorie", "tri=territoire&page=2"])
def test_a_list_asks_the_database_some_times(desk: Desk, query: str) -> None:
    browser, path = desk.signed_in(), f"/gestion/acteurs?{query}"
    # What others wrote before is read once more, and then in memory.
    assert browser.get(path).status_code == 200
    with statements(desk) as sent:
        assert browser.get(path).status_code == 200
    assert len(sent) <= 20, sent


def test_reports_ask_as_often_however_many_wait(desk: Desk) -> None:
    browser = desk.signed_in()
    counts: list[int] = []
    for name in ("ASE d'exemple", "CRIP d'exemple", "Association libre"):
        reported(desk, name, "closed")
        assert browser.get(PAGE).status_code == 200
        with statements(desk) as sent:
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
        with statements(desk) as sent:
            saved = led_to(send(browser, path, entered, {"acronym": acronym}))
    assert saved["fait"] == "enregistre"
    assert not [each for each in sent if "FROM commune WHERE NOT EXISTS" in each]
    assert len(sent) <= 40, sent
