"""A workbook without its rows: header, styles, and the sheet that says what it is."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from io import BytesIO
from typing import Any, Protocol
from zipfile import ZipFile

from openpyxl import Workbook
from openpyxl.cell import WriteOnlyCell
from openpyxl.styles import Alignment, Font
from openpyxl.utils import get_column_letter
from openpyxl.worksheet.properties import PageSetupProperties

from app.files.cells import clean

SHEET = "xl/worksheets/sheet1.xml"
PROPERTIES = "docProps/core.xml"
DAY, MINUTE = "DD/MM/YYYY", "DD/MM/YYYY HH:MM"
MOMENT = "Extrait le (heure de Paris)"
BOLD = Font(bold=True)
TOP = Alignment(wrap_text=True, vertical="top", horizontal="left")
NUMBER = Alignment(vertical="top", horizontal="right")
LINK = Font(color="0563C1", underline="single")
# Sheets of A4 side by side on which all columns stand, large enough to be read.
SHEETS_WIDE = 4
_MODIFIED = re.compile(rb"(<dcterms:modified[^>]*>)[^<]*")
_EXTENT = re.compile(rb'<dimension ref="[^"]*"')


class Titled(Protocol):
    """A column as its header has it. width: in characters; linked: its texts are addresses."""

    @property
    def label(self) -> str: ...
    @property
    def width(self) -> int: ...
    @property
    def linked(self) -> bool: ...


@dataclass(frozen=True, slots=True, kw_only=True)
class Sheet:
    """What a workbook is: the name of its sheet of rows, their columns, and how many they are.

    title, publisher: of the document; at: aware, of Paris. about: what its other sheet says, line
    by line; the moment is its last one.
    """

    name: str
    columns: Sequence[Titled]
    total: int
    title: str
    publisher: str
    at: datetime
    about: Sequence[tuple[str, str | int]]


@dataclass(frozen=True, slots=True)
class Template:
    """The parts of a workbook by name, its first sheet with the header as its only row.

    The rest are numbers of styles: of texts, which wrap, of numbers, days and links, and of texts
    that begin as formulas do.
    """

    parts: dict[str, bytes]
    text: int
    number: int
    day: int
    link: int
    quoted: int


def template(what: Sheet) -> Template:
    """Return the workbook of a table, the same for the same moment."""
    book = Workbook()
    sheet = book.worksheets[0]
    extent = _header(sheet, what)
    styles = {
        "text": _style(sheet, alignment=TOP),
        "number": _style(sheet, alignment=NUMBER),
        "day": _style(sheet, alignment=NUMBER, number_format=DAY),
        "link": _style(sheet, alignment=TOP, font=LINK),
        "quoted": _style(sheet, alignment=TOP, quotePrefix=True),
    }
    _about(book.create_sheet("À propos"), what)
    moment = what.at.replace(tzinfo=None, microsecond=0)
    book.properties.creator = clean(what.publisher)
    book.properties.title = clean(what.title)
    book.properties.created = moment
    packed = BytesIO()
    book.save(packed)
    with ZipFile(packed) as archive:
        parts = {name: archive.read(name) for name in archive.namelist()}
    parts[PROPERTIES] = _MODIFIED.sub(rb"\g<1>%sZ" % moment.isoformat().encode(), parts[PROPERTIES])
    parts[SHEET] = _EXTENT.sub(b'<dimension ref="%s"' % extent.encode(), parts[SHEET])
    return Template(parts, **styles)


def _style(sheet: Any, **looks: Any) -> int:
    """Return the number of a style, which the workbook has once it was asked for."""
    cell = WriteOnlyCell(sheet)
    for name, value in looks.items():
        setattr(cell, name, value)
    return int(cell.style_id)


def _header(sheet: Any, what: Sheet) -> str:
    """Write the header; return the extent of the sheet once its rows are there."""
    sheet.title = what.name
    sheet.freeze_panes = "A2"
    for number, column in enumerate(what.columns, 1):
        sheet.column_dimensions[get_column_letter(number)].width = column.width
        cell = sheet.cell(1, number, column.label)
        cell.font, cell.alignment = BOLD, TOP
    _on_paper(sheet)
    extent = f"A1:{get_column_letter(len(what.columns))}{what.total + 1}"
    sheet.auto_filter.ref = extent
    return extent


def _on_paper(sheet: Any) -> None:
    """Print it in landscape; each page repeats the titles, and the names before its columns."""
    sheet.page_setup.orientation = "landscape"
    sheet.page_setup.paperSize = sheet.PAPERSIZE_A4
    sheet.sheet_properties.pageSetUpPr = PageSetupProperties(fitToPage=True)
    sheet.page_setup.fitToWidth, sheet.page_setup.fitToHeight = SHEETS_WIDE, 0
    sheet.print_title_rows, sheet.print_title_cols = "1:1", "A:A"
    sheet.oddFooter.right.text = "&P/&N"


def _about(sheet: Any, what: Sheet) -> None:
    sheet.column_dimensions["A"].width = 26
    sheet.column_dimensions["B"].width = 100
    # Excel knows no time zones.
    moment = what.at.replace(tzinfo=None, second=0, microsecond=0)
    for number, (label, value) in enumerate([*what.about, (MOMENT, moment)], 1):
        sheet.cell(number, 1, label).font = BOLD
        cell = sheet.cell(number, 2, clean(value) if isinstance(value, str) else value)
        cell.alignment = TOP
        if isinstance(value, str):
            cell.data_type = "s"
    cell.number_format = MINUTE
