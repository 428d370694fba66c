"""What this process has opened of a sealed column, so that staff search by it: in memory alone.

To open twenty thousand records for each search would take longer than anybody waits, and an index
of them in clear would be what sealing is there to prevent.
"""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from datetime import timedelta
from time import monotonic
from typing import Any, Generic, TypeVar
from uuid import UUID

from sqlalchemy import ColumnElement, LargeBinary, Select, func, literal
from sqlalchemy.orm import InstrumentedAttribute, Session

from app.models import ActorProtected
from app.platform.database.sessions import among_ids
from app.records.sealed import RecordUnreadable
from app.vault.sealing import NotOpened, Vault
from app.visibility import OPERATOR, Viewer

T = TypeVar("T")
ID = 16
# The last bytes of what is sealed: no other sealing ends with them, even of the same record.
TAG = 16
# Read at once: all of them would take a hundred megabytes.
AT_ONCE = 2_000
# After that all is opened anew: what was erased since stays in no memory.
LIFETIME = timedelta(hours=1)


@dataclass(frozen=True, slots=True)
class _Opened(Generic[T]):
    tag: bytes
    row: UUID
    value: T


@dataclass(frozen=True, slots=True)
class Beside:
    """A sealed column of another table: the id of its row, and how that is tied to an actor.

    ties: adds the table to a statement of records.
    """

    row: InstrumentedAttribute[UUID]
    column: InstrumentedAttribute[bytes]
    ties: Callable[[Select[UUID, bytes]], Select[UUID, bytes]]


class Memory(Generic[T]):
    """A column of actor_protected as it was opened, or of what lies beside it, each value as long
    as it is sealed the same.

    take: makes of the opened bytes what is to be remembered. now: seconds of a clock.
    """

    def __init__(
        self,
        column: InstrumentedAttribute[Any] | Beside,
        take: Callable[[bytes], T],
        now: Callable[[], float] = monotonic,
    ) -> None:
        if not isinstance(column, Beside):
            column = Beside(ActorProtected.actor_id, column, lambda each: each)
        self._of = column
        self._table, self._column = self._of.row.class_.__tablename__, self._of.column
        self._take, self._now = take, now
        self._known, self._since = dict[bytes, _Opened[T]](), now()

    def __len__(self) -> int:
        """Return how many values are remembered."""
        return len(self._known)

    def forget(self) -> None:
        """Forget all that was opened."""
        self._known, self._since = {}, self._now()

    def of(
        self,
        session: Session,
        vault: Vault,
        viewer: Viewer,
        *which: ColumnElement[bool],
        unread: set[UUID] | None = None,
    ) -> dict[UUID, T]:
        """Return the values of actors whose record a viewer may have opened, by id of the actor, or
        of the row beside it.

        which: conditions of Actor and ActorProtected. unread: is given those that do not open;
        without it they raise.
        """
        if self._now() - self._since > LIFETIME.total_seconds():
            self.forget()
        known = self._known
        sealed = self._sealed(viewer, which)
        if not known:
            return self._open(session, vault, known, sealed, unread)
        found, unknown = {}, []
        for key, tag in self._tags(session, sealed):
            one = known.get(key)
            if one is not None and one.tag == tag:
                found[one.row] = one.value
            else:
                unknown.append(UUID(bytes=key))
        if unknown:
            some = sealed.where(among_ids(self._of.row, unknown))
            found |= self._open(session, vault, known, some, unread)
        return found

    def renew(self, session: Session, vault: Vault, *which: ColumnElement[bool]) -> None:
        """Open all anew, and only then forget what was: nobody waits meanwhile."""
        fresh: dict[bytes, _Opened[T]] = {}
        self._open(session, vault, fresh, self._sealed(OPERATOR, which))
        self._known, self._since = fresh, self._now()

    def _sealed(self, viewer: Viewer, which: Iterable[ColumnElement[bool]]) -> Select[UUID, bytes]:
        statement = self._of.ties(viewer.sealed()).where(self._column.is_not(None), *which)
        return statement.with_only_columns(self._of.row, self._column, maintain_column_froms=True)

    def _tags(self, session: Session, sealed: Select[UUID, bytes]) -> Iterator[tuple[bytes, bytes]]:
        """Yield the id and the tag of each, which come as one text: rows take twenty times it."""
        tag = func.substr(self._column, func.length(self._column) - TAG + 1)
        each = func.uuid_send(self._of.row, type_=LargeBinary).op("||")(tag)
        together = func.string_agg(each, literal(b"", LargeBinary), type_=LargeBinary)
        found = session.scalar(sealed.with_only_columns(together, maintain_column_froms=True))
        text = found or b""
        for start in range(0, len(text), ID + TAG):
            yield text[start : start + ID], text[start + ID : start + ID + TAG]

    def _open(
        self,
        session: Session,
        vault: Vault,
        known: dict[bytes, _Opened[T]],
        sealed: Select[UUID, bytes],
        unread: set[UUID] | None = None,
    ) -> dict[UUID, T]:
        read = {}
        # Closed as well where one of them does not open.
        with session.execute(sealed, execution_options={"yield_per": AT_ONCE}) as rows:
            for row, value in rows:
                try:
                    taken = self._take(vault.open(self._table, row, self._column.key, value))
                except (NotOpened, RecordUnreadable):
                    if unread is None:
                        raise
                    unread.add(row)
                    continue
                read[row] = taken
                known[row.bytes] = _Opened(value[-TAG:], row, taken)
        return read
