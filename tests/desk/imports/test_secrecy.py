"""What the page of a list says to whom: no value of who is hidden, nothing of other territories."""

import json
import re

import pytest

from app.models import Role
from app.platform.database.sessions import write
from app.records import acts
from tests.desk.imports.conftest import Lists
from tests.makers import decide
from tests.short_lists import csv, ids, run

WHO = {"who": "essai", "why": "essai"}


def odd(name: str, value: str, address: str = "1 rue Impaire") -> str:
    """A line of an office whose postcode is none: its value is said of it."""
    return f"{name};Association;{address};{value};Bobigny;;"


def said(lists: Lists, page: str) -> str:
    return json.dumps(lists.content(page), ensure_ascii=False)


@pytest.mark.slow
def test_a_line_that_says_the_same_but_becomes_hidden_beside_another_shows_no_value(
    lists: Lists,
) -> None:
    browser = lists.signed_in()
    line = "Bureau du coin;Association;14 rue Coin;93000;Bobigny;14;"
    lists.applied(browser, line, source="Au coin")
    home = "Foyer du coin;MECS;14 rue Coin;93000;Bobigny;01 99 00 03 01;"
    page = lists.sent(browser, line, home, source="Au coin")
    (found,) = (each for each in lists.content(page)["problems"] if each["line"] == 2)
    assert (found["value"], found["masked"]) == ("", True)


@pytest.mark.slow
def test_a_value_that_is_a_hidden_actors_own_is_shown_beside_no_other_line(lists: Lists) -> None:
    browser = lists.signed_in()
    run(lists.runtime, csv("Foyer du tel;MECS;15 rue Tel;93000;Bobigny;01 99 00 03 02;"))
    page = lists.sent(browser, odd("Bureau du tel", "01 99 00 03 02"), source="Du tel")
    assert "01 99 00 03 02" not in browser.get(page).text
    both = (
        "Foyer du quai;MECS;16 rue Quai;93000;Bobigny;01 99 00 03 03;",
        odd("Bureau du quai", "01 99 00 03 03"),
    )
    page = lists.sent(browser, *both, source="Du quai")
    assert "01 99 00 03 03" not in browser.get(page).text


@pytest.mark.slow
def test_a_referent_learns_from_no_number_whether_a_new_line_is_beside_a_hidden_place(
    lists: Lists,
) -> None:
    run(lists.runtime, csv("Foyer du seuil;MECS;18 rue Seuil;93000;Bobigny;01 99 00 03 05;"))
    known = "Maison du seuil {0};{1};2{0} rue Seuil;93000;Bobigny;;"
    new = "Bureau du seuil;Association;19 rue Seuil;93000;Bobigny;01 99 00 03 0{};"
    texts = []
    # The number of the first is the hidden place's.
    for n in (5, 6):
        source = f"Du seuil {n}"
        lists.applied(lists.signed_in(), known.format(n, "Association"), source=source)
        referent = lists.signed_in(Role.REFERENT_DEPARTEMENT)
        page = lists.sent(referent, known.format(n, "MECS"), new.format(n), source=source)
        texts.append(referent.get(page).text)
    said_numbers = re.compile(r"<strong>\d+</strong> [^<]+|Les \d+ premiers sur \d+")
    beside, alone = map(said_numbers.findall, texts)
    assert "<strong>1</strong> masqué" in beside
    assert beside == alone


@pytest.mark.slow
def test_what_is_hidden_after_a_list_was_read_is_hidden_on_its_page(lists: Lists) -> None:
    browser = lists.signed_in()
    lists.applied(browser, odd("Bureau connu", "930000"), source="Ensuite")
    changed = odd("Bureau connu", "93x00", "2 rue Impaire")
    other = odd("Bureau voisin", "01 99 00 03 04")
    page = lists.sent(browser, changed, other, source="Ensuite")
    text = browser.get(page).text
    assert "93x00" in text
    assert "01 99 00 03 04" in text
    run(lists.runtime, csv("Foyer tardif;MECS;17 rue Tard;93000;Bobigny;01 99 00 03 04;"))
    decide(lists.runtime, acts.protect, ids(lists.runtime)["Bureau connu"], **WHO)
    text = browser.get(page).text
    assert "93x00" not in text
    assert "01 99 00 03 04" not in text


