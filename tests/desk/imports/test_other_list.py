"""A list that looks like that of another source is asked about before it is applied."""

import re
from uuid import UUID

import httpx
import pytest
from sqlalchemy.orm import Session

from app.lists import deposits
from app.lists.deposits import DepositMoved
from app.lists.other import make_another
from app.models import Role, SourceFile
from app.visibility import Viewer
from tests.desk.bureau import Browser
from tests.desk.imports.conftest import Lists
from tests.desk.imports.test_pairs import figures_of
from tests.short_lists import ASE, CRIP, csv

LINE = "{0} {1};Association;{1} rue {0};{2};{3};01 98 2{1} 00 00;"
OTHER = (
    "Structure;Type;Voie;CP;Ville;Mel\r\n"
    "Autre {0};Association;{0} rue;75011;Paris;a{0}@example.fr\r\n"
)


def some(name: str, postcode: str, city: str) -> tuple[str, ...]:
    return tuple(LINE.format(name, number, postcode, city) for number in range(1, 7))


@pytest.mark.slow
def test_a_list_whose_lines_are_in_another_territory_is_asked_about(lists: Lists) -> None:
    browser, referent = lists.signed_in(), lists.signed_in(Role.REFERENT_DEPARTEMENT)
    page = lists.sent(browser, *some("Ailleurs", "59000", "Lille"), source="Ailleurs")
    asked = "Est-ce la liste d’un autre territoire, Nord (59)"
    for reader in (browser, referent):
        assert asked in reader.get(page).text
    # Whoever may apply it is asked the same where its lines are read.
    assert asked in browser.get(f"{page}/relire").text
    assert referent.get(f"{page}/relire").status_code == 200
    assert lists.apply(browser, page).status_code == 422
    assert lists.apply(browser, page, verifie="true").status_code == 303
    own = lists.sent(browser, *some("Ici", "93000", "Bobigny"), source="Ici")
    assert "Est-ce " not in browser.get(own).text


@pytest.mark.slow
def test_a_list_with_the_columns_of_another_source_is_asked_about(lists: Lists) -> None:
    browser, referent = lists.signed_in(), lists.signed_in(Role.REFERENT_DEPARTEMENT)
    for source, data, territory in (
        ("Colonnes d’ici", csv(*some("Colonne", "93000", "Bobigny")), "93"),
        ("Colonnes d’ailleurs", OTHER.format(1).encode(), "75"),
    ):
        answer = lists.send(browser, data, source=source, territoire=territory)
        lists.work()
        lists.apply(browser, answer.headers["location"], verifie="true")
        lists.work()
    answer = lists.send(browser, OTHER.format(2).encode(), source="Colonnes d’ici")
    lists.work()
    page = answer.headers["location"]
    assert "Est-ce « Colonnes d’ailleurs » ?" in browser.get(page).text
    text = referent.get(page).text
    assert "Est-ce une autre liste ?" in text
    assert "ailleurs" not in text
    assert lists.apply(browser, page, verifie="").status_code == 422


@pytest.mark.slow
def test_a_list_that_is_another_one_than_its_name_says_becomes_one_of_its_own(
    lists: Lists,
) -> None:
    browser = lists.signed_in()
    lists.applied(browser, ASE, source="Prise pour elle")
    page = lists.send(browser, (CRIP,), source="Prise pour elle, mars").headers["location"]
    lists.work()
    page = page.partition("?")[0]

    def another(who: Browser, name: str) -> httpx.Response:
        found = re.search(r'autre-liste">\s*<input[^>]* name="vu" value="([^"]+)"', seen)
        assert found
        return who.post(f"{page}/autre-liste", data={"vu": found[1], "nom": name})

    assert "C’est une autre liste" in browser.get(f"{page}?deja=reconnue").text
    seen = browser.get(f"{page}/colonnes").text
    for name in ("", " ", "x" * 121, "PRISE POUR ELLE (avril 2026)", "Fichier de mise à jour"):
        assert another(browser, name).status_code == 422
    assert another(lists.signed_in(Role.REFERENT_DEPARTEMENT), "Autre nom").status_code == 403
    assert figures_of(browser, page)["absent"] == 1
    assert another(browser, "Une autre, mai 2026").status_code == 303
    lists.work()
    assert "<h1>Une autre</h1>" in browser.get(page).text
    assert "absent" not in figures_of(browser, page)
    assert "autre-liste" not in browser.get(f"{page}/colonnes").text
    # It was read anew since: who still has the former page changes nothing.
    assert another(browser, "Encore").status_code == 409


@pytest.mark.slow
def test_a_list_that_is_cancelled_at_the_same_moment_stays_where_it_was(lists: Lists) -> None:
    browser = lists.signed_in()
    lists.applied(browser, ASE, source="Annulée ensemble")
    page = lists.send(browser, (CRIP,), source="Annulée ensemble, mars").headers["location"]
    lists.work()
    page = page.partition("?")[0]
    deposit_id = UUID(page.rpartition("/")[2])
    with Session(lists.runtime.staff) as session:
        found = deposits.find(session, lists.vault, Viewer.staff(Role.CURATEUR, []), deposit_id)
        source = found.source_id
        session.rollback()
        assert browser.post(f"{page}/annuler").status_code == 303
        with pytest.raises(DepositMoved):
            make_another(session, lists.vault, found, found.since, "Autre")
        assert session.get_one(SourceFile, deposit_id).source_id == source
