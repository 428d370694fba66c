"""Writes what a list changes, in the caller's transaction."""

from collections.abc import Callable, Iterator
from typing import Any

from sqlalchemy import func, select, update
from sqlalchemy.orm import Session

from app.lists import former_ties
from app.lists.history import make_way, mark_missing, note_absent, remember, write_lines
from app.lists.planning import Plan, plan
from app.lists.reading import Reading
from app.models import SourceFile
from app.platform.database.sessions import IMPORT_LOCK, hold
from app.records.history import History
from app.records.proposals import Proposed, propose
from app.records.writing import Writer
from app.vault.sealing import Vault
from importers.secrecy import weigh_consent


def apply(
    session: Session,
    vault: Vault,
    writer: Writer,
    reading: Reading,
    on_wait: Callable[[], None] | None = None,
) -> Plan:
    """Write a list, and return what was written; other writers wait until the caller commits.

    It is planned under the import lock: since another plan of it was shown, another list may have
    brought or hidden the same actors.
    """
    hold(session, IMPORT_LOCK, on_wait, who=reading.upload.who)
    current = plan(session, writer, reading)
    write_planned(session, vault, writer, current)
    return current


def write_planned(session: Session, vault: Vault, writer: Writer, current: Plan) -> None:
    """Write a plan that was made in this transaction, under the import lock."""
    # Without what was erased at somebody's request.
    reading = current.reading
    history = History(session, vault, reading.upload.who, "import", reading.file)
    writer.write(current.changes, history)
    former_ties.note_before(session, reading.source, reading.file)
    tied = (current.remembered, current.actors)
    gone = make_way(session, writer.key, reading.source, *tied, current.matching.missing)
    remember(session, reading, *tied)
    mark_missing(session, reading.source, gone, current.day)
    note_absent(session, reading, current.absent, current.day)
    former_ties.leave_changed(session, reading.source, reading.file)
    # Its transaction may have begun before another list was written.
    at = session.scalars(select(func.clock_timestamp())).one()
    propose(session, vault, writer.key, [*_consents(current), *current.same], at)
    write_lines(session, vault, reading, current.outcomes, current.actors)
    titles = vault.seal_json("source_file", reading.file, "titles", reading.result.titles)
    read_as = {
        "columns": list(reading.result.mapping.items()),
        "left_aside": reading.result.left_aside,
    }
    mapping = vault.seal_json("source_file", reading.file, "mapping", read_as)
    done: dict[str, Any] = {"status": "imported", "summary": current.summary.stored()}
    done |= {"titles": titles, "mapping": mapping, "imported_at": at}
    if reading.forgotten:
        done["content"] = None
    session.execute(update(SourceFile).where(SourceFile.id == reading.file).values(done))


def _consents(planned: Plan) -> Iterator[Proposed]:
    """Yield what lines say of a consent of hidden actors, but for refusals: a person decides."""
    edits, reading = planned.changes.edits, planned.reading
    for line in reading.lines:
        actor, said = planned.actors[line.row.where], line.row.consent
        if not said or weigh_consent(said) == "no":
            continue
        if actor in edits and edits[actor].level is not None:
            where = {"source": reading.upload.source_name, "line": line.row.line}
            if line.row.sheet:
                where["sheet"] = line.row.sheet
            subject = f"{actor}/{reading.source}/{said}"
            yield Proposed("consent", actor, subject, {"said": said} | where)
