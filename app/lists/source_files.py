"""The files of a source: how their columns were read, and what became of their lines."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, case, exists, func, select
from sqlalchemy.orm import Session

from app.errors import Mesure23Error
from app.lists.followed import COLUMNS, File, file_of
from app.lists.history import ELSEWHERE
from app.models import Actor, Role, SourceFile, SourceRow
from app.platform.database.sessions import among
from app.records.true_names import true_names
from app.vault.sealing import Vault
from app.visibility import Viewer

# Of the files of a source, and of the lines of a file.
FILES_AT_ONCE, AT_ONCE = 12, 100


class FileUnknown(Mesure23Error):
    """Ce fichier n’est pas de cette source."""

    status = 404
    title = "Fichier introuvable"
    advice = "Revenez à la page de la source : elle montre ses fichiers."


@dataclass(frozen=True, slots=True)
class NamedFile:
    """A file with its name."""

    file: File
    name: str


@dataclass(frozen=True, slots=True)
class Columns:
    """How columns were read: title and field of each, and titles of those that nobody reads."""

    read: tuple[tuple[str, str], ...] = ()
    left_aside: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Line:
    """A line and what became of it. public_id, name: of its actor, "" where its reader may not
    know it or there is none. problems: column and sentence, without the value.
    """

    sheet: str | None
    line: int
    outcome: str
    public_id: str
    name: str
    problems: tuple[tuple[str, str], ...]


def files_of(
    session: Session, vault: Vault, viewer: Viewer, source: UUID, page: int
) -> list[NamedFile]:
    """Return a page of the files of a source, the latest first."""
    statement = (
        select(*COLUMNS)
        .where(SourceFile.source_id == source)
        .order_by(SourceFile.received_at.desc(), SourceFile.id)
        .offset((page - 1) * FILES_AT_ONCE)
        .limit(FILES_AT_ONCE)
    )
    return [_named(viewer, vault, row) for row in session.execute(statement)]


def count_files(session: Session, source: UUID) -> int:
    """Return how many files a source sent."""
    return session.scalars(select(func.count()).where(SourceFile.source_id == source)).one()


def read_file(
    session: Session, vault: Vault, viewer: Viewer, source: UUID, file: UUID
) -> NamedFile:
    """Return a file of a source; raise FileUnknown."""
    wanted = (SourceFile.source_id == source, SourceFile.id == file)
    row = session.execute(select(*COLUMNS).where(*wanted)).one_or_none()
    if row is None:
        raise FileUnknown
    return _named(viewer, vault, row)


def columns_of(session: Session, vault: Vault, source: UUID) -> Columns:
    """Return how the columns of the last file were read, of those of which it is noted."""
    statement = (
        select(SourceFile.id, SourceFile.mapping)
        .where(SourceFile.source_id == source, SourceFile.mapping.is_not(None))
        .order_by(SourceFile.received_at.desc())
        .limit(1)
    )
    row = session.execute(statement).one_or_none()
    if row is None:
        return Columns()
    opened: dict[str, Any] = vault.open_json("source_file", row.id, "mapping", row.mapping)
    read = tuple((title, field) for title, field in opened["columns"])
    return Columns(read, tuple(opened["left_aside"]))


def count_lines(session: Session, viewer: Viewer, file: UUID) -> dict[str, int]:
    """Return how many lines of a file became what."""
    statement = (
        select(_became(viewer).label("became"), func.count())
        .where(SourceRow.source_file_id == file)
        .group_by("became")
    )
    return dict(session.execute(statement).all())


def lines_of(
    session: Session, vault: Vault, viewer: Viewer, file: UUID, outcome: str, page: int
) -> list[Line]:
    """Return a page of the lines of a file; outcome: those alone, "" for all."""
    became = _became(viewer)
    statement = (
        select(SourceRow, became)
        .where(SourceRow.source_file_id == file)
        .order_by(SourceRow.sheet, SourceRow.line)
        .offset((page - 1) * AT_ONCE)
        .limit(AT_ONCE)
    )
    if outcome:
        statement = statement.where(became == outcome)
    rows = session.execute(statement).all()
    known = _known(session, vault, viewer, [row for row, _ in rows])
    return [_line(vault, row, what, known) for row, what in rows]


def _became(viewer: Viewer) -> ColumnElement[str]:
    """Return what became of a line, as somebody may read it.

    Who guesses what a hidden actor elsewhere is would read whether they are right: such a line
    changes nothing, one that is wrong is left out or says otherwise. One of who was erased stands
    so whatever its territory: only a curateur is told. In a file that a former release applied it
    stands as any unusable one, which are a curateur's then.
    """
    if viewer.role is Role.CURATEUR:
        return case((SourceRow.outcome == ELSEWHERE, "rejected"), else_=SourceRow.outcome)
    own = exists().where(Actor.id == SourceRow.actor_id, viewer.worked_on())
    tells_erased = exists().where(
        SourceFile.id == SourceRow.source_file_id, SourceFile.summary.has_key("erased")
    )
    unusable = (SourceRow.outcome == "rejected") & tells_erased
    shown = unusable | (SourceRow.outcome == "ignored") | own
    return case((shown, SourceRow.outcome), else_=ELSEWHERE)


def _named(viewer: Viewer, vault: Vault, row: Any) -> NamedFile:
    name = vault.open("source_file", row.id, "name", row.name)
    return NamedFile(file_of(viewer, row), name.decode("utf-8", "replace"))


def _known(
    session: Session, vault: Vault, viewer: Viewer, rows: Sequence[SourceRow]
) -> dict[UUID, tuple[str, str]]:
    """Return public id and name of the actors of lines that somebody works on."""
    ids = {row.actor_id for row in rows if row.actor_id}
    statement = select(Actor.id, Actor.public_id, Actor.name).where(
        among(Actor.id, ids), viewer.worked_on()
    )
    found = {actor: (public_id, name) for actor, public_id, name in session.execute(statement)}
    names = true_names(session, vault, viewer, found)
    return {
        actor: (public_id, names[actor].name if actor in names else name)
        for actor, (public_id, name) in found.items()
    }


def _line(vault: Vault, row: SourceRow, became: str, known: dict[UUID, tuple[str, str]]) -> Line:
    content = vault.open_json("source_row", row.id, "content", row.content)
    public_id, name = known.get(row.actor_id, ("", "")) if row.actor_id else ("", "")
    said = [] if became == ELSEWHERE else content["told"]
    return Line(
        content["sheet"],
        row.line,
        became,
        public_id,
        name,
        # What a line of nobody says may be of another territory, or of a hidden place.
        tuple((each["column"] or "", each["message"]) for each in said if each["fatal"]),
    )
