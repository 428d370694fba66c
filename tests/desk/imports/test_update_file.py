"""The file of a territory comes back by the desk: as the update of it, whatever is said."""

import pytest
from sqlalchemy import select, text

from app.models import Source, SourceFile
from app.platform.database.sessions import read, write
from tests.desk.imports.conftest import Lists
from tests.lists.handed_out import changed, handed_out
from tests.short_lists import APART, ASE, CRIP, SHELTER


@pytest.mark.slow
def test_a_file_of_a_territory_is_read_by_its_ids_and_belongs_to_its_territory(
    lists: Lists,
) -> None:
    browser = lists.signed_in()
    lists.applied(browser, CRIP, ASE, SHELTER, APART, source="Liste 93")
    data = changed(handed_out(lists.runtime), "ASE d'exemple", acronym="ASE93")
    answer = lists.send(browser, data, name="retour.xlsx", source="Liste 93")
    lists.work()
    page = answer.headers["location"].partition("?")[0]
    assert lists.state(page) == "ready"
    counts = lists.stored(page).counts
    assert counts is not None
    assert (counts["unchanged"], counts["updated"], counts["missing"]) == (3, 1, 0)
    assert "Foyer fictif" not in browser.get(page).text
    assert lists.apply(browser, page, verifie="true").status_code == 303
    lists.work()
    assert lists.state(page) == "applied"
    with read(lists.databases.staff) as session:
        own = select(Source).join(SourceFile).where(SourceFile.id == lists.stored(page).file_id)
        source = session.scalars(own).one()
        name = lists.vault.open("source", source.id, "name", source.name).decode()
    assert (name, source.territory_code) == ("Fichier de mise à jour", "93")


@pytest.mark.slow
def test_such_a_file_that_is_sent_again_is_recognised_and_what_it_was_called_is_no_source(
    lists: Lists,
) -> None:
    browser = lists.signed_in()
    lists.applied(browser, CRIP, ASE, source="Liste d’avant")
    data = changed(handed_out(lists.runtime), "ASE d'exemple", acronym="ASE-93")
    answer = lists.send(browser, data, name="retour.xlsx", source="Nommée au hasard")
    lists.work()
    page = answer.headers["location"].partition("?")[0]
    assert lists.apply(browser, page, verifie="true").status_code == 303
    lists.work()
    for source in ("Nommée au hasard", "Nommée autrement"):
        again = lists.send(browser, data, name="retour (1).xlsx", source=source)
        assert again.headers["location"] == f"{page}?deja=oui"
    again = lists.send(browser, data, name="retour.xlsx", source="De partout", territoire="")
    assert again.headers["location"] == f"{page}?deja=oui"
    with write(lists.databases.staff) as session:
        session.execute(text("UPDATE source SET created_at = now() - interval '1 year'"))
    followed = browser.get("/gestion/sources").text
    assert "Fichier de mise à jour" in followed
    for name in ("Nommée au hasard", "Nommée autrement", "De partout"):
        assert name not in followed
        assert name not in browser.get("/gestion/imports").text
    assert "attendue" not in browser.get("/gestion").text


@pytest.mark.slow
def test_the_file_of_another_territory_is_refused(lists: Lists) -> None:
    browser = lists.signed_in()
    elsewhere = "Association du Nord;Association;3 rue Autre;59000;Lille;01 99 00 00 20;"
    lists.applied(browser, elsewhere, source="Nord", territoire="59")
    answer = lists.send(browser, handed_out(lists.runtime, "59"), name="retour.xlsx")
    lists.work()
    page = answer.headers["location"].partition("?")[0]
    assert lists.state(page) == "refused"
    assert "aucun de ses identifiants" in browser.get(page).text
