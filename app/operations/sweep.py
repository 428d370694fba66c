"""Erases an actor, or one value, wherever it stands in the database, at somebody's request.

What was erased is noted first, as digests: from then on no list brings it back, and an erasure that
was interrupted, or undone by a restored backup, is done again. Nothing here says what it was.
"""

from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID

from sqlalchemy import Engine, delete, func, select, text, update
from sqlalchemy.orm import Session

from app.gazetteer.load import cached_gazetteer
from app.lists import lasting
from app.lists.forgetting import may_hold
from app.lists.uploads import empty_files
from app.meetings.meetings import without
from app.models import (
    Actor,
    ActorCall,
    ActorFingerprint,
    ActorProtected,
    ActorQuestion,
    DepositLine,
    DeskDraft,
    Embed,
    ErasureDebt,
    FormerAddress,
    Geocoding,
    NetworkMember,
    OperatorCode,
    Proposal,
    Provenance,
    Report,
    Reveal,
    RevealChoice,
    Revision,
    SourceFile,
    SourceRecord,
    SourceRow,
)
from app.operations.erased_resources import (
    CONTENTS,
    cleaned,
    event_left,
    events_of,
    take_out,
)
from app.operations.swept import Line, Swept
from app.platform.database.sessions import IMPORT_LOCK, among, hold, read, write
from app.records.acts import RANK_OF_STAFF
from app.records.edits import Edit
from app.records.erased import Erased
from app.records.history import History
from app.records.placing import question
from app.records.record import Origin
from app.records.sealed import open_record
from app.records.writing import Writer
from app.vault.columns import SEALED, SealedColumns
from app.vault.sealing import Vault
from geo.zones import paris_day

# Rows that are looked at in one transaction, for which imports wait.
AT_ONCE = 500
# Sealed columns that are no JSON.
_NAMES = {
    *(("source", "name"), ("source_file", "name"), ("link_receipt", "name")),
    ("operator_code", "label"),
}
_BYTES = ("source_file", "content")
# Secrets of the service itself, and who signs in and did what: of these a request changes nothing,
# they end with their own periods.
_OF_THE_SERVICE = {
    *("sealed_secret", "erasure_request"),
    *("account", "passkey", "provider_identity", "staff_session", "audit_entry"),
}
# What a person asked for, which is nothing without them.
_OF_A_PERSON = {"access_request", "agenda_registration", "letter_subscriber"}
# What holds an actor, those first that others refer to.
_OF_ACTOR = (
    *(DeskDraft, Revision, Proposal, Geocoding, Provenance, ActorFingerprint, ActorProtected),
    *(SourceRecord, SourceRow, DepositLine, Report, ActorQuestion, ActorCall, OperatorCode),
    *(Reveal, RevealChoice),
)


