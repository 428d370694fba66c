"""The lines of a list that cannot be used, as a workbook with what is wrong with each."""

import io
import re
from collections.abc import Iterable

from openpyxl import Workbook

from app.lists.review import Line
from app.lists.update_book import BOLD, text_cell
from importers.returned import WRONG

LONGEST_NAME = 31
# Lines of one workbook: of 100,000 one answer would take minutes.
MOST = 10_000
_NO_NAME = re.compile(r"[\\/?*\[\]:\x00-\x1f]")


def write_book(lines: Iterable[Line]) -> tuple[bytes, int]:
    """Return the workbook, the sheets of the list, each with its titles and one more column, and of
    how many lines it is.
    """
    book = Workbook(write_only=True)
    book.properties.creator = ""
    sheets, number = {}, 0
    for each in lines:
        number += 1
        name, titles = each.content.get("sheet"), each.content["titles"]
        if name not in sheets:
            sheets[name] = book.create_sheet(_sheet_name(name))
            sheets[name].freeze_panes = "B2"
            first = [text_cell(sheets[name], title, BOLD) for title in (WRONG, *titles)]
            sheets[name].append(first)
        cells = [text_cell(sheets[name], text) if text else None for text in each.content["raw"]]
        sheets[name].append([text_cell(sheets[name], _said(each)), *cells])
    file = io.BytesIO()
    book.save(file)
    return file.getvalue(), number


def _sheet_name(name: str | None) -> str:
    """Return a name that a sheet may have, which one of another format need not be."""
    return _NO_NAME.sub(" ", name or "")[:LONGEST_NAME].strip() or "Lignes à corriger"


def _said(line: Line) -> str:
    remarks = line.content.get("wrong", ())
    return "\n".join(
        f"{each['column']} : {each['message']}" if each["column"] else each["message"]
        for each in remarks
    )
