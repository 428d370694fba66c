"""Lines of lists as they were received, for the people who keep an actor true."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID

from sqlalchemy import or_, select
from sqlalchemy.orm import Session

from app.errors import Mesure23Error
from app.models import Source, SourceFile, SourceRow
from app.platform.database.sessions import among
from app.records.lists_of import lists_known_to
from app.vault.sealing import Vault
from app.visibility import Viewer
from geo.text import curled
from geo.zones import paris_day
from importers.double_header import column_title

# Of which its reader is not to know the name: lists are named after shelters.
A_LIST = "Une liste"


class LineUnknown(Mesure23Error):
    """Cette ligne n’est plus conservée, ou n’est pas de cet acteur."""

    status = 404
    title = "Ligne introuvable"
    advice = "Revenez à la fiche : elle dit d’où vient chaque champ."


@dataclass(frozen=True, slots=True)
class Received:
    """A line of a file: each cell with the title of its column, and what was wrong with them."""

    source: str
    file: str
    on: date
    sheet: str | None
    line: int
    cells: tuple[tuple[str, str], ...]
    problems: tuple[tuple[str, str], ...]


def source_names(
    session: Session, vault: Vault, viewer: Viewer, sources: Iterable[UUID]
) -> dict[UUID, str]:
    """Return what those of some lists and registers are called that a viewer may know of."""
    known = or_(Source.register.is_not(None), lists_known_to(viewer))
    found = select(Source.id, Source.name).where(among(Source.id, set(sources)), known)
    return {
        source: vault.open("source", source, "name", name).decode()
        for source, name in session.execute(found)
    }


def read_line(
    session: Session,
    vault: Vault,
    viewer: Viewer,
    actor_id: UUID,
    file_id: UUID,
    sheet: str | None,
    line: int,
) -> Received:
    """Return a line that gave an actor something; raise LineUnknown. sheet: of a workbook."""
    rows = select(SourceRow).where(
        SourceRow.source_file_id == file_id,
        SourceRow.line == line,
        SourceRow.actor_id == actor_id,
    )
    for row in session.scalars(rows):
        content = vault.open_json("source_row", row.id, "content", row.content)
        if content["sheet"] == sheet:
            return _received(session, vault, viewer, row, content)
    raise LineUnknown


def _titles(vault: Vault, file: SourceFile) -> list[list[str]]:
    """Return the titles of each sheet that was read; none of a file that was read before they
    were stored.
    """
    if file.titles is None:
        return []
    titles: list[list[str]] = vault.open_json("source_file", file.id, "titles", file.titles)
    return titles


def _received(
    session: Session, vault: Vault, viewer: Viewer, row: SourceRow, content: dict[str, Any]
) -> Received:
    file = session.get_one(SourceFile, row.source_file_id)
    titles = _titles(vault, file)
    of_sheet = titles[row.sheet] if row.sheet < len(titles) else ()
    source = source_names(session, vault, viewer, [file.source_id]).get(file.source_id)
    return Received(
        source or A_LIST,
        # Files are named as their list is.
        vault.open("source_file", file.id, "name", file.name).decode() if source else "",
        paris_day(file.received_at),
        content["sheet"],
        row.line,
        tuple((column_title(of_sheet, each), cell) for each, cell in enumerate(content["raw"])),
        tuple((each["column"] or "", curled(each["message"])) for each in content["told"]),
    )
