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

from app.public.exports.cells import clean
from app.search.rows import LICENCE, LICENCE_URL, About, Selection

SHEET = "xl/worksheets/sheet1.xml"
PROPERTIES = "docProps/core.xml"
DAY, MINUTE = "DD/MM/YYYY", "DD/MM/YYYY HH:MM"
BOLD = Font(bold=True)
TOP = Alignment(wrap_text=True, vertical="top", horizontal="left")
PROTECTED = (
    "Les lieux qui protègent des enfants sont listés sous un nom neutre, sans adresse ni "
    "coordonnées."
)
_MODIFIED = re.compile(rb"(<dcterms:modified[^>]*>)[^<]*")
_EXTENT = re.compile(rb'<dimension ref="[^"]*"')


@dataclass(frozen=True, slots=True)
class Template:
    """The parts of a workbook by name, its first sheet with the header as its only row.

    day, quoted: numbers of the styles of days, and of texts that begin as formulas do.
    """

    parts: dict[str, bytes]
    day: int
    quoted: int


def template(selection: Selection) -> Template:
    """Return the workbook of a selection, the same for the same moment."""
    about = selection.about
    book = Workbook()
    sheet = book.worksheets[0]
    extent = _header(sheet, selection)
    styled = WriteOnlyCell(sheet)
    styled.number_format = DAY
    day = styled.style_id
    styled = WriteOnlyCell(sheet)
    styled.quotePrefix = True
    quoted = styled.style_id
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
    return Template(parts, day, quoted)


def _header(sheet: Any, selection: Selection) -> str:
    """Write the header; return the extent of the sheet once its rows are there."""
    sheet.title = "Acteurs"
    sheet.freeze_panes = "A2"
    for number, column in enumerate(selection.columns, 1):
        sheet.column_dimensions[get_column_letter(number)].width = column.width
        sheet.cell(1, number, column.label).font = BOLD
    extent = f"A1:{get_column_letter(len(selection.columns))}{selection.about.total + 1}"
    sheet.auto_filter.ref = extent
    return extent


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
    yield "Adresse de cette vue", about.address
    yield "À savoir", PROTECTED
    # Excel knows no time zones.
    yield "Extrait le (heure de Paris)", about.at.replace(tzinfo=None, second=0, microsecond=0)
