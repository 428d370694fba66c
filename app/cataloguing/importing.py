"""Catalogues of resources at the desk: read, shown, confirmed and undone, as lists are."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import PurePath
from typing import Any
from uuid import UUID, uuid4

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.audit.journal import Author
from app.cataloguing.import_deciding import decide
from app.cataloguing.import_errors import (
    EndingNotTaken,
    ImportDecided,
    ImportUnknown,
    TooManyResources,
)
from app.cataloguing.import_lines import known_titles, left_of, read_line
from app.cataloguing.import_plan import Decided, Line, Plan
from app.cataloguing.known import known_resources, untold
from app.cataloguing.publishing import NotYourDecision
from app.cataloguing.reading_json import read_json
from app.cataloguing.reading_xlsx import read_table
from app.gazetteer.territories import read_names
from app.models import ResourceImport
from app.models.resource_import import ImportStatus
from app.resources.content import Content
from app.vault.sealing import Vault
from app.visibility import Viewer
from importers.errors import EmptyFile, FileTooLarge, UnknownEnding

TABLE, COLUMN = ResourceImport.__tablename__, "plan"
# Of one catalogue: what a person looks through.
MOST = 2_000
# While the worker does something to one.
RUNNING: frozenset[ImportStatus] = frozenset(("applying", "undoing"))
STATUSES: dict[ImportStatus, str] = {
    "read": "en attente",
    "applying": "en cours d’écriture",
    "applied": "appliqué",
    "undoing": "en cours d’annulation",
    "undone": "annulé",
    "dropped": "abandonné",
}


@dataclass(frozen=True, slots=True)
class Import:
    """A catalogue that somebody had read, and what became of it."""

    id: UUID
    made_at: datetime
    who: str
    status: ImportStatus
    applied_at: datetime | None
    undone_at: datetime | None
    plan: Plan

    @property
    def name(self) -> str:
        """Return what its file is called."""
        return self.plan.name


@dataclass(frozen=True, slots=True)
class Listed:
    """A catalogue as a list of them shows it; lines: how many it has."""

    id: UUID
    made_at: datetime
    who: str
    status: ImportStatus
    name: str
    lines: int


def preview(
    session: Session,
    vault: Vault,
    who: str,
    data: bytes,
    name: str,
    max_bytes: int,
    most: int = MOST,
) -> Plan:
    """Return what a catalogue would change, and write nothing; raise UnreadableList.

    who: for whom; it is compared with nothing whose title is masked for them.
    """
    name = PurePath(name).name
    rows = _read(data, name, max_bytes)
    if len(rows) > most:
        raise TooManyResources(filename=name, limit=most)
    territories = read_names(session)
    lines = [read_line(number, cells, territories) for number, cells in rows]
    decided = _decided(session, vault, who, lines)
    return Plan(name=name, lines=decided, left=left_of(cells for _, cells in rows))


def plan(
    session: Session,
    vault: Vault,
    viewer: Viewer,
    author: Author,
    data: bytes,
    name: str,
    now: datetime,
    *,
    max_bytes: int,
    most: int = MOST,
) -> UUID:
    """Have a catalogue read, and return the id of its plan, which waits to be applied.

    Of one that its author sent before, and that waits still, the plan is made anew. Raises
    NotYourDecision or UnreadableList.
    """
    _check(viewer)
    made = preview(session, vault, author.who, data, name, max_bytes, most)
    row = _waiting_same(session, vault, author, made)
    if row is None:
        row = ResourceImport(id=uuid4(), made_at=now, who=author.who, status="read")
        session.add(row)
    store(vault, row, made)
    session.flush()
    return row.id


def read_import(session: Session, vault: Vault, viewer: Viewer, import_id: UUID) -> Import:
    """Return a catalogue; raise NotYourDecision or ImportUnknown."""
    _check(viewer)
    row = session.get(ResourceImport, import_id)
    if row is None:
        raise ImportUnknown
    return _open(vault, row)


def read_imports(session: Session, vault: Vault, viewer: Viewer, most: int = 20) -> list[Listed]:
    """Return the newest catalogues, without building their plans; raise NotYourDecision."""
    _check(viewer)
    newest = select(ResourceImport).order_by(ResourceImport.made_at.desc(), ResourceImport.id)
    return [_listed(vault, row) for row in session.scalars(newest.limit(most))]


def refresh(session: Session, vault: Vault, viewer: Viewer, import_id: UUID) -> Import:
    """Make a plan anew of what was read, since resources have changed meanwhile.

    Raises NotYourDecision, ImportUnknown or ImportDecided.
    """
    row, made = to_decide(session, vault, viewer, import_id, "read")
    store(vault, row, replanned(session, vault, row.who, made))
    session.flush()
    return _open(vault, row)


def drop(session: Session, vault: Vault, viewer: Viewer, import_id: UUID) -> None:
    """Leave a catalogue that waits; raise as refresh() does."""
    row, _ = to_decide(session, vault, viewer, import_id, "read")
    row.status = "dropped"


def replanned(
    session: Session,
    vault: Vault,
    who: str,
    made: Plan,
    opened: dict[UUID, Content] | None = None,
) -> Plan:
    """Return a plan as it would be made now of the same lines for whoever sent them.

    opened: as of known_resources().
    """
    lines = [each.line for each in made.lines]
    decided = _decided(session, vault, who, lines, opened)
    return made.model_copy(update={"lines": decided})


def _decided(
    session: Session,
    vault: Vault,
    who: str,
    lines: Sequence[Line],
    opened: dict[UUID, Content] | None = None,
) -> tuple[Decided, ...]:
    """Return what would become of lines, as if nothing were there that is masked for somebody."""
    known = list(known_resources(session, vault, opened))
    while True:
        decided = decide(lines, known)
        twins = (twin for each in decided for twin in each.twins)
        masked = untold(session, vault, who, known, twins)
        if not masked:
            return decided
        known = [each for each in known if each.public_id not in masked]


def to_decide(
    session: Session, vault: Vault, viewer: Viewer, import_id: UUID, *statuses: ImportStatus
) -> tuple[ResourceImport, Plan]:
    """Return a catalogue that nobody else decides about until this transaction ends.

    Raises NotYourDecision, ImportUnknown, or ImportDecided where it is in another state.
    """
    _check(viewer)
    row = session.get(ResourceImport, import_id, with_for_update=True, populate_existing=True)
    if row is None:
        raise ImportUnknown
    if row.status not in statuses:
        raise ImportDecided(status=STATUSES[row.status])
    return row, _open(vault, row).plan


def store(vault: Vault, row: ResourceImport, made: Plan) -> None:
    """Seal a plan with its catalogue."""
    row.plan = vault.seal_json(TABLE, row.id, COLUMN, made.model_dump(mode="json"))


def _read(data: bytes, name: str, max_bytes: int) -> list[tuple[int, dict[str, Any]]]:
    if not data.strip():
        raise EmptyFile(filename=name)
    if len(data) > max_bytes:
        raise FileTooLarge.of(name, len(data), max_bytes)
    if PurePath(name).suffix.lower() == ".json":
        return read_json(data, name)
    try:
        return read_table(data, name, known_titles(), max_bytes=max_bytes, max_rows=MOST + 1)
    except UnknownEnding:
        # That one names what lists are read from, and no JSON.
        raise EndingNotTaken(filename=name) from None


def _waiting_same(
    session: Session, vault: Vault, author: Author, made: Plan
) -> ResourceImport | None:
    """Return the same catalogue as somebody sent it before, where nobody decided of it yet."""
    own = (ResourceImport.status == "read", ResourceImport.who == author.who)
    newest = select(ResourceImport).where(*own).order_by(ResourceImport.made_at.desc())
    for row in session.scalars(newest.limit(20).with_for_update()):
        waiting = _open(vault, row).plan
        if [each.line for each in waiting.lines] == [each.line for each in made.lines]:
            return row
    return None


def _check(viewer: Viewer) -> None:
    if not viewer.publishes_resources:
        raise NotYourDecision


def _listed(vault: Vault, row: ResourceImport) -> Listed:
    said = vault.open_json(TABLE, row.id, COLUMN, row.plan)
    return Listed(row.id, row.made_at, row.who, row.status, said["name"], len(said["lines"]))


def _open(vault: Vault, row: ResourceImport) -> Import:
    made = Plan.model_validate(vault.open_json(TABLE, row.id, COLUMN, row.plan))
    when = (row.made_at, row.who, row.status, row.applied_at, row.undone_at)
    return Import(row.id, *when, made)
