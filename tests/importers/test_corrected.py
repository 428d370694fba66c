"""Cells that somebody corrected stand in the place of those that were received."""

from importers.corrected import put
from importers.row import Where
from importers.table import LostCell, RawRow, Table


def test_a_cell_is_put_in_its_line_alone_and_a_short_row_grows() -> None:
    rows = [RawRow(1, ("Nom", "Ville", "Tél.")), RawRow(2, ("A",)), RawRow(3, ("B", "Lille"))]
    lost = [LostCell(2, 1, "#REF!"), LostCell(3, 2, "#N/A")]
    (table,) = put([Table("Feuille", rows=rows, lost=lost)], {Where("Feuille", 2): {1: "Brest"}})
    assert [row.cells for row in table.rows] == [rows[0].cells, ("A", "Brest"), rows[2].cells]
    assert table.lost == [LostCell(3, 2, "#N/A")]


def test_a_line_of_another_sheet_is_left() -> None:
    sheets = [Table(name, rows=[RawRow(2, ("A",))]) for name in ("Une", "Deux")]
    found = put(sheets, {Where("Deux", 2): {0: "B"}})
    assert [each.rows[0].cells for each in found] == [("A",), ("B",)]
