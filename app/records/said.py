"""What lists said last of actors, and which of it a person has already answered.

The last line of each list is in source_row, sealed, as it was read.
"""

from collections.abc import Iterable, Iterator, Mapping
from datetime import date
from typing import Any, NamedTuple
from uuid import UUID

from sqlalchemy import and_, select
from sqlalchemy.dialects.postgresql import distinct_on
from sqlalchemy.orm import Session

from app.models import Actor, Source, SourceFile, SourceRecord, SourceRow
from app.platform.database.sessions import among
from app.records.edits import Edit, says_nothing
from app.records.record import ActorRecord, Origin
from app.records.spelling import is_called_so, is_spelling
from app.vault.digests import digest
from app.vault.sealing import Vault
from geo.text import fold
from geo.zones import paris_day

# Contacts: what a record withholds of them it has, wherever else it stands.
REACHED = ("phones", "emails")
# Fields of which a list may say another thing than the record.
COMPARED = (
    *("name", "category", *REACHED, "website", "address", "opening_hours"),
    *("age_min", "age_max", "status"),
)


class Said(NamedTuple):
    """What a list says of an actor. since: the day it came; line: as it was read."""

    actor_id: UUID
    source: Source
    since: date
    line: dict[str, Any]


class Difference(NamedTuple):
    """A field of which a line says another thing. texts: of what it says, those that are new."""

    field: str
    present: Any
    said: Any
    texts: frozenset[str]


def last_said(session: Session, vault: Vault, actors: Iterable[UUID]) -> Iterator[Said]:
    """Yield what each list says of some actors, by territory, actor and list."""
    statement = (
        select(Actor.id, Source, SourceRow, SourceFile.received_at)
        .join(SourceRecord, SourceRecord.actor_id == Actor.id)
        .join(Source, Source.id == SourceRecord.source_id)
        .join(SourceFile, SourceFile.id == SourceRecord.last_file_id)
        .join(
            SourceRow,
            and_(SourceRow.source_file_id == SourceFile.id, SourceRow.actor_id == Actor.id),
        )
        .where(among(Actor.id, actors), SourceRecord.missing_since.is_(None))
        # Of the lines that one list gave of an actor, the last one counts.
        .ext(distinct_on(Actor.territory_code, Actor.public_id, Source.id))
        .order_by(
            *(Actor.territory_code, Actor.public_id, Source.id),
            *(SourceFile.received_at.desc(), SourceRow.sheet.desc(), SourceRow.line.desc()),
        )
    )
    for actor, source, row, received in session.execute(statement).all():
        content = vault.open_json("source_row", row.id, "content", row.content)
        yield Said(actor, source, paris_day(received), content["read"] or {})


def differences(record: ActorRecord, line: dict[str, Any]) -> Iterator[Difference]:
    """Yield where a line says another thing than a record."""
    known = record.model_dump(mode="json", include={*COMPARED, "unpublished", "commune"})
    here = known["commune"] is not None and known["commune"] == line.get("commune", record.commune)
    for field in COMPARED:
        present, said = known[field], line.get(field)
        known_texts = _texts(known["unpublished"]) if field in REACHED else frozenset()
        if says_nothing(said) or said == [] or is_spelling(field, said, present, here=here):
            continue
        if field == "name" and is_called_so(str(said), record, line.get("city"), here=here):
            continue
        texts = _texts(said) - known_texts - _texts(present)
        if texts and (field != "status" or "archived" in (present, said)):
            yield Difference(field, present, said, texts)


def marks(key: bytes, source: UUID, difference: Difference) -> set[str]:
    """Return what remembers of a list's value that it was refused, and does not tell it."""
    said = f"{source}/{difference.field}/"
    return {digest(key, "refused", said + text).hex() for text in difference.texts}


def is_answered(
    key: bytes, by: Origin | None, source: UUID, since: date, difference: Difference
) -> bool:
    """Say whether a person has written the value in place and knew what a list says since a day."""
    if by is None or by.source != "staff":
        return False
    if by.refused is None:
        # Former releases noted the day alone.
        return by.day >= since
    return marks(key, source, difference) <= set(by.refused)


def remember_refused(session: Session, vault: Vault, key: bytes, edits: Iterable[Edit]) -> None:
    """Note beside what persons write now what lists say otherwise: it is asked no more."""
    written = {edit.actor_id: (edit, fields) for edit in edits if (fields := _written(edit))}
    refused = {
        (actor, field): _refused_before(edit, field)
        for actor, (edit, fields) in written.items()
        for field in fields
    }
    for actor, source, line in _said_now(session, vault, written):
        edit, fields = written[actor]
        for difference in differences(edit.record, line):
            if difference.field in fields and _was_read(edit, source, difference):
                refused[actor, difference.field] |= marks(key, source, difference)
    for (actor, field), found in refused.items():
        provenance = written[actor][0].provenance
        known = {"refused": tuple(sorted(found))}
        provenance[field] = provenance[field].model_copy(update=known)


def _said_now(
    session: Session, vault: Vault, written: Mapping[UUID, tuple[Edit, Any]]
) -> Iterator[tuple[UUID, UUID, dict[str, Any]]]:
    """Yield actor, list, and what that says of it now: one that is being written is not stored."""
    for actor, (edit, _) in written.items():
        yield from ((actor, source, line) for source, line in edit.answered.items())
    for said in last_said(session, vault, written) if written else ():
        if said.source.id not in written[said.actor_id][0].answered:
            yield said.actor_id, said.source.id, said.line


def _was_read(edit: Edit, source: UUID, difference: Difference) -> bool:
    """Return whether who writes a field read what a list says of it: beside the line of another
    list, only the value in place.
    """
    if not edit.answered or source in edit.answered:
        return True
    return difference.texts <= _texts(_as_json(edit.changes[difference.field].before))


def _written(edit: Edit) -> set[str]:
    """Return the fields that a person writes now."""
    by = {field: edit.provenance.get(field) for field in COMPARED if field in edit.changes}
    return {
        field
        for field, origin in by.items()
        if origin is not None and origin.source == "staff" and origin.refused is None
    }


def _refused_before(edit: Edit, field: str) -> set[str]:
    before = edit.changes[field].origin
    return set(before.refused or ()) if before else set()


def _as_json(value: Any) -> Any:
    return list(value) if isinstance(value, tuple) else value


def _texts(value: Any) -> frozenset[str]:
    return frozenset(fold(str(each)) for each in (value if isinstance(value, list) else [value]))
