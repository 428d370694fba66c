"""The history of an actor: by whom, from which list, and of a time when it was hidden for whom."""

import re

import pytest
from sqlalchemy import select

from app.models import Actor, Role
from app.platform.database.sessions import write
from app.records import acts
from app.records.history import Entry, History
from geo.zones import paris_day
from tests.desk.actors.conftest import Desk
from tests.desk.actors.forms import fields, send
from tests.desk.actors.test_sheet import url
from tests.desk.bureau import Browser
from tests.makers import decide
from tests.short_lists import csv, run

WHO = {"who": "essai", "why": "motif à part"}
NAME = "Association qui a déménagé"
THEN, NOW = "7 rue du Secret", "8 rue du Jour"


@pytest.fixture(scope="module", autouse=True)
def _moved(desk: Desk) -> None:
    """One that moved while it was protected, and is public where it is now: versions 1 to 5."""
    line = f"{NAME};Association;{{}};93300;Aubervilliers;01 99 00 04 04;"
    run(desk.runtime, csv(line.format(THEN)), source="Liste d’essai", territory="93")
    hidden = decide(desk.runtime, acts.protect, desk.ids()[NAME], **WHO).public_id
    run(desk.runtime, csv(line.format(NOW)), source="Liste d’essai", territory="93")
    decide(desk.runtime, acts.unprotect, hidden, consent=paris_day(), **WHO)
    decide(desk.runtime, acts.classify, desk.ids()[NAME], "prevention", **WHO)
    decide(desk.runtime, acts.classify, desk.ids()[NAME], "association", **WHO)


def history(desk: Desk, browser: Browser) -> str:
    return browser.get(f"{url(desk, NAME)}/historique").text


def test_each_version_says_who_why_and_by_which_list(desk: Desk) -> None:
    page = history(desk, desk.signed_in())
    steps = page.split('class="desk-step"')[1:]
    assert [re.search(r"Version (\d+)", each)[1] for each in steps] == list("654321")  # type: ignore[index]
    assert ["par la liste « Liste d’essai »" in each for each in steps] == [
        *(False, False, False),
        *(True, False, True),
    ]
    assert all("motif à part" in steps[each] for each in (0, 1, 2, 4))
    assert THEN in page


def test_the_state_reads_nothing_of_when_it_was_hidden(desk: Desk) -> None:
    state, address = desk.signed_in(Role.REFERENT_ETAT), url(desk, NAME)
    with write(desk.databases.staff) as session:
        actor = session.scalars(select(Actor.id).where(Actor.public_id == desk.ids()[NAME])).one()
        # What was public is erased from the files once it was hidden: the day would say so.
        History(session, desk.vault, "worker", "purge").note([Entry(actor, "purge")])
    assert "Effacé des fichiers" in history(desk, desk.signed_in())
    page = history(desk, state)
    assert re.findall(r"<h2>Version (\d+) · ([^<]+)</h2>", page) == [
        *(("6", "Classé"), ("5", "Classé"), ("4", "Première version à lire ici")),
    ]
    first = page.split('class="desk-step"')[-1]
    assert "<time" not in first
    assert "Camille" not in first
    assert page.count("<time") == 2
    assert set(re.findall(r'<option value="(\d+)"', page)) == {"6", "5", "4"}
    assert set(re.findall(r'name="version" value="(\d+)"', page)) == {"5", "4"}
    texts = [page, state.get(address).text, state.get(f"{address}/comparer?de=1&a=6").text]
    assert state.get(f"{address}/comparer?de=3&a=6").status_code == 404
    assert state.get(f"{address}/comparer?de=4&a=6").status_code == 200
    assert state.post(f"{address}/retablir", {"version": "1", "vue": "6"}).status_code == 404
    # A form says which version it was begun on.
    form = fields(state.get(f"{address}/modifier"))
    texts.append(send(state, f"{address}/modifier", form, {"based_on": "1", "acronym": "X"}).text)
    secret = (THEN, "Liste d’essai", "Protégé", "Protection levée", "cachée", "Version 3", "Effacé")
    assert not [(each, text) for text in texts for each in secret if each in text]


def test_the_state_reads_no_day_on_which_one_was_placed_on_the_map(desk: Desk) -> None:
    with write(desk.databases.staff) as session:
        found = select(Actor.id).where(Actor.public_id == desk.ids()[NAME])
        entry = Entry(session.scalars(found).one(), "geocode")
        History(session, desk.vault, "worker", "geocoding").note([entry])
    curateur, state = desk.signed_in(), desk.signed_in(Role.REFERENT_ETAT)
    assert "Placé sur la carte" in history(desk, curateur)
    page = history(desk, state)
    assert "Placé sur la carte" not in page
    address, seen = url(desk, NAME), re.search(r'name="vue" value="(\d+)"', page)
    # A number that is not shown tells nothing by what it differs in.
    for number in ("7", "8"):
        assert curateur.get(f"{address}/comparer?de=6&a={number}").status_code == 200
        assert state.get(f"{address}/comparer?de=6&a={number}").status_code == 404
        given = {"version": number, "vue": seen[1] if seen else ""}
        assert state.post(f"{address}/retablir", given).status_code == 404


def test_who_restores_what_was_hidden_is_told_that_it_is_hidden_again(desk: Desk) -> None:
    curateur = desk.signed_in()
    seen = re.search(r'name="vue" value="(\d+)"', history(desk, curateur))
    given = {"version": "2", "vue": seen[1] if seen else ""}
    answer = curateur.post(f"{url(desk, NAME)}/retablir", given)
    assert answer.status_code == 303
    page = curateur.get(answer.headers["location"]).text
    assert "elle l’est de nouveau" in page
    assert "Ouvrir la fiche" in page
