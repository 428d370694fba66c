"""The history of actors: numbered revisions, each of a batch, with what an undo needs."""

from collections.abc import Collection, Iterable
from dataclasses import dataclass, field
from typing import Any, Literal
from uuid import UUID, uuid4

from sqlalchemy import ColumnElement, ScalarSelect, func, insert, select
from sqlalchemy.dialects import postgresql
from sqlalchemy.orm import InstrumentedAttribute, Session, aliased

from app.models import Actor, Batch, ErasureDebt, Revision
from app.models.job import Job
from app.platform.database.copying import copy_in
from app.platform.database.sessions import IMPORT_LOCK, among, hold
from app.platform.queue.deferring import defer, defer_once
from app.records.record import Change
from app.vault.sealing import Vault

# Ids that a job is given; more than that, and it looks at all actors.
NAMED = 200
# What writes nothing of what is said of an actor.
_SAYS_NOTHING = ("geocoding", "purge")
Cause = Literal["import", "edit", "geocoding", "purge", "erase", "undo"]


@dataclass(frozen=True, slots=True)
class Entry:
    """What became of one actor. action: "create", "update", "protect"…"""

    actor_id: UUID
    action: str
    why: dict[str, Any] = field(default_factory=dict)
    changes: dict[str, Change] = field(default_factory=dict)


class History:
    """Notes the revisions of one batch within the caller's transaction.

    who: an account, or "os:NAME". source_file: the file of an import, or of its undoing, else None.
    """

    def __init__(
        self,
        session: Session,
        vault: Vault,
        who: str,
        cause: Cause,
        source_file: UUID | None = None,
    ) -> None:
        self._session, self._vault, self._who = session, vault, who
        self._batch_id = uuid4()
        self._batch = {"id": self._batch_id, "cause": cause, "source_file_id": source_file}

    @property
    def batch(self) -> UUID:
        """Return the id of the batch, by which all of it is found again."""
        return self._batch_id

    def note(self, entries: Iterable[Entry]) -> None:
        """Add a revision for each entry; other writers wait until commit.

        Raises ValueError for two entries of one actor. What was public of an actor that turns
        protected is owed an erasure from then on.
        """
        todo = list(entries)
        if not todo:
            return
        if len({entry.actor_id for entry in todo}) < len(todo):
            raise ValueError("an actor is noted once in a call")
        # Two that gave numbers at once would give the same.
        hold(self._session, IMPORT_LOCK)
        self._session.execute(postgresql.insert(Batch).on_conflict_do_nothing(), [self._batch])
        numbers = self._numbers(each.actor_id for each in todo if each.action != "create")
        rows = [self._row(entry, numbers.get(entry.actor_id, 0) + 1) for entry in todo]
        copy_in(self._session, Revision, rows)
        hid = [{"revision_id": row["id"]} for row in rows if row["action"] == "protect"]
        if hid:
            self._session.execute(insert(ErasureDebt), hid)
        if self._batch["cause"] == "edit":
            self._ask_the_worker(todo, hid=bool(hid))
        if self._batch["cause"] not in _SAYS_NOTHING:
            # The job finds by itself who changed since it last ran.
            defer_once(self._session, Job.COMPARE)

    def _ask_the_worker(self, entries: list[Entry], *, hid: bool) -> None:
        """Defer what a person's change makes necessary; a list and a command do it themselves."""
        # The job finds by itself whose address was never asked as it is now.
        shown = [each.actor_id for each in entries if each.action != "protect"]
        if shown:
            defer(self._session, Job.GEOCODE, *(shown if len(shown) <= NAMED else ()))
        if hid:
            defer(self._session, Job.PURGE)

    def _numbers(self, actors: Iterable[UUID]) -> dict[UUID, int]:
        """Return the number of the last revision of actors that have one."""
        statement = (
            select(Revision.actor_id, func.max(Revision.number))
            .where(among(Revision.actor_id, actors))
            .group_by(Revision.actor_id)
        )
        return dict(self._session.execute(statement).all())

    def _row(self, entry: Entry, number: int) -> dict[str, Any]:
        revision_id = uuid4()
        change = {name: _as_json(each) for name, each in entry.changes.items()}
        return {
            "id": revision_id,
            "actor_id": entry.actor_id,
            "number": number,
            "batch_id": self._batch["id"],
            "who": self._who,
            "action": entry.action,
            "why": self._vault.seal_json("revision", revision_id, "why", entry.why),
            "change": self._vault.seal_json("revision", revision_id, "change", change),
        }


def last_revisions(session: Session, public_ids: Collection[str]) -> dict[str, int]:
    """Return public id -> the number of the last revision of each of some actors."""
    statement = select(Actor.public_id, last_written(Actor.id).label("number"))
    found = session.execute(statement.where(among(Actor.public_id, public_ids)))
    return {public_id: number or 0 for public_id, number in found}


def last_written(actor: ColumnElement[UUID] | InstrumentedAttribute[UUID]) -> ScalarSelect[int]:
    """Return the number of the last revision of an actor, a column of the statement around it.

    Those of the geocoder and of purges are passed over: they write nothing of what is said.
    """
    later = aliased(Revision)
    return (
        select(func.max(later.number))
        .join(Batch, Batch.id == later.batch_id)
        .where(later.actor_id == actor, Batch.cause.not_in(_SAYS_NOTHING))
        .scalar_subquery()
    )


def _as_json(change: Change) -> list[Any]:
    origin = change.origin and change.origin.model_dump(mode="json", exclude_none=True)
    return [change.before, change.after, origin]
