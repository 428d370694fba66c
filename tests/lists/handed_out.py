"""The file of a territory as somebody takes it, changes it in a spreadsheet, and sends it back."""

import io
from collections.abc import Callable
from typing import Any

from openpyxl import Workbook, load_workbook

from app.gazetteer.load import read_gazetteer
from app.lists.update_book import write_book
from app.lists.update_file import ID_TITLE, TITLES, file_rows
from app.platform.database.sessions import read
from app.runtime.staff import Runtime
from app.vault.digests import find_key
from app.visibility import OPERATOR
from geo.zones import paris_day

NAME = "mise-a-jour.xlsx"
Rows = list[dict[str, Any]]


def handed_out(runtime: Runtime, territory: str = "93") -> bytes:
    """The file of a territory, as the desk makes it."""
    with read(runtime.staff) as session:
        gazetteer = read_gazetteer(session.connection())
        key, today = find_key(session, runtime.vault), paris_day()
        rows = list(file_rows(session, runtime.vault, OPERATOR, territory, gazetteer, key, today))
    return write_book(rows, territory, "Territoire", today)


def rows_of(data: bytes) -> Rows:
    """Its lines, each by the titles of its columns."""
    sheet = load_workbook(io.BytesIO(data)).worksheets[0]
    titles, *lines = sheet.iter_rows(values_only=True)
    return [dict(zip(map(str, titles), line, strict=True)) for line in lines]


def with_rows(data: bytes, change: Callable[[Rows], Rows]) -> bytes:
    """The same file with other lines, as openpyxl writes it."""
    book = load_workbook(io.BytesIO(data))
    rows = change(rows_of(data))
    titles = list(rows[0])
    written = Workbook()
    sheet = written.worksheets[0]
    sheet.title = book.worksheets[0].title
    sheet.append(titles)
    for row in rows:
        sheet.append([row.get(title) for title in titles])
        for cell in sheet[sheet.max_row]:
            if isinstance(cell.value, str):
                cell.data_type = "s"
    file = io.BytesIO()
    written.save(file)
    return file.getvalue()


def changed(data: bytes, called: str, /, **cells: Any) -> bytes:
    """The same file with other cells of the actor that it calls so; by fields of the form."""

    def change(rows: Rows) -> Rows:
        row = next(each for each in rows if each["Nom"] == called)
        row |= {TITLES[field]: value for field, value in cells.items()}
        return rows

    return with_rows(data, change)


def without_id(rows: Rows) -> Rows:
    return [row | {ID_TITLE: None} for row in rows]
