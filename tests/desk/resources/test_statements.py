"""How often a page of resources asks the database, however many there are of them."""

import pytest
from sqlalchemy import event

from tests.desk.bureau import Browser
from tests.desk.resources.room import HELD, HERE, NAMES_HOME, Room, publish
from tests.resource_contents import document, sheet


def asked(room: Room, browser: Browser, path: str) -> int:
    """Return how many statements a page sends, once what it reads once is in memory."""
    sent: list[str] = []

    def note(_: object, __: object, statement: str, *___: object) -> None:
        sent.append(statement)

    assert browser.get(path).status_code == 200
    engine = room.bureau.databases.staff
    event.listen(engine, "before_cursor_execute", note)
    try:
        assert browser.get(path).status_code == 200
    finally:
        event.remove(engine, "before_cursor_execute", note)
    return len(sent)


@pytest.mark.slow
def test_each_page_asks_some_times_and_as_often_for_more(room: Room) -> None:
    curateur, other = room.curateur(), room.curateur()
    read = room.published(document(title="Lue"))
    draft = room.written(other, sheet(title="En cours"))
    paths = [
        *(f"{HERE}?onglet={tab}" for tab in ("a-relire", "brouillons", "publiees", "a-revoir")),
        *(HELD, read, draft, f"{draft}/modifier", f"{draft}/historique"),
        *(f"{HERE}/{each}" for each in ("collections", "situations", "mots", "organismes")),
    ]
    counts: list[dict[str, int]] = []
    for number in range(2):
        held = room.written(other, document(title=f"Retenue {number}", summary=NAMES_HOME))
        publish(other, held)
        room.written(other, document(title=f"Attend {number}"), what="demander")
        room.published(document(title=f"Encore {number}"))
        counts.append({path: asked(room, curateur, path) for path in paths})
    assert counts[0] == counts[1]
    assert max(counts[0].values()) <= 20, counts[0]