@pytest.mark.slow
def test_of_other_territories_a_referent_reads_neither_names_nor_counts(lists: Lists) -> None:
    curateur, referent = lists.signed_in(), lists.signed_in(Role.REFERENT_DEPARTEMENT)
    lille = [
        f"Lille {n};Association;{n} rue Lilloise;59000;Lille;01 99 00 04 0{n};" for n in range(4)
    ]
    own = [
        f"Bobigny {n};Association;{n} rue Balbynienne;93000;Bobigny;01 99 00 05 0{n};"
        for n in range(4)
    ]
    lists.applied(curateur, *lille, *own, source="Partagée")
    changed = own[0].replace("05 00", "05 10")
    nameless = ";Association;9 rue Lilloise;59000;Lille;;"
    new = "Foyer lillois;MECS;8 rue Lilloise;59000;Lille;01 99 00 04 10;"
    page = lists.sent(curateur, changed, new, lille[0], nameless, source="Partagée")
    whole, part = curateur.get(page).text, referent.get(page).text
    assert "4 lignes lues" in whole
    assert "<strong>6</strong> absents" in whole
    assert "Lille 1" in whole
    assert "1 ligne lue" in part
    assert "<strong>3</strong> absents" in part
    assert "Bobigny 1" in part
    assert "de ses 4 lignes, 3 n’y sont plus et 1 change" in part
    for foreign in ("Lille", "lillois", "inutilisable", "Lignes refusées", "territoire"):
        assert foreign not in part.partition("<main")[2], foreign


@pytest.mark.slow
def test_of_a_list_of_ones_territory_a_refused_line_of_another_one_is_counted_for_who_sent_it(
    lists: Lists,
) -> None:
    referent, other = (lists.signed_in(Role.REFERENT_DEPARTEMENT) for _ in range(2))
    nameless = ";Association;9 rue Lilloise;59000;Lille;;"
    own = ";Association;9 rue Balbynienne;93000;Bobigny;;"
    usable = "Bureau seul;Association;1 rue Seule;93000;Bobigny;;"
    page = lists.sent(referent, usable, nameless, own, source="Refus")
    assert "<strong>1</strong> ligne inutilisable" in other.get(page).text
    for browser in (referent, lists.signed_in()):
        assert "<strong>2</strong> lignes inutilisables" in browser.get(page).text


@pytest.mark.slow
def test_names_are_those_that_a_reader_may_read_by_then(lists: Lists) -> None:
    browser = lists.signed_in()
    lines = [f"Nommé {n};Association;{n} rue Nommée;93000;Bobigny;;" for n in range(3)]
    lists.applied(browser, *lines, source="Noms")
    page = lists.sent(browser, lines[0], source="Noms")
    assert "Nommé 1" not in said(lists, page)
    assert "Nommé 1" in browser.get(page).text
    decide(lists.runtime, acts.protect, ids(lists.runtime)["Nommé 1"], **WHO)
    text = browser.get(page).text
    assert "Nommé 1" not in text
    assert "Nommé 2" in text
    assert "<strong>2</strong> absents" in text


@pytest.mark.slow
def test_once_a_list_is_applied_no_name_is_stored_with_it(lists: Lists) -> None:
    browser = lists.signed_in()
    home = "Foyer des noms;MECS;18 rue Noms;93000;Bobigny;01 99 00 03 05;"
    page = lists.sent(browser, home, source="Sans noms")
    assert "Foyer des noms" in browser.get(page).text
    lists.apply(browser, page)
    lists.work()
    assert lists.state(page) == "applied"
    assert "Foyer des noms" not in said(lists, page)
    assert "Foyer des noms" in browser.get(page).text


@pytest.mark.parametrize(
    "data", [b"10 rue Secrete;Foyer cache\n", b"10 rue Secrete\nFoyer cache\n"]
)
def test_a_refused_file_is_not_quoted(lists: Lists, data: bytes) -> None:
    browser = lists.signed_in()
    page = lists.send(browser, data, source=f"Sans titres {len(data)}").headers["location"]
    lists.work()
    assert lists.state(page) == "refused"
    text = browser.get(page).text
    assert "Aucune ligne de titres" in text
    assert "Secrete" not in text
    assert "cache" not in text.partition("<main")[2].replace("cacher", "")


@pytest.mark.slow
def test_a_list_whose_page_is_past_its_period_says_so(lists: Lists) -> None:
    browser = lists.signed_in()
    line = "Bureau vieilli;Association;1 rue Vieille;93000;Bobigny;;"
    pages = [
        lists.sent(browser, line, source="Vieillie"),
        lists.applied(browser, line, source="V2"),
    ]
    shown = browser.get(pages[0]).text
    assert 'name="vu"' in shown
    seen = lists.stored(pages[0]).at.isoformat()
    for page in pages:
        with write(lists.databases.staff) as session:
            session.merge(lists.stored(page)).content = None
        answer = browser.get(page)
        assert answer.status_code == 200
        assert "n’est plus conservé" in answer.text
    answer = browser.post(f"{pages[0]}/appliquer", data={"vu": seen})
    assert answer.status_code == 410
    assert "Liste plus conservée" in answer.text
    assert lists.state(pages[0]) == "ready"
    assert browser.post(f"{pages[0]}/annuler").status_code == 303
