"""How often a page of resources asks the database, however many there are of them."""

import pytest

from tests.desk.bureau import Browser
from tests.desk.resources.catalogues import apply, like, line, planned
from tests.desk.resources.room import HELD, HERE, NAMES_HOME, Room, publish
from tests.desk.resources.test_dead_links import look
from tests.desk.resources.test_imports import hash_of
from tests.desk.resources.test_proposed import propose
from tests.resource_contents import document, sheet
from tests.statements import statements


def asked(room: Room, browser: Browser, path: str) -> int:
    """Return how many statements a page sends, once what it reads once is in memory."""
    assert browser.get(path).status_code == 200
    with statements(room.bureau.databases.staff) as sent:
        assert browser.get(path).status_code == 200
    return len(sent)


@pytest.mark.slow
def test_each_page_asks_some_times_and_as_often_for_more(room: Room) -> None:
    curateur, other = room.curateur(), room.curateur()
    read = room.published(document(title="Lue"))
    draft = room.written(other, sheet(title="En cours"))
    paths = [
        *(f"{HERE}?onglet={tab}" for tab in ("a-relire", "brouillons", "publiees", "a-revoir")),
        *(f"{HERE}/{each}" for each in ("import", "liens-morts", "proposees")),
        *(HELD, read, draft, f"{draft}/modifier", f"{draft}/historique"),
        *(f"{HERE}/{each}" for each in ("collections", "situations", "mots", "organismes")),
    ]
    counts: list[dict[str, int]] = []
    for number in range(2):
        held = room.written(other, document(title=f"Retenue {number}", summary=NAMES_HOME))
        publish(other, held)
        room.written(other, document(title=f"Attend {number}"), what="demander")
        room.published(document(title=f"Encore {number}", url=f"https://exemple.fr/{number}"))
        look(room, **{f"{each}": 404 for each in range(number + 1)})
        propose(room, f"Proposée {number}", f"https://exemple.fr/proposee-{number}")
        counts.append({path: asked(room, curateur, path) for path in paths})
    assert counts[0] == counts[1]
    assert max(counts[0].values()) <= 20, counts[0]


@pytest.mark.slow
def test_a_catalogue_of_many_lines_asks_as_often_as_one_of_a_few(room: Room) -> None:
    curateur = room.curateur()
    for each in ("bleu", "vert"):
        room.published(like(f"Guide {each} déjà là"))
    counts = []
    for lines in (2, 20):
        new = [line(f"{each:02} {hash_of(each)} de {lines}") for each in range(lines)]
        doubtful = [line(f"Guide {each} déjà là") for each in ("bleu", "vert")[: lines // 2]]
        page = planned(curateur, *new, *doubtful)
        ways = [f"{page}?voir={part}" for part in ("nouvelles", "a-decider")]
        read = [asked(room, curateur, way) for way in ways]
        assert apply(room, curateur, page).status_code == 303
        counts.append([*read, asked(room, curateur, page)])
    assert counts[0] == counts[1]
    assert max(counts[0]) <= 20, counts
