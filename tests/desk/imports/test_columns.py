"""What the columns of a list hold is chosen on a page, and used for this list and the next."""

import re

import pytest
from sqlalchemy import select
from sqlalchemy import text as sql

from app.audit.actions import Action
from app.desk.imports.columns_showing import GROUPS
from app.desk.imports.words import FIELDS
from app.lists.chosen import MOST_WORDS, TooManyWords, read_chosen
from app.lists.columns import FIRST
from app.models import Actor, AuditEntry, Role
from app.platform.database.sessions import read
from tests.desk.imports.choosing import choose, menus_of, opened_page, sent
from tests.desk.imports.conftest import HERE, Lists, count
from tests.desk.imports.reviewing import named
from tests.short_lists import csv

ODD = (
    "Qui;Quoi;Voie et ville;Tél. de jour\r\n"
    "{0} un;Association;1 rue {0}, 93000 Bobigny;01 98 10 00 01\r\n"
    "{0} deux;CRIP;2 rue {0}, 93000 Bobigny;01 98 10 00 02\r\n"
    "{0} trois;Association;3 rue {0}, 93300 Aubervilliers;01 98 10 00 03\r\n"
)


def odd(name: str) -> bytes:
    return ODD.format(name).encode()


@pytest.mark.slow
def test_a_list_that_no_title_explains_is_read_once_its_columns_are_chosen(lists: Lists) -> None:
    browser = lists.signed_in()
    page = sent(lists, browser, odd("Muet"), "Muette")
    assert lists.state(page) == "refused"
    assert f"{page}/colonnes" in browser.get(page).text
    text = opened_page(browser, page).text
    assert "01 98 10 00 01" in text
    assert "n’est pas lue" in text
    proposed = menus_of(text)
    assert proposed["qui"] == "name"
    assert proposed["tel de jour"] == "phone"
    assert proposed["quoi"] == "category"
    assert proposed["voie et ville"] == "address"
    answer = choose(browser, page)
    assert answer.status_code == 303, answer.text
    lists.work()
    assert lists.state(page) == "ready"
    assert (lists.stored(page).counts or {})["created"] == 3
    lists.apply(browser, page)
    lists.work()
    assert "Muet un" in lists.actors()


@pytest.mark.slow
def test_the_next_list_of_the_source_is_read_as_it_was_chosen(lists: Lists) -> None:
    browser = lists.signed_in()
    page = sent(lists, browser, odd("Suivi"), "Suivie")
    choose(browser, page, {"qui": "name"})
    lists.work()
    lists.apply(browser, page)
    lists.work()
    before = count(lists, Actor)
    later = sent(
        lists, browser, odd("Suivi") + b"Suivi quatre;CRIP;4 rue S, 93000 Bobigny;\r\n", "Suivie"
    )
    assert lists.state(later) == "ready"
    counts = lists.stored(later).counts or {}
    assert (counts["created"], counts["unchanged"]) == (1, 3)
    lists.apply(browser, later)
    lists.work()
    assert count(lists, Actor) == before + 1


@pytest.mark.slow
def test_columns_that_nobody_reads_are_named_above_the_button_until_somebody_says_so(
    lists: Lists,
) -> None:
    browser = lists.signed_in()
    some = (
        b"Nom;Type;Ville;Ouvert au public;Remarque interne\r\n"
        b"Un muet;Association;Bobigny;01 98 10 00 01;a\r\n"
    )
    page = sent(lists, browser, some, "Muette en partie")
    text = browser.get(page).text
    assert "<strong>2 colonnes ne sont pas lues</strong>" in text
    assert "« Ouvert au public », « Remarque interne »" in text
    assert text.index("ne sont pas lues") < text.index("Tout accepter et appliquer")
    choose(browser, page, {"ouvert au public": "phone", "remarque interne": ""})
    lists.work()
    assert lists.state(page) == "ready"
    assert "lues</strong>" not in browser.get(page).text


