"""What a sweep found of what is erased: rows of tables, and lines of lists that still say it."""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import NamedTuple
from uuid import UUID

from sqlalchemy import func, select, tuple_
from sqlalchemy.orm import Session

from app.models import Source, SourceFile
from app.platform.database.sessions import among
from app.vault.sealing import Vault

# Table -> what its rows are, in French.
_ROWS = {
    "actor": "fiches entières",
    "actor_protected": "fiches touchées",
    "revision": "entrées de l'historique",
    "source_row": "lignes de listes",
    "deposit": "pages de listes déposées",
    "source_file": "contenus de fichiers reçus",
    "source": "listes (nom, contact, choix des colonnes)",
    "proposal": "propositions",
    "geocoding": "points trouvés",
    "desk_draft": "formulaires commencés",
    "resource_version": "versions de ressources",
    "resource_import": "catalogues de ressources",
    "resource_proposal": "liens proposés",
    "resource": "ressources à publier de nouveau",
    "embed": "cartes intégrées",
}


class Line(NamedTuple):
    """A line of a list that gave what was erased: the file, the sheet and the line."""

    file: UUID
    sheet: str | None
    line: int


@dataclass(slots=True)
class Swept:
    """What was found: table -> rows, and lines of lists."""

    counts: Counter[str] = field(default_factory=Counter)
    lines: set[Line] = field(default_factory=set)

    def said(self) -> list[tuple[int, str]]:
        """Return how much of what, in French plurals."""
        named = {table: words for table, words in _ROWS.items() if self.counts[table]}
        others = self.counts.total() - sum(self.counts[table] for table in named)
        found = [(self.counts[table], words) for table, words in named.items()]
        return found + [(others, "autres traces")] * (others > 0)


def latest(session: Session, vault: Vault, lines: Iterable[Line]) -> list[tuple[str, Line]]:
    """Return the lines that stand in the last version of their list, with its name."""
    by_file: dict[UUID, list[Line]] = {}
    for line in lines:
        by_file.setdefault(line.file, []).append(line)
    newest = (
        select(SourceFile.source_id, func.max(SourceFile.received_at))
        .where(SourceFile.status == "imported")
        .group_by(SourceFile.source_id)
    )
    statement = (
        select(SourceFile.id, Source.id, Source.name)
        .join(Source, Source.id == SourceFile.source_id)
        .where(
            among(SourceFile.id, by_file),
            tuple_(SourceFile.source_id, SourceFile.received_at).in_(newest),
        )
    )
    return [
        (vault.open("source", source, "name", name).decode(), line)
        for file, source, name in session.execute(statement)
        for line in sorted(by_file[file], key=lambda each: (each.sheet or "", each.line))
    ]
