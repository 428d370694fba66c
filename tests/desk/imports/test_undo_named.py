"""Whom an undone list created, and another source names by now, is no less shown than before."""

import pytest
from sqlalchemy import select

from app.desk.imports.undo_showing import shown_undo
from app.lists.conflicts import conflicts
from app.lists.deposit_page import MOST
from app.models import Actor
from app.platform.database.sessions import read
from app.visibility import OPERATOR
from tests.desk.imports.conftest import Lists
from tests.desk.imports.test_undo import line
from tests.short_lists import csv, run


@pytest.mark.slow
@pytest.mark.parametrize("phone", ["01 99 00 18 01", "01 99 00 18 02"])
def test_who_is_new_is_left_where_another_source_names_them(lists: Lists, phone: str) -> None:
    browser, source, name = lists.signed_in(), f"Créée {phone}", f"Nommée {phone}"
    page = lists.applied(
        browser, line(name, 1, "01 99 00 18 01"), line(f"Seule {phone}", 2), source=source
    )
    # It says the same, or otherwise at the same rank: nothing is written by it.
    other = csv(line(name, 1, phone))
    assert run(lists.runtime, other, source=f"{source} bis").updated == 0
    foreseen = browser.get(f"{page}/defaire").text
    lists.undo(browser, page)
    for said in (foreseen, browser.get(page).text):
        assert "<strong>1</strong> modifié ou nommé depuis, laissé" in said
        assert "<strong>1</strong> créé par la liste, archivé" in said
        assert f">{name}</a>" in said
    assert lists.actors()[name] == "published"
    assert lists.actors()[f"Seule {phone}"] == "archived"
    with read(lists.databases.staff) as session:
        found = [each.name for each in conflicts(session, lists.vault, OPERATOR)]
    assert (name in found) == (phone != "01 99 00 18 01")
    # Sent again, either list finds them, and nobody stands beside them.
    assert run(lists.runtime, other, source=f"{source} bis").created == 0
    again = lists.sent(browser, line(name, 1, "01 99 00 18 01"), source=source)
    assert (lists.stored(again).counts or {})["created"] == 0


@pytest.mark.slow
def test_who_is_new_is_archived_where_the_other_source_names_them_no_more(lists: Lists) -> None:
    browser, source = lists.signed_in(), "Plus nommée"
    page = lists.applied(browser, line(source, 1), source=source)
    for names in ((source, "Autre nommée"), ("Autre nommée",)):
        rows = (line(name, number) for number, name in enumerate(names, 1))
        run(lists.runtime, csv(*rows), source=f"{source} bis")
    lists.undo(browser, page)
    assert lists.actors()[source] == "archived"


@pytest.mark.slow
def test_of_many_that_are_left_as_many_are_named_as_a_page_holds(lists: Lists) -> None:
    lists.applied(lists.signed_in(), line("Laissé", 1), source="Beaucoup de laissés")
    with read(lists.databases.staff) as session:
        actor = session.scalars(select(Actor.id).where(Actor.name == "Laissé")).one()
        names = {"left": [str(actor)] * (MOST + 2), "closed": [], "hidden": [], "beside": []}
        stored = {name: len(some) for name, some in names.items()} | {"names": names}
        shown = shown_undo(session, lists.vault, OPERATOR, stored)
    assert (len(shown.left), shown.counts["left"]) == (MOST, MOST + 2)
