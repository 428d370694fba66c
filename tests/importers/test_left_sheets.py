"""A sheet that is left out gives no actor, and what it says of a home still hides."""

import openpyxl

from importers.chosen import Chosen
from importers.row import ActorRow, Sign
from tests.importers.conftest import Read, saved

TITLES = ("Nom", "Catégorie", "Adresse", "Commune", "Téléphone")
HOME = ("Les Marronniers", "MECS", "5 rue du Puits", "Bobigny", "01 98 11 00 01")
APART = ("Halte", "CRIP", "9 rue du Lavoir", "Bobigny", "01 98 11 00 09")


def rows_of(read: Read, *read_on: tuple[str, ...], left: list[tuple[str, ...]]) -> list[ActorRow]:
    book = openpyxl.Workbook()
    book.remove(book.active)
    for name, lines in (("2026", read_on), ("Archives", left)):
        sheet = book.create_sheet(name)
        for line in (TITLES, *lines):
            sheet.append(line)
    chosen = Chosen(left_out=("archives",))
    return list(read(saved(book), "liste.xlsx", chosen=chosen).rows)


def test_who_shares_a_name_an_address_or_a_phone_with_a_home_that_is_left_out_is_hidden(
    read: Read,
) -> None:
    same_name = ("Association des Marronniers", "Association", "", "Bobigny", "")
    same_place = ("Voisins", "CRIP", "5, r. du Puits", "Bobigny", "")
    same_phone = ("Ligne", "CRIP", "7 rue du Lavoir", "Bobigny", "01.98.11.00.01")
    rows = rows_of(read, same_name, same_place, same_phone, APART, left=[HOME, APART])
    assert [row.name for row in rows] == [
        "Association des Marronniers", "Voisins", "Ligne", "Halte"
    ]  # fmt: skip
    itself = Sign(says="houses", word="mecs", field="left_sheet")
    beside = itself.model_copy(update={"says": "mentions"})
    assert [row.signs for row in rows] == [(itself,), (beside,), (beside,), ()]


def test_a_line_that_asks_to_be_kept_secret_hides_from_a_sheet_that_is_left_out(
    read: Read,
) -> None:
    secret = ("Halte (adresse confidentielle)", *APART[1:])
    (row,) = rows_of(read, APART, left=[secret])
    assert "mentions" in {sign.says for sign in row.signs}


def test_a_number_of_many_places_leads_to_no_home_that_is_left_out(read: Read) -> None:
    places = [(f"Antenne {n}", "CRIP", f"{n} rue du Lavoir", "Bobigny", HOME[4]) for n in "123"]
    rows = rows_of(read, *places, left=[HOME])
    assert [row.signs for row in rows] == [(), (), ()]
