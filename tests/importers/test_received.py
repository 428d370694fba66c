"""A line of a list is known again by all that it says, wherever it stands."""

import io

import pytest
from openpyxl import Workbook

from importers.chosen import Chosen
from importers.received import ReceivedLine, may_show, received_lines

HEADER = "Nom;Catégorie;Commune;Téléphone"
LINE = "Service;ASE;Bobigny;01 98 00 00 01"


def read(*lines: str) -> list[ReceivedLine]:
    data = "\r\n".join(lines).encode()
    return received_lines(data, "liste.csv", None, max_bytes=10**6, max_rows=1000)


def book(**sheets: list[str]) -> list[ReceivedLine]:
    made, file = Workbook(), io.BytesIO()
    made.remove(made.active)
    for name, lines in sheets.items():
        sheet = made.create_sheet(name)
        for line in (HEADER, *lines):
            sheet.append(line.split(";"))
    made.save(file)
    return received_lines(file.getvalue(), "liste.xlsx", None, max_bytes=10**6, max_rows=1000)


def test_columns_may_change_places_and_lines_come_and_go() -> None:
    (first,) = read(HEADER, LINE)
    other = "Autre;CRIP;Bondy;"
    *_, again = read(
        "Téléphone;Nom;Vide;Commune;Catégorie",
        "",
        ";Autre;;Bondy;CRIP",
        "01 98 00 00 01;Service;;Bobigny;ASE",
    )
    assert again.said == first.said
    assert again.columns[1] == first.columns[0]
    assert other not in again.said


@pytest.mark.parametrize("cell", ["ASE ", "CRIP", ""])
def test_a_cell_that_changed_makes_another_line(cell: str) -> None:
    (first,), (second,) = read(HEADER, LINE), read(HEADER, LINE.replace("ASE", cell))
    assert first.said != second.said


def test_lines_that_say_the_same_are_each_another_one() -> None:
    found = read(HEADER, LINE, LINE, "Autre;ASE;Bondy;", LINE)
    assert len({each.said for each in found}) == 4
    assert {each.said for each in read(HEADER, LINE)} <= {each.said for each in found}


def test_columns_of_one_title_are_told_apart() -> None:
    first, second = "A;ASE;Bondy;01;02", "A;ASE;Bondy;02;01"
    titles = f"{HEADER};Téléphone"
    (one,), (two,) = read(titles, first), read(titles, second)
    assert one.said != two.said
    assert len(set(one.columns)) == 5


def test_what_people_choose_of_titles_makes_no_other_line() -> None:
    data = f"{HEADER};Téléphone\r\nA;ASE;Bondy;01;02".encode()
    chosen = Chosen(columns={"telephone 2": "duty_phone", "nom": "name"})
    (one,), (two,) = (
        received_lines(data, "liste.csv", each, max_bytes=10**6, max_rows=1000)
        for each in (None, chosen)
    )
    assert (one.said, one.columns) == (two.said, two.columns)


@pytest.mark.slow
def test_one_sheet_has_any_name_and_of_two_each_has_its_own_lines() -> None:
    (may,), (june,) = book(Mai=[LINE]), book(Juin=[LINE])
    assert may.said == june.said
    north, south = book(Nord=[LINE], Sud=[LINE])
    assert north.said != south.said
    back, forth = book(Sud=[LINE], Nord=[LINE])
    assert {back.said, forth.said} == {north.said, south.said}


@pytest.mark.parametrize(
    ("fields", "title", "received", "given"),
    [
        ([], "remarques", "Ne pas publier", ""),
        ([], "nom", "Foyer de l'enfance", "Service"),
        ([], "adresse", "adresse confidentielle", "1 rue Une"),
        (["consent_on"], "accord", "non", "oui"),
        ([], "accord de publication", "non", "oui"),
        (["status"], "etat", "brouillon", ""),
        (["phone"], "telephone", "01 98 00 00 01 (ne pas donner)", "01 98 00 00 01"),
        (["finess_category"], "categorie finess", "177", "300"),
        (["category"], "type", "177", "Association"),
        (["name"], "nom", "Mme Durand", "Association Durand"),
        (["address"], "adresse", "12 rue Une (sensible)", "12 rue Une"),
        ([""], "hebergement", "oui", "non"),
        ([""], "capacite d hebergement", "12", ""),
    ],
)
def test_a_correction_that_loses_a_word_that_hides_may_show(
    fields: list[str], title: str, received: str, given: str
) -> None:
    assert may_show(fields, title, received, given)


@pytest.mark.parametrize(
    ("received", "given"),
    [
        ("", "Service"),
        ("Ch?teau", "Château"),
        ("01 98", "01 98 00 00 01"),
        ("Foyer d'exmple", "Foyer d'exemple"),
        ("Service", "Ne pas publier"),
    ],
)
def test_another_correction_shows_nothing(received: str, given: str) -> None:
    assert not may_show(["name"], "nom", received, given)
