"""The columns of a list as a person looks at them, whatever stands in a cell."""

import pytest

from importers.chosen import Chosen
from importers.columns import seems, sheets_of
from importers.errors import TooManyRows
from importers.left_words import words_of
from importers.readers import read_tables
from importers.sorting import LONGEST_CELL
from importers.table import RawRow, Span, Table
from tests import effort
from tests.workbooks import xlsx


@pytest.mark.slow
@pytest.mark.parametrize(
    "part", ["1\n", "lundi 8h-9h ; ", "01 99 00 00 01, ", "mot ", "48.12 ", "12-18 ("]
)
def test_a_cell_of_megabytes_is_looked_at_at_once(part: str) -> None:
    titles = ("Nom", "Coordonnées", "Catégorie", "Missions", "Publics", "Autre")
    cell = part * (3_000_000 // len(part))
    rows = [RawRow(1, titles), RawRow(2, ("Service", *[cell] * 5))]
    with effort.at_most(15):
        (sheet,) = sheets_of([Table(None, rows=rows)], None, lambda _: True)
        words = words_of([Table(None, rows=rows)], None, lambda _: True)
    assert [each.filled for each in sheet.columns] == [1] * len(titles)
    assert all(len(each.word) <= LONGEST_CELL for each in words)


def test_the_name_is_proposed_where_most_texts_differ_and_not_under_a_few_remarks() -> None:
    rows = [RawRow(1, ("Qui ?", "Ils font", "Rq internes"))]
    rows += [RawRow(line, (f"Service {line}", "écoute", "")) for line in range(2, 12)]
    rows.append(RawRow(12, ("Service 3", "écoute", "accueil gratuit")))
    (sheet,) = sheets_of([Table(None, rows=rows)], None, lambda _: True)
    assert [each.seems == "name" for each in sheet.columns] == [True, False, False]


def test_numbers_of_order_are_no_names_and_parts_of_a_territory_no_category() -> None:
    rows = [RawRow(1, ("N°", "Qui ?", "Secteur"))]
    rows += [RawRow(line, (str(line), f"Halte {line % 9}", "Nord")) for line in range(2, 12)]
    (sheet,) = sheets_of([Table(None, rows=rows)], None, lambda _: True)
    assert [each.seems for each in sheet.columns] == ["", "name", ""]
    assert [each.field for each in sheet.columns] == ["", "", ""]


def test_titles_of_two_lines_are_shown_as_columns_where_none_names_an_actor() -> None:
    rows = [
        RawRow(1, ("Répertoire du territoire",)),
        RawRow(2, ("Qui ?", "Nature", "Les joindre", "", "", "Pour qui", "")),
        RawRow(3, ("", "", "Adresse postale", "Tél.", "Courriel", "", "Obs.")),
        RawRow(4, ("Halte", "PAEJ", "1 rue X 29200 Brest", "02 98 99 00 01", "", "", "écoute")),
    ]
    merged = [Span(2, 2, 2, 4)]
    (sheet,) = sheets_of([Table(None, rows=rows, merged=merged)], None, lambda _: True)
    fields = {each.title: each.field for each in sheet.columns}
    assert sheet.lines == 1
    assert fields | {"Adresse postale": "address", "Tél.": "phone", "Courriel": "email"} == fields
    assert "Obs." in fields


def test_short_forms_of_two_letters_are_no_languages() -> None:
    assert seems(["GN", "PN", "GN"]) == ""
    assert seems(["anglais", "arabe, anglais"]) == "languages"


def test_a_column_of_which_some_cells_say_a_mailbox_as_well_is_none_of_phones() -> None:
    phones = [f"Tél. 01 99 00 00 {number}" for number in range(10, 20)]
    assert seems(phones) == "phone"
    assert seems([*phones[:6], *(f"{each} / a@exemple.example" for each in phones[6:])]) == "packed"


def test_a_sheet_that_is_left_out_is_shown_as_such_and_asks_for_no_word() -> None:
    titles = ("Nom", "Catégorie", "Missions")
    tables = [
        Table(name, rows=[RawRow(1, titles), RawRow(2, ("Service", "CRIP", word))])
        for name, word in (("2026", "glaner"), ("2024 Archivés", "tricoter"))
    ]
    chosen = Chosen(left_out=("2024 archives",))
    one, other = sheets_of(tables, chosen, lambda _: True)
    assert (one.key, one.left_out, len(one.columns)) == ("2026", False, 3)
    assert (other.key, other.left_out, other.columns) == ("2024 archives", True, ())
    assert [each.word for each in words_of(tables, chosen, lambda _: True)] == ["glaner"]


def test_a_word_in_merged_cells_is_counted_on_each_line_that_is_read_with_it() -> None:
    rows = [
        RawRow(1, ("Nom", "Catégorie", "Missions")),
        RawRow(2, ("Un", "Pôle Zéphyr", "glaner")),
        RawRow(3, ("Deux", "", "glaner")),
        RawRow(4, ("Trois", "", "")),
    ]
    table = Table(None, rows=rows, merged=[Span(2, 1, 4, 1)])
    counts = {each.word: each.count for each in words_of([table], None, lambda _: True)}
    assert counts == {"Pôle Zéphyr": 3, "glaner": 2}
    # Whoever may not read the line in which it is written is not told of it.
    words = words_of([table], None, lambda where: where.line > 2)
    assert [each.word for each in words] == ["glaner"]


def test_all_sheets_are_read_where_none_would_be_left() -> None:
    table = Table("2024", rows=[RawRow(1, ("Nom", "Catégorie")), RawRow(2, ("Service", "CRIP"))])
    (sheet,) = sheets_of([table], Chosen(left_out=("2024",)), lambda _: True)
    assert not sheet.left_out
    assert len(sheet.columns) == 2


def many(lines: int) -> tuple[str, ...]:
    """Lines of a list whose last column says nothing but at its end."""
    rows = [f"Service {n};ASE;{n} rue X;93000;Bobigny;01 98 00 00 00;" for n in range(lines)]
    return ("Nom;Catégorie;Adresse;Code postal;Commune;Téléphone;Obs.", *rows, f"{rows[0]}fin")


@pytest.mark.parametrize("ending", ["csv", "xlsx"])
def test_of_the_first_lines_columns_are_shown_as_of_all_of_them(ending: str) -> None:
    lines = many(400)
    data = "\r\n".join(lines).encode()
    if ending == "xlsx":
        data = xlsx(*(each.split(";") for each in lines))
    limits = {"max_bytes": len(data), "max_rows": 1_000}
    some = read_tables(data, f"liste.{ending}", **limits, first=100)
    assert [sum(bool(row.cells) for row in table.rows) for table in some] == [100]
    whole = read_tables(data, f"liste.{ending}", **limits)
    (part,), (sheet,) = (sheets_of(each, None, lambda _: False) for each in (some, whole))
    assert (part.lines, sheet.lines, part.more, sheet.more) == (401, 401, 302, 0)
    assert [(each.title, each.field, each.seems) for each in part.columns] == [
        (each.title, each.field, each.seems) for each in sheet.columns
    ]
    with pytest.raises(TooManyRows):
        read_tables(data, f"liste.{ending}", max_bytes=len(data), max_rows=200, first=100)


def test_lines_behind_a_cell_of_several_lines_are_counted_once() -> None:
    lines = many(400)
    first = (
        lines[1].replace("1 rue X", '"1 rue X\nau fond"').replace("0 rue X", '"0 rue X\nau fond"')
    )
    data = "\n".join((lines[0], first, *lines[2:])).encode()
    (table,) = read_tables(data, "liste.csv", max_bytes=len(data), max_rows=1_000, first=100)
    assert (len(table.rows), table.more) == (100, 302)
