"""The list of actors, as each role reads it: true names, and nothing else of what is hidden."""

import re
from urllib.parse import urlencode

import pytest

from app.lists.sources import find_or_make_source
from app.models import Role
from app.platform.database.sessions import write
from app.vault.digests import index_key
from importers.registers.catalogue import registers
from tests.desk.actors.conftest import Desk
from tests.hostile import HOSTILE

DEPARTEMENT, ETAT, CURATEUR = Role.REFERENT_DEPARTEMENT, Role.REFERENT_ETAT, Role.CURATEUR
HIDDEN = ("Foyer fictif", "Structure inconnue")
OPEN = ("CRIP d&#39;exemple", "ASE d&#39;exemple", "Association libre")
# Of hidden actors: addresses and phones of tests/short_lists.py.
SECRETS = re.compile(
    r"10,? rue cach[ée]e|99 ?00 ?00 ?10|foyer@example|3 rue Autre|8 rue Ouverte", re.I
)


def listed(desk: Desk, query: str, role: Role = CURATEUR) -> list[str]:
    """Names of the rows of a list, in order."""
    page = desk.signed_in(role).get(f"/gestion/acteurs?{query}")
    assert page.status_code == 200
    assert SECRETS.search(page.text) is None
    rows = re.findall(r'<th scope="row">.*?</th>', page.text)
    return [re.sub(r"<span.*?</span>|<[^>]*>", "", row).strip() for row in rows]


@pytest.mark.slow
def test_a_curateur_reads_all_actors_by_their_true_names_in_order(desk: Desk) -> None:
    names = listed(desk, "")
    assert names == sorted(names)
    assert {*HIDDEN, *OPEN, "Foyer de Lille"} <= set(names)


def test_a_referent_of_a_departement_reads_its_own_alone(desk: Desk) -> None:
    names = listed(desk, "", DEPARTEMENT)
    assert {*HIDDEN, *OPEN} <= set(names)
    assert "Foyer de Lille" not in names
    assert listed(desk, "q=foyer+de+lille", DEPARTEMENT) == []
    assert listed(desk, "territoire=59", DEPARTEMENT) == names


def test_a_referent_of_the_state_reads_neutral_names_without_a_link(desk: Desk) -> None:
    page = desk.signed_in(ETAT).get("/gestion/acteurs").text
    assert "Lieu d&#39;accueil – Seine-Saint-Denis" in page
    assert not any(name in page for name in HIDDEN)
    assert desk.ids()["Foyer fictif"] not in page
    assert listed(desk, "q=fictif", ETAT) == []


@pytest.mark.slow
def test_a_list_says_the_state_and_the_protection_of_an_actor_as_its_sheet_does(desk: Desk) -> None:
    browser, ids = desk.signed_in(CURATEUR), desk.ids()
    tag = re.compile(r'<span class="desk-tag[^"]*">([^<]*)</span>')
    for name in ("Foyer fictif", "Association voisine", "Association libre", "Structure inconnue"):
        page = browser.get(f"/gestion/acteurs?q={name.replace(' ', '+')}").text
        (row,) = [each for each in re.findall(r"<tr data-row.*?</tr>", page, re.DOTALL)
                  if ids[name] in each]  # fmt: skip
        state = re.findall(r'data-title="État">([^<]*)<', row)
        assert tag.findall(browser.get(f"/gestion/acteurs/{ids[name]}").text)[:2] == [
            *state,
            *tag.findall(row),
        ]


def test_an_administrateur_has_no_list(desk: Desk) -> None:
    assert desk.signed_in(Role.ADMINISTRATEUR).get("/gestion/acteurs").status_code == 403
    assert desk.browser().get("/gestion/acteurs").status_code == 303


@pytest.mark.slow
@pytest.mark.parametrize(
    ("query", "found"),
    [
        ("q=FICTÍF", ["Foyer fictif"]),
        ("q=foyer+bobigny", ["Foyer fictif"]),
        ("q=foyer", ["Foyer de Lille", "Foyer fictif"]),
        ("q=aubervilliers", ["Association libre"]),
        ("q=ex+crip", ["CRIP d&#39;exemple"]),
        ("q=fict+bob", ["Foyer fictif"]),
        ("q=oyer", []),
        ("q=xemple", []),
        ("q=bervilliers", []),
        ("q=foyer+obigny", []),
        ("q=01+99+00+00+99", ["Association libre"]),
        ("q=%2B33199000099", ["Association libre"]),
        ("q=Cachée", []),
        ("q=!!!", []),
        ("q=....", []),
        ("q=%25", []),
        ("protection=adresse", ["Association voisine"]),
        ("protection=retenue", ["Structure inconnue"]),
        ("protection=neutre&territoire=59", ["Foyer de Lille"]),
        ("cause=a-classer", ["Structure inconnue"]),
        ("cause=voisin", ["Association voisine"]),
        ("cause=categorie", ["Foyer de Lille", "Foyer fictif"]),
        ("etat=brouillon", ["Structure inconnue"]),
        ("etat=archive", []),
        ("categorie=heberger", ["Foyer de Lille", "Foyer fictif"]),
        ("categorie=crip", ["CRIP d&#39;exemple"]),
        ("verifie=ancien", []),
        ("absent=oui", []),
        ("source=00000000-0000-0000-0000-000000000000", []),
    ],
)
def test_a_list_is_narrowed(desk: Desk, query: str, found: list[str]) -> None:
    assert listed(desk, query) == found


