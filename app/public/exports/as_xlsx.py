"""A selection of actors as an XLSX workbook, with a sheet that says what it is."""

from collections.abc import Iterator
from typing import IO

from app.errors import Mesure23Error
from app.files.as_xlsx import write_xlsx as write_sheet
from app.files.workbook import Sheet
from app.search.rows import LICENCE, LICENCE_URL, About, Selection
from importers.text import grouped

# Spreadsheets load a workbook whole: more rows make them slow or fail.
MOST_ROWS = 100_000
PROTECTED = (
    "Les lieux qui protègent des enfants sont listés sous un nom neutre, sans adresse ni "
    "coordonnées."
)


class SelectionTooLarge(Mesure23Error):
    """Cette sélection compte {count} acteurs : un classeur en contient au plus {most}."""

    status = 422
    title = "Sélection trop grande"
    advice = "Choisissez un territoire, une distance ou des filtres ; ou téléchargez le CSV."


def write_xlsx(selection: Selection, file: IO[bytes]) -> None:
    """Write a sheet of actors and one about them; raises SelectionTooLarge above MOST_ROWS."""
    about, columns = selection.about, selection.columns
    if about.total > MOST_ROWS:
        raise SelectionTooLarge(count=grouped(about.total), most=grouped(MOST_ROWS))
    sheet = Sheet(
        name="Acteurs",
        columns=columns,
        total=about.total,
        title=f"Acteurs : {about.where}",
        publisher=about.publisher,
        at=about.at,
        about=tuple(_lines(about)),
    )
    rows = (
        ((column.value(each) for column in columns) for each in batch)
        for batch in selection.batches
    )
    write_sheet(sheet, rows, file)


def _lines(about: About) -> Iterator[tuple[str, str | int]]:
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
