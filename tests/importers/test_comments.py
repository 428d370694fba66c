"""What somebody noted beside a cell of a workbook can only hide; so do lines struck out or low."""

import io
import zipfile
from collections.abc import Callable

import openpyxl
import pytest
from odf import dc, office
from odf.opendocument import OpenDocumentSpreadsheet
from odf.table import Table, TableCell, TableRow
from odf.text import P
from openpyxl.comments import Comment
from openpyxl.styles import Font

from importers.errors import TooLargeOnceOpened
from importers.row import ActorRow
from importers.sheet_marks import MOST_COMMENTED
from tests.importers.conftest import Read, saved

ROWS = (
    ("Nom", "Type", "Commune", "Téléphone"),
    ("A", "Association", "Bobigny", "0143939393"),
    ("B", "Association", "Bobigny", "0143939394"),
    ("C", "Association", "Bobigny", "0143939395"),
)


def book() -> openpyxl.Workbook:
    made = openpyxl.Workbook()
    for row in ROWS:
        made.active.append(row)
    return made


def threaded(text: str) -> bytes:
    """A workbook with a thread at C3, as Excel stores it."""
    out = io.BytesIO()
    relation = "http://schemas.microsoft.com/office/2017/10/relationships/threadedComment"
    with (
        zipfile.ZipFile(io.BytesIO(saved(book()))) as old,
        zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as new,
    ):
        for name in old.namelist():
            new.writestr(name, old.read(name))
        new.writestr(
            "xl/worksheets/_rels/sheet1.xml.rels",
            '<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships">'
            f'<Relationship Id="r1" Type="{relation}" Target="../threadedComments/tc1.xml"/>'
            f'<Relationship Id="r2" Type="{relation}" Target="../threadedComments/missing.xml"/>'
            "</Relationships>",
        )
        new.writestr(
            "xl/threadedComments/tc1.xml",
            '<ThreadedComments xmlns="http://schemas.microsoft.com/office/spreadsheetml/2018/'
            f'threadedcomments"><threadedComment ref="C3"><text>{text}</text></threadedComment>'
            '<threadedComment ref="A1:B2"><text>confidentiel</text></threadedComment>'
            "<threadedComment><text>confidentiel</text></threadedComment></ThreadedComments>",
        )
    return out.getvalue()


def noted(text: str) -> bytes:
    made = book()
    made.active["C3"].comment = Comment(text, "Mme Petit")
    return saved(made)


def ods(text: str) -> bytes:
    document = OpenDocumentSpreadsheet()
    table = Table(name="Liste")
    for line, cells in enumerate(ROWS, start=1):
        row = TableRow()
        for column, value in enumerate(cells):
            cell = TableCell(valuetype="string")
            if (line, column) == (3, 2):
                note = office.Annotation()
                note.addElement(dc.Date(text="2026-01-01T00:00:00"))
                note.addElement(P(text=text))
                cell.addElement(note)
            cell.addElement(P(text=value))
            row.addElement(cell)
        table.addElement(row)
    document.spreadsheet.addElement(table)
    out = io.BytesIO()
    document.save(out)
    return out.getvalue()


def signs(rows: tuple[ActorRow, ...]) -> list[set[str]]:
    return [{sign.says for sign in row.signs} for row in rows]


WAYS = pytest.mark.parametrize(
    ("made", "name"), [(noted, "l.xlsx"), (threaded, "l.xlsx"), (ods, "l.ods")]
)


@pytest.mark.slow
@WAYS
@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("Adresse confidentielle", {"secret"}),
        ("Marie :\nne pas publier", {"secret"}),
        ("foyer de 8 jeunes filles", {"mentions"}),
        ("rappeler en mai", set[str]()),
    ],
)
def test_a_comment_can_hide_the_line_of_its_cell_alone(
    read: Read, made: Callable[[str], bytes], name: str, text: str, says: set[str]
) -> None:
    result = read(made(text), name)
    assert signs(result.rows) == [set(), says, set()]
    assert [row.city for row in result.rows] == ["Bobigny"] * 3
    assert text not in str([(row.description, row.address, row.name) for row in result.rows])
    assert result.left_aside == ()


def test_a_comment_of_a_merged_cell_is_said_of_all_its_lines(read: Read) -> None:
    made = book()
    made.active["C3"].comment = Comment("ne pas publier", "x")
    made.active["C4"] = None
    made.active.merge_cells("C3:C4")
    assert signs(read(saved(made), "l.xlsx").rows) == [set(), {"secret"}, {"secret"}]


def test_comments_that_say_more_than_any_list_are_refused(read: Read) -> None:
    with pytest.raises(TooLargeOnceOpened):
        read(threaded("a" * MOST_COMMENTED), "l.xlsx")


def statuses(made: openpyxl.Workbook, read: Read) -> list[str]:
    return [row.status for row in read(saved(made), "l.xlsx").rows]


def test_a_line_that_is_struck_out_is_a_draft(read: Read) -> None:
    made = book()
    for cell in made.active[3]:
        cell.font = Font(strike=True)
    # One old number is no reason.
    made.active["D4"].font = Font(strike=True)
    assert statuses(made, read) == ["published", "draft", "published"]


@pytest.mark.parametrize(("height", "status"), [(0.5, "draft"), (1.9, "draft"), (8, "published")])
def test_a_line_too_low_to_be_read_is_a_draft(read: Read, height: float, status: str) -> None:
    made = book()
    made.active.row_dimensions[3].height = height
    assert statuses(made, read) == ["published", status, "published"]
