"""Workbooks of several sheets, and what is hidden in them."""

import csv
import io
from collections.abc import Sequence

import openpyxl
import pytest
import xlwt
from odf.opendocument import OpenDocumentSpreadsheet
from odf.table import Table, TableCell, TableColumn, TableRow
from odf.text import P

from importers.report import write_report
from importers.row import ReadResult, Where
from tests.importers.conftest import Read, fatal, saved

TITLES = ("Nom", "Type", "Commune", "Téléphone")


def book(**sheets: Sequence[Sequence[object]]) -> openpyxl.Workbook:
    """A workbook of these sheets; "_" stands for a space in a name."""
    made = openpyxl.Workbook()
    made.remove(made.active)
    for name, rows in sheets.items():
        sheet = made.create_sheet(name.replace("_", " "))
        for row in rows:
            sheet.append(list(row))
    return made


def notes(result: ReadResult) -> list[str]:
    return [p.message for p in result.problems if p.column is None and not p.fatal]


def test_every_sheet_with_a_column_of_names_is_read_by_its_own_header(read: Read) -> None:
    data = saved(
        book(
            Associations=[TITLES, ("A", "Association", "Bobigny", "119")],
            Notes=[("Comment remplir",), ("Le nom d'abord",)],
            CRIP=[("Liste 2026",), (), ("Commune", "Service"), ("Lille", "B"), ("", "")],
        )
    )
    result = read(data, "l.xlsx")
    assert [(row.where, row.category) for row in result.rows] == [
        (Where("Associations", 2), "association"),
        (Where("CRIP", 4), "crip"),
    ]
    assert result.sheets == ("Associations", "CRIP")
    assert notes(result) == ["Feuille « Notes » : pas de colonne de noms, elle n'a pas été lue."]
    assert result.mapping["Service"] == "name"


def test_a_sheet_named_after_a_territory_says_where_its_lines_are(read: Read) -> None:
    rows = [("Nom", "Type", "Tél"), ("A", "ASE", "119")]
    named = {"93": rows, "59_-_Nord": [rows[0], ("B", "ASE", "119")]}
    result = read(saved(book(**named)), "l.xlsx")
    assert [row.territory for row in result.rows] == ["93", "59"]


def test_a_sheet_whose_name_turns_the_writing_is_named_without_it(read: Read) -> None:
    rows = [TITLES, ("A", "Association", "Bobigny", "119")]
    result = read(saved(book(**{"\u202eesrever": rows, "Autre": rows})), "liste.xlsx")
    assert result.sheets == ("esrever", "Autre")


def test_a_sheet_named_after_homes_hides_its_lines(read: Read) -> None:
    data = saved(book(Foyers=[TITLES, ("Les Ifs", "Association", "Bobigny", "119")]))
    (row,) = read(data, "l.xlsx").rows
    assert [sign.says for sign in row.signs] == ["houses"]


def test_an_actor_of_two_sheets_is_one_and_bears_the_signs_of_both(read: Read) -> None:
    line = ("Les Ifs", "Association", "Bobigny", "119")
    result = read(saved(book(Partenaires=[TITLES, line], Foyers=[TITLES, line])), "l.xlsx")
    (row,) = result.rows
    assert (row.sheet, [sign.says for sign in row.signs]) == ("Partenaires", ["houses"])
    ((_, message),) = fatal(result)
    assert message.startswith("Cette ligne répète la ligne 2 de la feuille « Partenaires »")


def test_the_report_has_a_column_of_sheets_where_several_have_problems(read: Read) -> None:
    rows = [TITLES, ("A", "ASE", "Bobigny", "12"), ("", "ASE", "Lille", "119")]
    one = read(saved(book(Un=rows)), "l.xlsx")
    other = [TITLES, ("B", "ASE", "Bobigny", "12")]
    two = read(saved(book(Un=rows, Deux=other)), "l.xlsx")
    titles, *lines = csv.reader(
        io.StringIO(write_report(two.problems).decode("utf-8-sig")), delimiter=";"
    )
    assert titles[:2] == ["Feuille", "Ligne"]
    assert [line[:2] for line in lines] == [["Un", "2"], ["Un", "3"], ["Deux", "2"]]
    assert write_report(one.problems).decode().startswith('\ufeff"Ligne"')


def xlsx_with_hidden() -> bytes:
    made = book(Liste=ROWS)
    sheet = made["Liste"]
    sheet.row_dimensions[3].hidden = True
    sheet.column_dimensions["E"].hidden = True
    return saved(made)