@pytest.mark.slow
def test_known_lines_stay_themselves_when_their_columns_are_read_otherwise(lists: Lists) -> None:
    browser = lists.signed_in()
    header = "Nom;Intitulé complet;N°;Catégorie;Commune;Lieu dit"
    lines = [
        f"R{n};Relais numéro {n} du Nord;{9 - n};Association;Bobigny;{n} rue Relue"
        for n in range(5)
    ]
    data = "\r\n".join((header, *lines)).encode()
    page = sent(lists, browser, data, "Reconnue")
    lists.apply(browser, page)
    lists.work()
    known = {name for name in lists.actors() if re.fullmatch(r"R\d", name)}
    assert len(known) == 5
    before = count(lists, Actor)
    text = opened_page(browser, page).text
    assert "Enregistrer pour la prochaine fois" in text
    choose(
        browser,
        page,
        {"nom": "", "intitule complet": "name", "n": "external_id", "lieu dit": "address"},
    )
    again = sent(lists, browser, data, "Reconnue")
    assert again != page
    counts = lists.stored(again).counts or {}
    assert (counts["created"], counts["missing"], counts["updated"]) == (0, 0, 5)
    lists.apply(browser, again, verifie="true")
    lists.work()
    assert lists.state(again) == "applied"
    assert count(lists, Actor) == before
    assert not known & set(lists.actors())
    # And numbers that were others' before change nobody into another.
    choose(browser, again, {"n": "", "nom": "external_id"})
    third = sent(lists, browser, data, "Reconnue")
    counts = lists.stored(third).counts or {}
    assert (counts["created"], counts["missing"]) == (0, 0)


@pytest.mark.slow
def test_what_changed_in_the_columns_since_the_last_list_is_said(lists: Lists) -> None:
    browser = lists.signed_in()
    first = "Nom;Catégorie;Commune;Téléphone;Sigle\r\nDepuis un;CRIP;Bobigny;01 98 11 00 01;DU\r\n"
    page = sent(lists, browser, first.encode(), "Depuis")
    lists.apply(browser, page)
    lists.work()
    then = first.replace("Commune", "Ville").replace("Sigle", "Courriel").replace("DU", "d@e.fr")
    later = sent(lists, browser, then.encode(), "Depuis")
    for text in (browser.get(later).text, browser.get(f"{later}/colonnes").text):
        assert "colonne nouvelle : « Courriel »" in text
        assert "colonne disparue : « Sigle »" in text
        assert "« Commune » s’appelle peut-être maintenant « Ville »" in text


def test_cells_are_shown_once_they_are_opened_which_is_noted(lists: Lists) -> None:
    browser = lists.signed_in()
    home = "Foyer celé;MECS;51 rue Celée;93000;Bobigny;01 98 12 00 00;"
    page = lists.sent(browser, home, source="Celée")
    text = browser.get(f"{page}/colonnes").text
    assert "rue Celée" not in text
    assert "Foyer celé" not in text
    assert "51 rue Celée" in opened_page(browser, page).text
    with read(lists.databases.staff) as session:
        noted = select(AuditEntry.action).where(AuditEntry.subject == page.rpartition("/")[2])
        assert list(session.scalars(noted)).count(Action.CELLS_READ.value) == 1


@pytest.mark.slow
def test_of_a_large_list_only_its_first_lines_are_looked_at_before_cells_are_shown(
    lists: Lists,
) -> None:
    browser = lists.signed_in()
    lines = [f"Service {n};CRIP;Bobigny;" for n in range(FIRST + 1)]
    data = "\r\n".join(("Nom;Catégorie;Commune;Observations", *lines, f"{lines[0]}fin"))
    page = sent(lists, browser, data.encode(), "Très longue")
    text = browser.get(f"{page}/colonnes").text
    assert f">4 colonnes, {len(lines) + 1} lignes<" in text
    assert "vide dans ses premières lignes" in text
    assert "vide dans" not in opened_page(browser, page).text


@pytest.mark.slow
def test_of_a_list_of_others_only_lines_that_one_may_open_show_cells(lists: Lists) -> None:
    sender, curateur = lists.signed_in(), lists.signed_in()
    referent = lists.signed_in(Role.REFERENT_DEPARTEMENT)
    home = "Foyer gardé;MECS;52 rue Gardée;93000;Bobigny;01 98 13 00 00;"
    some = "Bureau gardé;ASE;53 rue Gardée bis;93300;Aubervilliers;01 98 13 00 01;"
    lists.applied(sender, home, some, source="Gardée")
    moved = home.replace("52 rue", "54 rue"), some.replace("00 01", "00 02")
    page = lists.sent(
        sender, *moved, "Neuf gardé;MECS;55 rue Gardée;93000;Bobigny;;", source="Gardée"
    )
    text = opened_page(curateur, page).text
    assert "Bureau gardé" in text
    assert "55 rue Gardée" in text
    assert "54 rue Gardée" not in text
    text = opened_page(referent, page).text
    assert "Bureau gardé" in text
    for hidden in ("54 rue", "55 rue", "Foyer gardé", "Neuf gardé"):
        assert hidden not in text


