"""What sources said before, and what became of each line that they sent; sealed where it says more.

Identities, contents and marks of lines are keyed digests: nothing in them is readable.
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from itertools import islice, starmap
from typing import Any
from uuid import UUID, uuid4

from sqlalchemy import (
    ARRAY,
    BindParameter,
    Column,
    bindparam,
    case,
    func,
    literal,
    select,
    update,
)
from sqlalchemy.dialects import postgresql
from sqlalchemy.orm import Session

from app.lists.reading import Reading, ReadLine
from app.models import Base, SourceRecord, SourceRow
from app.platform.database.copying import copy_in
from app.platform.database.sessions import among
from app.vault.digests import digest
from app.vault.sealing import Vault
from importers.matching import Known, MatchedLine
from importers.row import Problem, Where

# Lines that are tied to their actors by one statement.
AT_ONCE = 1_000


# Of a line, to who is no curateur: left out, of an actor that they do not work on, or erased.
ELSEWHERE = "elsewhere"


def known_lines(session: Session, source: UUID) -> dict[bytes, Known[UUID]]:
    """Return what a source said before: identity -> actor and content.

    Of a line that was missing, no content: what was made of its absence is made undone.
    """
    content = case((SourceRecord.missing_since.is_(None), SourceRecord.content), else_=b"")
    statement = select(SourceRecord.identity, SourceRecord.actor_id, content).where(
        SourceRecord.source_id == source
    )
    return {
        identity: Known(actor, content) for identity, actor, content in session.execute(statement)
    }


def make_way(
    session: Session,
    key: bytes,
    source: UUID,
    lines: Sequence[MatchedLine[UUID]],
    actors: Mapping[Where, UUID],
    missing: Mapping[bytes, UUID],
) -> set[bytes]:
    """Give actors whose identities are those of other actors now one that no line has.

    So a list whose rows are numbered anew still knows whom it named. Return the identities of
    missing that are to be marked so: those that are still of their actors.
    """
    taken = {line.identity: actors[line.row.where] for line in lines}
    known = known_lines(session, source)
    still = {each.actor for identity, each in known.items() if identity not in taken}
    still.update(taken.values())
    lost = {each.actor: identity for identity, each in known.items() if each.actor not in still}
    given = {
        actor: digest(key, "identity", f"former:{actor}:{identity.hex()}")
        for actor, identity in lost.items()
    }
    _change_identities(session, source, {lost[actor]: now for actor, now in given.items()})
    absent = set(missing.values())
    return missing.keys() - taken.keys() | {now for actor, now in given.items() if actor in absent}


def remember(
    session: Session,
    reading: Reading,
    lines: Sequence[MatchedLine[UUID]],
    actors: Mapping[Where, UUID],
) -> None:
    """Tie the identity of each line to its actor, until this source's next file."""
    former = {line.former: line.identity for line in lines if line.former}
    _change_identities(session, reading.source, former)
    table = Base.metadata.tables["source_record"]
    left = iter(lines)
    while some := list(islice(left, AT_ONCE)):
        # One statement of arrays: an INSERT of each line takes several times as long.
        arrays = func.unnest(
            _array(table.c.identity, (line.identity for line in some)),
            _array(table.c.content, (line.content for line in some)),
            _array(table.c.actor_id, (actors[line.row.where] for line in some)),
        )
        said = arrays.table_valued("identity", "content", "actor_id").render_derived()
        insertion = postgresql.insert(table).from_select(
            ("source_id", "last_file_id", *said.c.keys()),
            select(literal(reading.source), literal(reading.file), said),
        )
        renewed = {name: insertion.excluded[name] for name in (*said.c.keys(), "last_file_id")}
        statement = insertion.on_conflict_do_update(
            index_elements=["source_id", "identity"], set_=renewed | {"missing_since": None}
        )
        session.execute(statement)


def _array(column: Column[Any], values: Iterable[Any]) -> BindParameter[Any]:
    return literal(list(values), ARRAY(column.type))


def _change_identities(session: Session, source: UUID, given: Mapping[bytes, bytes]) -> None:
    """Give known lines other identities: those that they were known by -> those of now."""
    table = Base.metadata.tables["source_record"]
    renamed = [{"was": was, "now": now} for was, now in given.items() if was != now]
    if renamed:
        statement = (
            update(table)
            .where(table.c.source_id == source, table.c.identity == bindparam("was"))
            .values(identity=bindparam("now"))
        )
        session.connection().execute(statement, renamed)


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


def note_absent(
    session: Session, reading: Reading, absent: Mapping[bytes, UUID], day: date
) -> None:
    """Note actors that a file listed as it was handed out, and that no line of it is any more."""
    each = {
        "source_id": reading.source,
        "content": b"",
        "last_file_id": reading.file,
        "missing_since": day,
    }
    rows = [each | {"identity": identity, "actor_id": actor} for identity, actor in absent.items()]
    if rows:
        table = Base.metadata.tables["source_record"]
        session.execute(postgresql.insert(table).on_conflict_do_nothing(), rows)


def write_lines(
    session: Session,
    vault: Vault,
    reading: Reading,
    outcomes: Mapping[Where, str],
    actors: Mapping[Where, UUID],
) -> None:
    """Store each line after a header, as it came, with what became of it and its problems."""
    result = reading.result
    problems: dict[Where, list[Problem]] = defaultdict(list)
    for problem in result.problems:
        problems[problem.where].append(problem)
    read = {line.row.where: line for line in reading.lines}
    sheets = {name: number for number, name in enumerate(result.sheets)}

    def stored(where: Where, outcome: str) -> dict[str, Any]:
        outcome = ELSEWHERE if where in reading.erased else outcome
        row_id, line = uuid4(), read.get(where)
        content = {
            "sheet": where.sheet,
            "raw": result.raw.get(where, ()),
            "read": line and _read(line),
            # The name under which earlier imports sealed it.
            "told": [each.model_dump() for each in problems.get(where, ())],
        }
        return {
            "id": row_id,
            "source_file_id": reading.file,
            "sheet": sheets[where.sheet],
            "line": where.line,
            "outcome": outcome,
            "actor_id": actors.get(where),
            "content": vault.seal_json("source_row", row_id, "content", content),
        }

    # Made one after the other while those before are written.
    copy_in(session, SourceRow, starmap(stored, outcomes.items()))


def _read(line: ReadLine) -> dict[str, Any]:
    """Return what a line says: of one that answers some fields, these alone."""
    fields = None if line.only is None else set(line.only)
    return line.row.model_dump(mode="json", include=fields)
