"""A workbook without its actors: header, styles, and the sheet that says what it is."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from io import BytesIO
from typing import Any
from zipfile import ZipFile

from openpyxl import Workbook
from openpyxl.cell import WriteOnlyCell
from openpyxl.styles import Alignment, Font
from openpyxl.utils import get_column_letter
from openpyxl.worksheet.properties import PageSetupProperties

from app.search.cells import clean
from app.search.rows import LICENCE, LICENCE_URL, About, Selection

SHEET = "xl/worksheets/sheet1.xml"
PROPERTIES = "docProps/core.xml"
DAY, MINUTE = "DD/MM/YYYY", "DD/MM/YYYY HH:MM"
BOLD = Font(bold=True)
TOP = Alignment(wrap_text=True, vertical="top", horizontal="left")
NUMBER = Alignment(vertical="top", horizontal="right")
LINK = Font(color="0563C1", underline="single")
# Sheets of A4 side by side on which all columns stand, large enough to be read.
SHEETS_WIDE = 4
PROTECTED = (
    "Les lieux qui protègent des enfants sont listés sous un nom neutre, sans adresse ni "
    "coordonnées."
)
_MODIFIED = re.compile(rb"(<dcterms:modified[^>]*>)[^<]*")
_EXTENT = re.compile(rb'<dimension ref="[^"]*"')


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


def template(selection: Selection) -> Template:
    """Return the workbook of a selection, the same for the same moment."""
    about = selection.about
    book = Workbook()
    sheet = book.worksheets[0]
    extent = _header(sheet, selection)
    styles = {
        "text": _style(sheet, alignment=TOP),
        "number": _style(sheet, alignment=NUMBER),
        "day": _style(sheet, alignment=NUMBER, number_format=DAY),
        "link": _style(sheet, alignment=TOP, font=LINK),
        "quoted": _style(sheet, alignment=TOP, quotePrefix=True),
    }
    _about(book.create_sheet("À propos"), about)
    moment = about.at.replace(tzinfo=None, microsecond=0)
    book.properties.creator = clean(about.publisher)
    book.properties.title = clean(f"Acteurs : {about.where}")
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


def _header(sheet: Any, selection: Selection) -> str:
    """Write the header; return the extent of the sheet once its rows are there."""
    sheet.title = "Acteurs"
    sheet.freeze_panes = "A2"
    for number, column in enumerate(selection.columns, 1):
        sheet.column_dimensions[get_column_letter(number)].width = column.width
        cell = sheet.cell(1, number, column.label)
        cell.font, cell.alignment = BOLD, TOP
    _on_paper(sheet)
    extent = f"A1:{get_column_letter(len(selection.columns))}{selection.about.total + 1}"
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


def _about(sheet: Any, about: About) -> None:
    sheet.column_dimensions["A"].width = 26
    sheet.column_dimensions["B"].width = 100
    for number, (label, value) in enumerate(_lines(about), 1):
        sheet.cell(number, 1, label).font = BOLD
        cell = sheet.cell(number, 2, clean(value) if isinstance(value, str) else value)
        cell.alignment = TOP
        if isinstance(value, str):
            cell.data_type = "s"
    cell.number_format = MINUTE


def _lines(about: About) -> Iterator[tuple[str, Any]]:
    yield "Contenu", "Acteurs de la protection de l’enfance"
    yield "Lieu", about.where
    yield "Critères", " ; ".join(about.criteria) or "aucun"
    yield "Nombre d’acteurs", about.total
    yield "Licence", LICENCE
    yield "Texte de la licence", LICENCE_URL
    yield "Source des données", about.source
    yield "Registres", "Un acteur que nomme un registre a la licence de ce registre"
    yield "Adresse de cette vue", about.address
    yield "À savoir", PROTECTED
    # Excel knows no time zones.
    yield "Extrait le (heure de Paris)", about.at.replace(tzinfo=None, second=0, microsecond=0)