def xls_with_hidden() -> bytes:
    made = xlwt.Workbook()
    sheet = made.add_sheet("Liste")
    for line, cells in enumerate(ROWS):
        for column, value in enumerate(cells):
            sheet.write(line, column, value)
    sheet.row(2).hidden = True
    sheet.col(4).hidden = True
    out = io.BytesIO()
    made.save(out)
    return out.getvalue()


def ods_with_hidden() -> bytes:
    document = OpenDocumentSpreadsheet()
    table = Table(name="Liste")
    table.addElement(TableColumn(numbercolumnsrepeated=4))
    table.addElement(TableColumn(visibility="collapse"))
    for line, cells in enumerate(ROWS):
        row = TableRow(visibility="filter") if line == 2 else TableRow()
        for value in cells:
            cell = TableCell(valuetype="string")
            cell.addElement(P(text=value))
            row.addElement(cell)
        table.addElement(row)
    document.spreadsheet.addElement(table)
    out = io.BytesIO()
    document.save(out)
    return out.getvalue()


ROWS = [
    (*TITLES, "Portable", "Ville"),
    ("A", "ASE", "Bobigny", "0143939393", "0612345678", "x"),
    ("B", "ASE", "Bobigny", "0143939394", "0612345679", "x"),
    ("C", "ASE", "Bobigny", "0143939395", "", "x"),
]


@pytest.mark.parametrize(
    ("data", "name"),
    [
        (xlsx_with_hidden(), "l.xlsx"),
        (xls_with_hidden(), "l.xls"),
        (ods_with_hidden(), "l.ods"),
    ],
)
def test_hidden_rows_are_drafts_and_numbers_of_a_hidden_column_are_withheld(
    read: Read, data: bytes, name: str
) -> None:
    result = read(data, name)
    assert [row.status for row in result.rows] == ["published", "draft", "published"]
    assert [row.unpublished for row in result.rows] == [("+33612345678",), ("+33612345679",), ()]
    assert result.rows[0].phones[0] == "+33143939393"
    hidden, column = sorted(notes(result), reverse=True)
    assert hidden.startswith("Une ligne masquée ou barrée est reprise sans être publiée")
    assert "« Portable »" in column


def test_lines_of_a_hidden_sheet_are_drafts_that_are_said(read: Read) -> None:
    made = book(Liste=ROWS, Cachée=[TITLES, *(("D", "ASE", t, "119") for t in ("Lille", "Lyon"))])
    made["Cachée"].sheet_state = "hidden"
    result = read(saved(made), "l.xlsx")
    assert [row.status for row in result.rows] == ["published"] * 3 + ["draft"] * 2
    assert notes(result) == [
        "2 lignes masquées ou barrées sont reprises sans être publiées, à confirmer."
    ]


def test_a_text_of_a_hidden_column_is_no_public_text_and_still_hides(read: Read) -> None:
    made = book(
        Liste=[
            ("Nom", "Type", "Commune", "Observations"),
            ("A", "Association", "Bobigny", "Foyer d'accueil pour jeunes"),
        ]
    )
    made["Liste"].column_dimensions["D"].hidden = True
    (row,) = read(saved(made), "l.xlsx").rows
    assert row.description is None
    assert {sign.field for sign in row.signs} == {"unread"}


def test_a_visible_column_goes_before_a_hidden_one_of_the_same_field(read: Read) -> None:
    made = book(Liste=[("Commune", "Nom", "Type", "Ville"), ("Lille", "A", "ASE", "Bobigny")])
    made["Liste"].column_dimensions["A"].hidden = True
    (row,) = read(saved(made), "l.xlsx").rows
    assert row.commune == "93008"


def test_lines_whose_names_are_hidden_are_drafts(read: Read) -> None:
    made = book(Liste=ROWS)
    made["Liste"].column_dimensions["A"].hidden = True
    assert [row.status for row in read(saved(made), "l.xlsx").rows] == ["draft"] * 3


@pytest.mark.parametrize("title", ["Courriel", "Coordonnées complètes"])
def test_what_a_hidden_column_gives_is_kept_unpublished(read: Read, title: str) -> None:
    contact = "contact@example.org\n01 99 00 00 10"
    made = book(Liste=[("Nom", "Type", "Commune", title), ("A", "ASE", "Bobigny", contact)])
    made["Liste"].column_dimensions["D"].hidden = True
    (row,) = read(saved(made), "l.xlsx").rows
    assert set(row.unpublished) == {"contact@example.org", "+33199000010"}
