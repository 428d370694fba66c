"""Bytes of a list -> tables of text cells. What cannot be read raises an UnreadableList."""

from pathlib import PurePath

from importers.delimited import read_delimited
from importers.errors import EmptyFile, FileTooLarge, UnknownEnding
from importers.table import Table
from importers.text import clean
from importers.workbook import expect_format, read_workbook

_ENDINGS = {
    ".csv": "text",
    ".txt": "text",
    ".tsv": "text",
    ".xlsx": "xlsx",
    ".xlsm": "xlsx",
    ".xls": "xls",
    ".ods": "ods",
}


def read_tables(
    data: bytes, filename: str, *, max_bytes: int, max_rows: int, first: int | None = None
) -> list[Table]:
    """Return the visible sheets of a workbook in their order, or the one table of a text file.

    first: how many rows of each are wanted, the others being counted; None for all.
    """
    name = PurePath(filename).name
    if not data.strip():
        raise EmptyFile(filename=name)
    if len(data) > max_bytes:
        raise FileTooLarge.of(name, len(data), max_bytes)
    said = ending_of(filename)
    match expect_format(data, name, said):
        case "xlsx" | "xls" | "ods" as file_format:
            tables = read_workbook(data, name, file_format, max_rows, first)
        case _:
            tables = [read_delimited(data, name, max_rows, first)]
    if not any(table.more or any(row.cells for row in table.rows) for table in tables):
        raise EmptyFile(filename=name)
    for table in tables:
        # A name that changes the direction of writing would turn what a page says after it.
        table.name = table.name and clean(table.name)[0]
    return tables


def ending_of(filename: str) -> str:
    """Return what a file is by the ending of its name; raise UnknownEnding."""
    found = _ENDINGS.get(PurePath(filename).suffix.lower())
    if found is None:
        raise UnknownEnding(filename=PurePath(filename).name)
    return found
