"""The list as it is narrowed, as a file: of a protected actor its id and its neutral name alone."""

import io
from collections.abc import Iterable
from datetime import date
from typing import Annotated, Literal

from fastapi import APIRouter, Form, Request
from fastapi.responses import Response
from openpyxl import Workbook
from openpyxl.cell import WriteOnlyCell

from app.audit.actions import Action
from app.audit.journal import note
from app.desk.actors.choices import asked_by
from app.desk.shell import gate
from app.desk.shell.gate import DeskOf, Signed
from app.errors import Mesure23Error
from app.files.cells import clean, one_line
from app.models import Role
from app.platform.database.sessions import read
from app.platform.web.media_types import XLSX
from app.platform.web.permissions import open_to
from app.records.listing import Line, everything
from geo.zones import paris_day
from importers.french_csv import defused, write_rows

router = APIRouter(prefix=f"{gate.HOME}/acteurs")
TITLES = (
    *("Identifiant", "Nom", "Catégorie", "Commune", "Territoire"),
    *("État", "Vérifié le", "Modifié le"),
)
# A workbook is made whole in memory.
MOST_ROWS = 20_000


class TooManyForAWorkbook(Mesure23Error):
    """Cette liste compte plus de vingt mille acteurs : un classeur serait trop lent à ouvrir."""

    status = 422
    title = "Liste trop longue"
    advice = "Choisissez un territoire ou un filtre, ou prenez le CSV."


@router.post("/export")
@open_to(Role.REFERENT_DEPARTEMENT, Role.REFERENT_ETAT, Role.CURATEUR)
def export(
    request: Request,
    desk: DeskOf,
    signed: Signed,
    fichier: Annotated[Literal["csv", "xlsx"], Form()],
) -> Response:
    """Send all actors of a list, once the journal has noted it."""
    today = paris_day(desk.now())
    with read(desk.engine) as session:
        asked = asked_by(session, request, desk, signed)
        lines = everything(asked.finding, asked.wanted)
    if fichier == "xlsx" and len(lines) > MOST_ROWS:
        raise TooManyForAWorkbook
    content = (_xlsx if fichier == "xlsx" else _csv)(map(_cells, lines))
    detail = {"acteurs": len(lines), "fichier": fichier}
    note(desk.engine, desk.vault, gate.author_of(signed), Action.EXPORTED, detail=detail)
    name = f"acteurs-{today.isoformat()}.{fichier}"
    media = XLSX if fichier == "xlsx" else "text/csv; charset=utf-8"
    headers = {"Content-Disposition": f'attachment; filename="{name}"'}
    return Response(content, media_type=media, headers=headers)


def _cells(line: Line) -> tuple[str | date | None, ...]:
    if line.masked:
        return (line.public_id, line.public_name, *(None for _ in TITLES[2:]))
    return (
        *(line.public_id, line.public_name, line.category, line.commune, line.territory),
        *(line.state, line.verified_on, paris_day(line.changed_at)),
    )


def _csv(rows: Iterable[tuple[str | date | None, ...]]) -> bytes:
    """Return rows as spreadsheets in French open them, with formulas defused."""
    file = io.StringIO(newline="")
    write_rows(file, [TITLES])
    write_rows(file, ([defused(one_line(str(each or ""))) for each in row] for row in rows))
    return file.getvalue().encode("utf-8-sig")


def _xlsx(rows: Iterable[tuple[str | date | None, ...]]) -> bytes:
    book = Workbook(write_only=True)
    sheet = book.create_sheet("Acteurs")
    sheet.freeze_panes = "A2"
    sheet.append(TITLES)
    for row in rows:
        cells = []
        for each in row:
            cell = WriteOnlyCell(sheet, clean(each) if isinstance(each, str) else each)
            if isinstance(each, str):
                # A text, whatever it begins with: never a formula.
                cell.data_type, cell.quotePrefix = "s", True
            cells.append(cell)
        sheet.append(cells)
    file = io.BytesIO()
    book.save(file)
    return file.getvalue()
