"""What sources said before, and what became of each line that they sent; sealed where it says more.

Identities, contents and marks of lines are keyed digests: nothing in them is readable.
"""

from collections.abc import Collection, Iterable, Mapping
from datetime import date
from uuid import UUID, uuid4

from sqlalchemy import insert, select, update
from sqlalchemy.dialects import postgresql
from sqlalchemy.orm import Session

from app.lists.reading import Reading
from app.models import ActorFingerprint, SourceRecord, SourceRow
from app.platform.database.sessions import among
from app.records.marks import STORED_MATCHING_KINDS
from app.vault.sealing import Vault
from importers.matching import Known, MatchedLine


def known_lines(session: Session, source: UUID) -> dict[bytes, Known[UUID]]:
    """Return what a source said before: identity -> actor and content."""
    statement = select(SourceRecord.identity, SourceRecord.actor_id, SourceRecord.content).where(
        SourceRecord.source_id == source
    )
    return {
        identity: Known(actor, content) for identity, actor, content in session.execute(statement)
    }


def same_actors(session: Session, wanted: Collection[bytes]) -> dict[bytes, UUID]:
    """Return mark -> actor for marks that exactly one stored actor bears."""
    statement = select(ActorFingerprint.digest, ActorFingerprint.actor_id).where(
        ActorFingerprint.kind.in_(STORED_MATCHING_KINDS), among(ActorFingerprint.digest, wanted)
    )
    found: dict[bytes, set[UUID]] = {}
    for mark, actor_id in session.execute(statement):
        found.setdefault(mark, set()).add(actor_id)
    return {mark: next(iter(ids)) for mark, ids in found.items() if len(ids) == 1}


def remember(
    session: Session,
    reading: Reading,
    lines: Iterable[MatchedLine[UUID]],
    actors: Mapping[int, UUID],
) -> None:
    """Tie the identity of each line to its actor, until this source's next file."""
    rows = [
        {
            "source_id": reading.source,
            "identity": line.identity,
            "content": line.content,
            "actor_id": actors[line.row.line],
            "last_file_id": reading.file,
            "missing_since": None,
        }
        for line in lines
    ]
    statement = postgresql.insert(SourceRecord)
    renewed = ("content", "actor_id", "last_file_id", "missing_since")
    statement = statement.on_conflict_do_update(
        index_elements=["source_id", "identity"],
        set_={name: statement.excluded[name] for name in renewed},
    )
    session.execute(statement, rows)


def mark_missing(session: Session, source: UUID, identities: Iterable[bytes], day: date) -> None:
    """Note since when lines are absent; their actors stay as they are."""
    session.execute(
        update(SourceRecord)
        .where(
            SourceRecord.source_id == source,
            SourceRecord.missing_since.is_(None),
            among(SourceRecord.identity, identities),
        )
        .values(missing_since=day)
    )


def write_lines(
    session: Session,
    vault: Vault,
    reading: Reading,
    outcomes: Mapping[int, str],
    actors: Mapping[int, UUID],
) -> None:
    """Store each line after the header with what became of it and its problems."""
    problems: dict[int, list[dict[str, object]]] = {}
    for problem in reading.result.problems:
        problems.setdefault(problem.line, []).append(problem.model_dump())
    read = {row.line: row.model_dump(mode="json") for row in reading.result.rows}
    rows = []
    for line, outcome in outcomes.items():
        row_id = uuid4()
        # "told" is the name under which earlier imports sealed it.
        content = {"read": read.get(line), "told": problems.get(line, [])}
        rows.append(
            {
                "id": row_id,
                "source_file_id": reading.file,
                "line": line,
                "outcome": outcome,
                "actor_id": actors.get(line),
                "content": vault.seal_json("source_row", row_id, "content", content),
            }
        )
    session.execute(insert(SourceRow), rows)