@pytest.mark.slow
def test_a_choice_loosens_nothing_that_hides(lists: Lists) -> None:
    browser = lists.signed_in()
    data = (
        "Nom;Type;Adresse;Commune;Astreinte;Accord de publication\r\n"
        "Les Tilleuls;MECS;61 rue Serrée;Bobigny;06 98 14 00 01;non\r\n"
        "Service serré;Association;62 rue Serrée;Bobigny;06 98 14 00 02;non\r\n"
    ).encode()
    page = sent(lists, browser, data, "Serrée")
    text = opened_page(browser, page).text
    assert "accord de publication" in text
    assert {"astreinte", "accord de publication"}.isdisjoint(menus_of(text))
    choose(browser, page, {"type": "", "astreinte": "phone", "accord de publication": ""})
    lists.work()
    lists.apply(browser, page)
    lists.work()
    with lists.databases.public.connect() as connection:
        said = connection.execute(sql("SELECT row_to_json(a)::text FROM actor a")).scalars().all()
    for each in said:
        for secret in ("Serrée", "98 14 00", "98140001", "98140002", "Tilleuls"):
            assert secret not in each


@pytest.mark.slow
def test_a_cell_of_several_values_is_divided_as_its_example(lists: Lists) -> None:
    browser = lists.signed_in()
    data = (
        "Nom;Catégorie;Où\r\n"
        "Coupé un;Association;1 rue Coupée - 93000 - Bobigny\r\n"
        "Coupé deux;Association;2 rue Coupée - 93300 - Aubervilliers\r\n"
    ).encode()
    page = sent(lists, browser, data, "Coupée")
    text = opened_page(browser, page).text
    assert "1 rue Coupée</label>" in text
    choose(browser, page, {"ou": "decoupe"}, parts={"ou": ["address", "postcode", "city"]})
    lists.work()
    assert lists.content(page)["columns"]["Où"] == "address, postcode, city"
    lists.apply(browser, page)
    lists.work()
    with lists.databases.public.connect() as connection:
        where = "SELECT address FROM actor WHERE name = 'Coupé deux'"
        assert "2 rue Coupée" in connection.execute(sql(where)).scalar_one()


@pytest.mark.slow
def test_a_list_of_very_many_columns_is_chosen_as_well(lists: Lists) -> None:
    browser = lists.signed_in()
    others = [f"Indicateur {each}" for each in range(450)]
    cells = ["a - b" for _ in others]
    data = f"Nom;{';'.join(others)}\r\nTrès large;{';'.join(cells)}\r\n".encode()
    page = sent(lists, browser, data, "Large")
    answer = choose(browser, page, {"indicateur 449": "description"})
    assert answer.headers["location"] == f"{page}?colonnes=choisies"
    assert menus_of(opened_page(browser, page).text)["indicateur 449"] == "description"


@pytest.mark.slow
def test_words_that_the_service_does_not_know_are_asked_for_and_then_known(lists: Lists) -> None:
    browser = lists.signed_in()
    data = (
        "Nom;Catégorie;Commune;Missions\r\n"
        "Mot un;Pôle Zéphyr;Bobigny;écoute, brumisation\r\n"
        "Mot deux;pôles zéphyr;Bobigny;brumisation\r\n"
        "Mot trois;CRIP;Bobigny;écoute\r\n"
        "Foyer des mots;Pôle Zéphyr;Bobigny;écoute\r\n"
    ).encode()
    page = sent(lists, browser, data, "Mots")
    text = opened_page(browser, page).text
    assert re.search(r"Pôle Zéphyr <span[^>]*>3 lignes", text)
    assert re.search(r"brumisation <span[^>]*>2 lignes", text)
    choose(
        browser,
        page,
        words={"category:pole zephyr": "association", "functions:brumisation": "ecoute"},
    )
    lists.work()
    lists.apply(browser, page)
    lists.work()
    with lists.databases.public.connect() as connection:
        rows = connection.execute(sql("SELECT name, category FROM actor WHERE name LIKE 'Mot %'"))
        found = dict(map(tuple, rows))
    assert found == {"Mot un": "association", "Mot deux": "association", "Mot trois": "crip"}
    # A word that was chosen shows no home.
    assert "Foyer des mots" in lists.actors()
    later = sent(lists, browser, data + b"Mot quatre;Pole Zephyr;Bobigny;\r\n", "Mots")
    assert (lists.stored(later).counts or {})["created"] == 1
    assert "pas encore dit" not in opened_page(browser, later).text.partition("selected")[0][-200:]


