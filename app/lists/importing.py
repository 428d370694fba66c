"""From the bytes of a list to actors: received, read, planned, written in one transaction."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime
from uuid import UUID

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from app.gazetteer.load import read_gazetteer
from app.lists.sources import RANK_OF_LISTS, Books, source_name
from app.lists.summary import Summary
from app.models import Actor, SourceFile
from app.platform.database.sessions import IMPORT_LOCK, among
from app.records.lines import write_lines
from app.records.marks import MATCHING_KINDS, marks
from app.records.record import Origin
from app.records.writing import Writer
from app.runtime.staff import Runtime
from app.vault.digests import digest, index_key
from geo.gazetteer import Gazetteer
from importers.errors import FileTooLarge, UnknownTerritory, UnreadableList
from importers.identity import identity_key
from importers.plan import Plan, make_plan
from importers.reading import read_list
from importers.row import ReadResult


@dataclass(frozen=True, slots=True)
class Options:
    """How a list is imported; where None, the list itself says."""

    who: str
    territory: str | None = None
    mapping: str | None = None
    source: str | None = None
    draft: bool = False
    dry_run: bool = False


def import_list(
    runtime: Runtime,
    data: bytes,
    filename: str,
    options: Options,
    progress: Callable[[int, int], None] | None = None,
) -> Summary:
    """Import one list; raise UnreadableList, with the bytes received kept all the same.

    What was received is committed first, the rest in one transaction; a dry run commits nothing.
    """
    limit = runtime.settings.import_max_bytes
    if len(data) > limit:
        raise FileTooLarge(filename=filename, size=len(data) // 10**6, limit=limit // 10**6)
    with Session(runtime.staff, expire_on_commit=False) as session:
        keep = session.flush if options.dry_run else session.commit
        gazetteer = read_gazetteer(session.connection())
        territory = _territory(gazetteer, options.territory)
        books = Books(session, runtime.vault, index_key(session, runtime.vault))
        name = source_name(filename, options.source)
        source = books.source(name, territory)
        file = books.receive(source, data, filename, options.who)
        keep()
        try:
            result = read_list(
                data,
                filename,
                mapping=options.mapping,
                gazetteer=gazetteer,
                territory=territory,
                max_bytes=limit,
                max_rows=runtime.settings.import_max_rows,
                progress=progress,
            )
        except UnreadableList:
            file.status = "refused"
            keep()
            raise
        session.execute(select(func.pg_advisory_xact_lock(IMPORT_LOCK)))
        summary = _Import(session, runtime, gazetteer, books, file, name, options).apply(result)
        keep()
        return summary


def _territory(gazetteer: Gazetteer, given: str | None) -> str | None:
    if not given:
        return None
    found = gazetteer.territory(given.upper()) or gazetteer.territory_named(given)
    if found is None:
        raise UnknownTerritory(name=given)
    return found.code


class _Import:
    """One list that was read, on its way into the database."""

    def __init__(
        self,
        session: Session,
        runtime: Runtime,
        gazetteer: Gazetteer,
        books: Books,
        file: SourceFile,
        name: str,
        options: Options,
    ) -> None:
        self._session, self._books, self._file, self._options = session, books, file, options
        self._key = index_key(session, runtime.vault)
        self._writer = Writer(session, runtime.vault, self._key, gazetteer, options.who)
        self._name = name

    def apply(self, result: ReadResult) -> Summary:
        """Write what the list says, and the books; return what became of its lines."""
        plan = self._plan(result)
        file, today = self._file, datetime.now(UTC).date()
        changed = [
            (
                line,
                Origin(
                    source=file.source_id,
                    file=file.id,
                    line=line.row.line,
                    day=today,
                    rank=RANK_OF_LISTS,
                ),
            )
            for line in plan.lines
            if not line.unchanged
        ]
        written = write_lines(self._writer, changed, draft=self._options.draft)
        actors = written.actors | {
            line.row.line: line.actor for line in plan.lines if line.unchanged and line.actor
        }
        outcomes = {line.row.line: "unchanged" for line in plan.lines}
        outcomes |= dict.fromkeys(written.updated, "updated")
        outcomes |= dict.fromkeys(written.created, "created")
        outcomes |= {each.line: "rejected" for each in result.problems if each.fatal}
        outcomes |= {each.line: "ignored" for each in result.ignored}
        self._books.remember(file, plan.lines, actors)
        self._books.mark_missing(file.source_id, plan.missing, today)
        self._books.write_rows(file, result, outcomes, actors)
        what = list(outcomes.values())
        summary = Summary(
            created=what.count("created"),
            updated=what.count("updated"),
            unchanged=what.count("unchanged"),
            rejected=what.count("rejected"),
            ignored=what.count("ignored"),
            missing=len(plan.missing),
            protected=self._count_protected(set(actors.values())),
            hidden_beside=len(written.hidden_beside),
            source=self._name,
            mapping=result.mapping,
            mapping_guessed=result.mapping_guessed,
            problems=result.problems,
            left_aside=result.left_aside,
        )
        file.status, file.summary = "imported", summary.counts()
        return summary

    def _plan(self, result: ReadResult) -> Plan[UUID]:
        rows = []
        marks_of: dict[bytes, set[bytes]] = {}
        categories: dict[bytes, str] = {}
        for row in result.rows:
            identity = digest(self._key, "identity", identity_key(row))
            content = digest(self._key, "content", row.model_dump_json(exclude={"line"}))
            rows.append((row, identity, content))
            found = marks(row, self._key)
            marks_of[identity] = {value for kind, value in found if kind in MATCHING_KINDS}
            categories |= dict.fromkeys(marks_of[identity], row.category)
        same = self._books.same_actors(categories)
        elsewhere = {}
        for identity, values in marks_of.items():
            actors = {same[value] for value in values if value in same}
            if len(actors) == 1:
                elsewhere[identity] = actors.pop()
        return make_plan(rows, self._books.known(self._file.source_id), elsewhere)

    def _count_protected(self, actors: set[UUID]) -> int:
        statement = select(func.count()).where(among(Actor.id, actors), Actor.protected)
        return self._session.scalars(statement).one()