def test_what_is_hidden_of_an_actor_finds_nothing_whoever_looks_for_it(desk: Desk) -> None:
    page = desk.signed_in().get("/gestion/acteurs?q=01+99+00+00+10").text
    assert "Aucun acteur ne répond à tout cela" in page


def test_an_actor_is_found_by_its_id(desk: Desk) -> None:
    assert listed(desk, f"q={desk.ids()['Foyer fictif']}") == ["Foyer fictif"]


def test_a_list_is_sorted(desk: Desk) -> None:
    names = listed(desk, "")
    assert listed(desk, "tri=territoire")[0] == "Foyer de Lille"
    for sort in ("modifie", "verifie"):
        assert sorted(listed(desk, f"tri={sort}")) == names


def test_what_was_sent_is_found_by_its_list(desk: Desk) -> None:
    page = desk.signed_in().get("/gestion/acteurs").text
    (source,) = re.findall(r'<option value="([0-9a-f-]{36})">liste \(7\)<', page)
    assert len(listed(desk, f"source={source}")) == 7
    # It is of no territory: it may be named after a shelter of another one.
    assert ">liste (" not in desk.signed_in(DEPARTEMENT).get("/gestion/acteurs").text


def test_parts_of_one_register_are_told_apart_by_their_territory(desk: Desk) -> None:
    with write(desk.databases.staff) as session:
        key, register = index_key(session, desk.vault), registers()["annuaire"]
        for code in ("59", "93"):
            find_or_make_source(session, desk.vault, key, "Annuaire", code, register)
    page = desk.signed_in().get("/gestion/acteurs").text
    assert all(f">Annuaire ({code}) (" in page for code in ("59", "93"))


def test_an_empty_list_says_what_to_widen(desk: Desk) -> None:
    page = desk.signed_in().get("/gestion/acteurs?q=nulle+part&etat=publie").text
    assert "Aucun acteur ne répond à tout cela" in page
    assert 'href="/gestion/acteurs?etat=publie"' in page
    assert 'href="/gestion/acteurs?q=nulle+part"' in page


@pytest.mark.slow
@pytest.mark.parametrize("name", ["masque", "point", "donner"])
def test_what_a_link_narrows_by_is_a_box_of_the_list_and_can_be_taken_off(
    desk: Desk, name: str
) -> None:
    browser, box = desk.signed_in(), f'<select id="{name}"'
    page = browser.get(f"/gestion/acteurs?q=nulle+part&{name}=oui").text
    assert '<option value="oui" selected>' in page.partition(box)[2].partition("</select>")[0]
    assert 'href="/gestion/acteurs?q=nulle+part"' in page
    assert box not in browser.get("/gestion/acteurs").text
    state = desk.signed_in(ETAT).get(f"/gestion/acteurs?{name}=oui").text
    assert (box in state) == (name == "point")
    assert "<summary>Vérification, liste et tri</summary>" in state


@pytest.mark.slow
@pytest.mark.parametrize("value", ["non", "oui", "tous"])
def test_what_is_decided_narrows_the_pile_of_the_hidden_alone(desk: Desk, value: str) -> None:
    browser = desk.signed_in()
    assert listed(desk, f"decide={value}") == listed(desk, "")
    assert "Tout effacer" not in browser.get(f"/gestion/acteurs?decide={value}").text


@pytest.mark.slow
@pytest.mark.parametrize("name", ["q", "categorie", "territoire", "source", "cause", "tri", "page"])
def test_nothing_in_an_address_breaks_it(desk: Desk, name: str) -> None:
    browser = desk.signed_in()
    for text in (*HOSTILE.values(), "\x00", "٣٤٥٦", "-1", "9" * 30, "a'b%_\\", "' OR 1=1 --"):
        given = urlencode({name: text[:100]}, errors="replace")
        assert browser.get(f"/gestion/acteurs?{given}&{given}").status_code == 200


def test_a_page_that_is_not_there_is_the_last_one(desk: Desk) -> None:
    assert listed(desk, "page=99999999") == listed(desk, "")