@dataclass(frozen=True)
class Sweep:
    """Looks everywhere for what was erased; where it writes, takes it away, as the owner.

    progress: told how many rows of how many were looked at.
    """

    engine: Engine
    vault: Vault
    erased: Erased
    who: str = ""
    writes: bool = False
    progress: Callable[[int, int], None] = lambda _done, _total: None
    found: Swept = field(default_factory=Swept)

    def run(self) -> Swept:
        """Return what was found; interrupted, it is to be run again."""
        self._actors()
        if self.erased.has_values:
            self._records()
            self._embeds()
            with self._session() as session:
                taken = take_out(session, self.erased, writes=self.writes)
                self.found.counts.update(taken)
        self._sealed()
        return self.found

    @contextmanager
    def _session(self) -> Iterator[Session]:
        if not self.writes:
            with read(self.engine) as session:
                yield session
            return
        with write(self.engine) as session:
            hold(session, IMPORT_LOCK)
            # A revision whose sealed part alone changes, or one of an actor that is erased.
            session.execute(text("SET LOCAL mesure23.new_key = 'on'"))
            session.execute(text("SET LOCAL mesure23.erasing = 'on'"))
            yield session

    def _actors(self) -> None:
        """Take away whole actors, their lines, and the bytes of the files that held them."""
        with read(self.engine) as session:
            actors = [
                each for each in session.scalars(select(Actor.id)) if self.erased.is_actor(each)
            ]
        for actor in actors:
            with self._session() as session:
                self._actor(session, actor)

    def _actor(self, session: Session, actor: UUID) -> None:
        rows = session.scalars(select(SourceRow).where(SourceRow.actor_id == actor)).all()
        self._note_lines(rows)
        files = {row.source_file_id for row in rows}
        session.expunge_all()
        for model in _OF_ACTOR:
            counted = select(func.count()).select_from(model).where(model.actor_id == actor)
            self.found.counts[model.__tablename__] += session.scalars(counted).one()
        self.found.counts["actor"] += 1
        former = select(FormerAddress.public_id).where(FormerAddress.actor_id == actor)
        names = set(session.scalars(former.union(select(Actor.public_id).where(Actor.id == actor))))
        met = without(session, self.vault, names, writes=self.writes)
        self.found.counts["cdlp_meeting"] += met
        self.found.counts["agenda_event"] += events_of(session, names, writes=self.writes)
        # Nothing says what stands in a file of which no line was read.
        unread = select(SourceFile.id).where(
            SourceFile.status != "imported", SourceFile.content.is_not(None)
        )
        files |= set(session.scalars(unread))
        if not self.writes:
            held = select(func.count()).where(
                among(SourceFile.id, files), SourceFile.content.is_not(None)
            )
            # Each once, though several actors may stand in one file.
            self.found.counts["source_file"] = max(
                self.found.counts["source_file"], session.scalars(held).one()
            )
            return
        self._leave_neighbours(session, actor)
        self.found.counts["source_file"] += empty_files(session, files)
        revisions = select(Revision.id).where(Revision.actor_id == actor)
        session.execute(delete(ErasureDebt).where(ErasureDebt.revision_id.in_(revisions)))
        for model in _OF_ACTOR:
            session.execute(delete(model).where(model.actor_id == actor))
        # What was read of nobody who works for it stays so, until they say it anew.
        theirs = update(NetworkMember).where(NetworkMember.actor_id == actor)
        session.execute(theirs.values(masked=True))
        session.execute(delete(Actor).where(Actor.id == actor))

    def _leave_neighbours(self, session: Session, actor: UUID) -> None:
        """Write whom it hides, or no more, that an actor is gone: as if it had closed."""
        writer = self._writer(session)
        edits = writer.stored([actor])
        by = Origin(source="staff", day=paris_day(), rank=RANK_OF_STAFF)
        for edit in edits.values():
            edit.change("status", "archived", by)
        beside = writer.plan(edits).neighbours
        writer.save(beside.values(), self._history(session))

    def _records(self) -> None:
        """Take values out of the records of actors, and so out of what is public of them."""
        after: UUID | None = None
        while True:
            with self._session() as session:
                statement = select(ActorProtected.actor_id, ActorProtected.record)
                if after is not None:
                    statement = statement.where(ActorProtected.actor_id > after)
                ordered = statement.order_by(ActorProtected.actor_id).limit(AT_ONCE)
                some = session.execute(ordered).all()
                if not some:
                    return
                after = some[-1].actor_id
                hit = [
                    actor
                    for actor, sealed in some
                    if self.erased.fields(open_record(self.vault, actor, sealed))
                ]
                self.found.counts["actor_protected"] += len(hit)
                if hit and self.writes:
                    writer = self._writer(session)
                    edits = writer.stored(hit)
                    for edit in edits.values():
                        self._edit(edit)
                    writer.settle(edits, self._history(session))

    def _history(self, session: Session) -> History:
        return History(session, self.vault, self.who, "erase")

    def _writer(self, session: Session) -> Writer:
        gazetteer = cached_gazetteer(session.connection())
        return Writer(session, self.vault, self.erased.key, gazetteer)

    def _edit(self, edit: Edit) -> None:
        asked = question(edit.record)
        for name, value in self.erased.fields(edit.record).items():
            # Not as a change, of which history would keep the former value.
            setattr(edit.record, name, value)
        if question(edit.record) != asked:
            edit.forget_point()
        edit.act, edit.why = "erase", {}

    def _embeds(self) -> None:
        """Take values out of what is said of a registered embed."""
        with self._session() as session:
            for embed_id, name, contact in session.execute(
                select(Embed.id, Embed.name, Embed.contact)
            ).all():
                left: dict[str, str | None] = {"name": self.erased.text(name)}
                if contact is not None and self.erased.text(contact) != contact:
                    left["contact"] = None
                if left == {"name": name}:
                    continue
                self.found.counts["embed"] += 1
                if self.writes:
                    session.execute(update(Embed).where(Embed.id == embed_id).values(left))

    def _sealed(self) -> None:
        """Take values, and names of erased actors, out of every other sealed column."""
        tables = [each for each in SEALED if each.table not in _OF_THE_SERVICE]
        with read(self.engine) as session:
            total = sum(
                session.scalars(select(func.count()).select_from(each.model)).one()
                for each in tables
            )
        done = 0
        for sealed in tables:
            after: UUID | str | None = None
            while True:
                with self._session() as session:
                    keys = self._batch(session, sealed, after)
                if not keys:
                    break
                after, done = keys[-1], done + len(keys)
                self.progress(done, total)

    def _batch(
        self, session: Session, sealed: SealedColumns, after: UUID | str | None
    ) -> list[UUID | str]:
        """Look at the next rows of a table; return their keys."""
        table = sealed.model
        key = table.c[sealed.key]
        # Bytes of files are large.
        limit = 20 if sealed.table == "source_file" else AT_ONCE
        statement = select(table).order_by(key).limit(limit)
        if after is not None:
            statement = statement.where(key > after)
        rows = session.execute(statement).mappings().all()
        unsaid: set[UUID] = set()
        for row in rows:
            name = row[sealed.key]
            left = dict(self._changed(sealed, name, row))
            if not left:
                continue
            # The record of an actor was counted with its public one.
            if left.keys() != {"record"}:
                self.found.counts[sealed.table] += sealed.table != "actor_protected"
            if sealed.table == "source_row":
                self._note_lines([row])
                unsaid |= {row["actor_id"]} - {None}
            # A proposal of who is erased, or the request of a person, says nothing without them.
            goes = sealed.table in _OF_A_PERSON or (
                sealed.table == "proposal" and None in left.values()
            )
            if self.writes and goes:
                session.execute(delete(table).where(key == name))
            elif self.writes:
                session.execute(update(table).where(key == name).values(left))
        if self.writes and unsaid:
            # What a list said of a home is a mark of it, wherever its record has another value.
            marked = select(ActorFingerprint.actor_id).where(
                among(ActorFingerprint.actor_id, unsaid)
            )
            writer = self._writer(session)
            writer.settle(writer.stored(session.scalars(marked.distinct())), self._history(session))
        return [row[sealed.key] for row in rows]

    def _changed(
        self, sealed: SealedColumns, key: UUID | str, row: Any
    ) -> Iterator[tuple[str, bytes | None]]:
        """Yield the columns of a row that hold what was erased, sealed again without it."""
        for column in sealed.columns:
            if row[column] is None or (sealed.table, column) == ("actor_protected", "record"):
                continue
            opened = self.vault.open(sealed.table, key, column, row[column])
            if (sealed.table, column) == _BYTES:
                if may_hold(opened, self.erased):
                    yield column, None
                continue
            if (sealed.table, column) in _NAMES:
                name = opened.decode("utf-8", "surrogateescape")
                if (left := self.erased.text(name)) != name:
                    fresh = left.encode("utf-8", "surrogateescape")
                    yield column, self.vault.seal(sealed.table, key, column, fresh)
                continue
            value = self.vault.open_json(sealed.table, key, column, row[column])
            if sealed.table == "proposal" and self.erased.is_actor(value.get("other", "")):
                yield column, None
            elif (left := self._left(sealed.table, column, value)) != value:
                yield column, self.vault.seal_json(sealed.table, key, column, left)

    def _left(self, table: str, column: str, value: Any) -> Any:
        if (table, column) in CONTENTS:
            return cleaned(value, self.erased)
        if table == "agenda_record":
            return event_left(value, self.erased)
        if column == "corrected":
            return lasting.cleaned(value, self.erased)
        left = self.erased.json(value)
        if column == "causes":
            for former, cause in zip(value, left, strict=True):
                # Who was hidden because of an erased actor stays so, until a person says.
                if former.get("what") and cause.get("what") == "":
                    cause.setdefault("ended_on", paris_day().isoformat())
        return left

    def _note_lines(self, rows: Iterable[Any]) -> None:
        for row in rows:
            opened = self.vault.open_json("source_row", row.id, "content", row.content)
            self.found.lines.add(Line(row.source_file_id, opened.get("sheet"), row.line))
