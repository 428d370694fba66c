"""What all lists say of a home, which guards its neighbours as what its record says does.

Its record follows one of them; what another one says is as true, as far as anybody knows. A line
that is missing still counts: children may live where it said.
"""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from itertools import islice
from typing import Any
from uuid import UUID

from sqlalchemy import and_, select
from sqlalchemy.orm import Session

from app.models import SourceFile, SourceRecord, SourceRow
from app.platform.database.sessions import among
from app.records.edits import Edit
from app.records.marks import Mark, anywhere_marks, beside_its_columns, marks, said_marks
from app.vault.sealing import Vault
from importers.row import ActorFields

# Homes whose lines are opened at once.
AT_ONCE = 200
# Of a line, what its marks are made of.
_MARKED = (
    *("name", "category", "address", "street", "postcode", "city", "commune", "territory"),
    *("phones", "emails", "website", "lon", "lat", "precision", "siret", "finess", "rna"),
)


def hear(session: Session, vault: Vault, edits: Iterable[Edit]) -> None:
    """Note what lists say of the homes among some edits, with the lines that write them now."""
    homes = {
        each.actor_id: each for each in edits if not each.is_new and (each.is_home or each.was_home)
    }
    left = iter(homes)
    while some := list(islice(left, AT_ONCE)):
        _hear(session, vault, {actor: homes[actor] for actor in some})


def _hear(session: Session, vault: Vault, homes: Mapping[UUID, Edit]) -> None:
    for actor, lines in _last_lines(session, vault, homes).items():
        edit = homes[actor]
        written_now = {source for source, _ in edit.heard}
        own = marks(edit.record) | beside_its_columns(edit.record)
        for source, line in lines:
            said = _read(edit.record, line)
            found = marks(said) | beside_its_columns(said)
            if edit.was_home:
                edit.former_marks |= found
            if source not in written_now and not found <= own:
                edit.heard = (*edit.heard, (source, said))


def said_of(edit: Edit) -> Iterator[ActorFields]:
    """Yield what is said of an actor: its record, and of a home what each list says."""
    yield edit.record
    if edit.is_home:
        yield from (said for _, said in edit.heard)


def own_marks(edit: Edit) -> set[Mark]:
    """Return every mark of an actor, by whatever is said of it."""
    if not edit.is_home:
        return marks(edit.record)
    found: set[Mark] = set()
    for said in said_of(edit):
        # What stands in the name or the address of anybody else may be another's number.
        found |= marks(said) | beside_its_columns(said)
    return found


def marks_of_place(edit: Edit, own: Iterable[Mark]) -> set[Mark]:
    """Return the marks by which a text says where an actor is, though no commune be known.

    own: all of its marks.
    """
    lost = (each for each in said_of(edit) if not each.commune)
    return said_marks((*own, *(mark for each in lost for mark in anywhere_marks(each))))


def _last_lines(
    session: Session, vault: Vault, actors: Iterable[UUID]
) -> Mapping[UUID, list[tuple[UUID, dict[str, Any]]]]:
    """Return what each list said of some actors in the last of its files that named them."""
    statement = (
        select(
            *(SourceRow.actor_id, SourceRecord.source_id, SourceFile.id),
            *(SourceRow.id, SourceRow.content),
        )
        .join(SourceFile, SourceFile.id == SourceRow.source_file_id)
        .join(
            SourceRecord,
            and_(
                SourceRecord.actor_id == SourceRow.actor_id,
                SourceRecord.last_file_id == SourceFile.id,
            ),
        )
        .where(among(SourceRow.actor_id, actors))
        .order_by(SourceFile.received_at.desc(), SourceRow.sheet, SourceRow.line)
    )
    last: dict[tuple[UUID, UUID], UUID] = {}
    opened: set[UUID] = set()
    found: dict[UUID, list[tuple[UUID, dict[str, Any]]]] = defaultdict(list)
    for actor, source, file, row, content in session.execute(statement):
        # One that names an actor in two lines has it twice.
        if actor is None or row in opened or last.setdefault((actor, source), file) != file:
            continue
        opened.add(row)
        line = vault.open_json("source_row", row, "content", content)["read"]
        if line:
            found[actor].append((source, line))
    return found


def _read(record: ActorFields, line: Mapping[str, Any]) -> ActorFields:
    """Return a line as it was read; what it does not answer is as the record has it."""
    values = {name: line.get(name, getattr(record, name)) for name in _MARKED}
    listed = {name: tuple(each) for name, each in values.items() if isinstance(each, list)}
    return ActorFields.model_construct(**values | listed)