def test_who_may_not_read_a_list_chooses_nothing_of_it(lists: Lists) -> None:
    browser = lists.signed_in()
    page = sent(lists, browser, odd("Fermé"), "Fermée", territoire="59")
    other = lists.signed_in(Role.REFERENT_DEPARTEMENT)
    state = lists.signed_in(Role.REFERENT_ETAT)
    for each, status in ((other, 404), (state, 403)):
        assert each.get(f"{page}/colonnes").status_code == status
        assert opened_page(each, page).status_code == status
        given = {"vu": "2026-01-01T00:00:00+00:00", "colonne": "qui", "champ": "name"}
        assert each.post(f"{page}/colonnes", data=given).status_code == status
    for wrong in (
        {"colonne": "qui"},
        {"colonne": "qui", "champ": "secret"},
        {"mot": "x", "sens": "y"},
    ):
        answer = browser.post(f"{page}/colonnes", data={"vu": given["vu"]} | wrong)
        assert answer.status_code == 422
    assert HERE in page


@pytest.mark.slow
def test_a_line_of_a_list_without_titles_is_shown_to_nobody_as_its_titles(lists: Lists) -> None:
    browser, other = lists.signed_in(), lists.signed_in(Role.REFERENT_DEPARTEMENT)
    home = "Foyer Sanstitre;Un foyer;rue Sanstitre;Bobigny\r\nFoyer Deux;Un foyer;rue;Bobigny\r\n"
    page = sent(lists, browser, home.encode(), "Sans titres")
    for text in (
        browser.get(f"{page}/colonnes").text,
        other.get(f"{page}/colonnes").text,
        opened_page(other, page).text,
    ):
        assert "Sanstitre" not in text
    assert "Foyer Sanstitre" in opened_page(browser, page).text
    # It may have come by a link: a curateur opens the lines of a list that nobody could read.
    assert "Foyer Sanstitre" in opened_page(lists.signed_in(), page).text
    coded = home.replace("Bobigny", "93000 Bobigny").encode()
    page = sent(lists, browser, coded, "Sans titres non plus")
    assert "ne porte des titres" in opened_page(browser, page).text


def test_no_more_words_of_a_source_are_chosen_than_a_list_may_have() -> None:
    words = {f"mot {n}": "crip" for n in range(MOST_WORDS)}
    assert read_chosen({"words": {"category": words}}).words["category"] == words
    with pytest.raises(TooManyWords):
        read_chosen({"words": {"category": words, "functions": {"un autre": "ecoute"}}})


def test_every_field_of_a_list_stands_in_the_menu_of_columns() -> None:
    offered = [field for some in GROUPS.values() for field in some]
    assert sorted(offered) == sorted(FIELDS)


@pytest.mark.slow
def test_a_referent_chooses_how_lists_are_read_that_they_sent_and_no_others(lists: Lists) -> None:
    curateur, referent = lists.signed_in(), lists.signed_in(Role.REFERENT_DEPARTEMENT)
    theirs = sent(lists, curateur, csv(*named("Autrui")), "D’un curateur")
    own = sent(lists, referent, csv(*named("Soi")), "D’un référent")
    refused = choose(referent, theirs, {"nom": ""})
    assert refused.status_code == 403
    assert "Choix réservé" in refused.text
    assert 'type="submit">Enregistrer' not in opened_page(referent, theirs).text
    for browser in (referent, curateur):
        assert choose(browser, own, {"adresse": ""}).status_code == 303
        lists.work()
