"""The file of a territory as a workbook: a sheet of actors, and one that says how to fill it in."""

import io
from collections.abc import Iterable, Iterator
from datetime import date
from typing import Any

from openpyxl import Workbook
from openpyxl.cell import WriteOnlyCell
from openpyxl.styles import Alignment, Font
from openpyxl.utils import get_column_letter

from app.files.cells import clean
from app.lists.update_file import CLOSED, ID_TITLE, MARKS_TITLE, OPEN, TITLES, FileRow
from importers import vocabulary
from importers.returned import READ_ME
from importers.vocabulary import LISTS

BOLD, WRAPPED = Font(bold=True), Alignment(wrap_text=True, vertical="top")
WIDTHS = {"name": 40, "category": 34, "address": 34, "description": 60}
WIDTH = 20
HOW = (
    "Ce fichier donne les acteurs publiés du territoire, tels que le public les lit.",
    "Corrigez ce qui a changé, directement dans les cellules, puis enregistrez en .xlsx.",
    f"Ne touchez pas aux colonnes « {ID_TITLE} » et « {MARKS_TITLE} » : elles disent de qui est "
    "chaque ligne, et ce que vous avez changé. L’ordre des lignes et des colonnes est libre.",
    "Une ligne qui n’a qu’un nom est un lieu protégé : laissez-la. Ce qui y serait écrit reste "
    "caché, et ne change rien. Il se corrige au bureau.",
    "Un nouvel acteur : une ligne de plus, sans identifiant, avec au moins son nom, sa catégorie "
    "et sa commune. Ne recopiez pas l’identifiant d’un autre.",
    f"Un acteur fermé : écrivez « {CLOSED} » au lieu de « {OPEN} » dans la colonne « État ».",
    "Une ligne que vous supprimez n’efface rien : l’acteur est seulement dit absent de la liste.",
    "Une cellule que vous videz n’efface rien : la valeur s’efface au bureau, depuis la fiche.",
    "Plusieurs téléphones ou courriels : l’un sous l’autre, dans la même cellule. Plusieurs "
    "missions, publics ou langues : séparés par des points-virgules.",
    "Ce qui a été corrigé au bureau l’emporte sur ce fichier : le compte rendu le dit.",
    "Rendez ce fichier à la personne qui vous l’a remis. Ne l’envoyez pas par courriel.",
)


def write_book(rows: Iterable[FileRow], territory: str, name: str, today: date) -> bytes:
    """Return the workbook; territory, name: its code, and what it is called."""
    book = Workbook(write_only=True)
    book.properties.creator = ""
    book.properties.title = f"Fichier de mise à jour, {name}"
    # Its name tells importers the territory of the new lines.
    sheet = book.create_sheet(f"Acteurs ({territory})")
    titles = (ID_TITLE, *TITLES.values(), MARKS_TITLE)
    widths = (WIDTH, *(WIDTHS.get(each, WIDTH) for each in TITLES), WIDTH)
    for number, width in enumerate(widths, 1):
        sheet.column_dimensions[get_column_letter(number)].width = width
    sheet.freeze_panes = "C2"
    sheet.append([text_cell(sheet, title, BOLD) for title in titles])
    for row in rows:
        texts = (row.public_id, *(row.cells[each] for each in TITLES), row.marks)
        sheet.append([text_cell(sheet, text) if text else None for text in texts])
    _about(book, name, today)
    file = io.BytesIO()
    book.save(file)
    return file.getvalue()


def text_cell(sheet: Any, text: str, font: Font | None = None) -> Any:
    """Return a cell of text, whatever it begins with: never a formula."""
    cell = WriteOnlyCell(sheet, clean(text))
    cell.data_type, cell.quotePrefix, cell.alignment = "s", True, WRAPPED
    if font:
        cell.font = font
    return cell


def _about(book: Workbook, name: str, today: date) -> None:
    sheet = book.create_sheet(READ_ME)
    sheet.column_dimensions["A"].width = 110
    sheet.append([text_cell(sheet, f"{name}, le {today:%d/%m/%Y}", BOLD)])
    for line in HOW:
        sheet.append([text_cell(sheet, line)])
    for title, words in _possible():
        sheet.append([])
        sheet.append([text_cell(sheet, title, BOLD)])
        for each in words:
            sheet.append([text_cell(sheet, each)])


def _possible() -> Iterator[tuple[str, list[str]]]:
    """Yield what may be written in the columns that take words of a vocabulary."""
    words = vocabulary.load()
    known = words.categories.values()
    yield "Catégories", [each.label for each in known if each.publishable and not each.neutral]
    for name in LISTS:
        yield TITLES[name], [term.label for term in words.terms(name).values()]
