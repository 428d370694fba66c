"""Lists that were deposited at the desk: received once, and what becomes of each.

Where one stands is written in short transactions, each of which looks first at where it stood.
"""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Literal, NamedTuple
from uuid import UUID

from sqlalchemy import (
    ColumnElement,
    Row,
    Select,
    case,
    delete,
    func,
    insert,
    select,
    update,
)
from sqlalchemy.orm import Session
from sqlalchemy.orm import defer as defer_column

from app.errors import Mesure23Error
from app.lists.same_bytes import find_same
from app.lists.sources import update_sources
from app.lists.uploads import Upload, receive, source_of
from app.models import Deposit, DepositLine, Source, SourceFile
from app.models.deposit import State
from app.models.job import Job
from app.platform.database.full_disk import FULL_DISK, is_disk_full
from app.platform.database.sessions import among
from app.platform.queue.deferring import defer
from app.records.lists_of import lists_known_to
from app.vault.digests import index_key
from app.vault.sealing import Vault
from app.visibility import Viewer

# What is sealed of a list that nobody reads any more.
NOTHING = {"content": None, "corrected": None, "reading": None}
# What a deposit is beside those of the same bytes; "otherwise": whole where they are partial.
Received = Literal["new", "same", "otherwise"]
TABLE, COLUMN = Deposit.__tablename__, "content"
_RUNNING: tuple[State, ...] = ("checking", "applying", "undoing")
# Of the page of one that is to be applied: by a référent, who applies their own part.
OWN = "own"


class DepositUnknown(Mesure23Error):
    """Aucune liste que vous pouvez lire n’est à cette adresse."""

    status = 404
    title = "Liste introuvable"
    advice = "Cherchez-la parmi les listes déposées."


class DepositMoved(Mesure23Error):
    """Rien n’a été fait : cette liste n’en est plus là. Quelqu’un d’autre y a peut-être touché."""

    status = 409
    title = "La liste a avancé entre-temps"
    advice = "Revenez à sa page : elle dit où elle en est."


class DepositForgotten(Mesure23Error):
    """Rien n’a été fait : la durée de conservation de ce que cette liste disait est passée."""

    status = 410
    title = "Liste plus conservée"
    advice = "Déposez la liste de nouveau : elle sera relue, puis appliquée."


class Deed(NamedTuple):
    """Who did something to a list, and when."""

    who: str
    at: datetime


@dataclass(frozen=True, slots=True)
class Deposited:
    """A deposit as its readers see it. sender: who deposited it; who: did the last deed to it.

    since: it stands so. page: what its page shows, empty before it was read and once its period is
    over, which is then said by is_forgotten.
    """

    id: UUID
    source_id: UUID
    source: str
    territory: str | None
    filename: str
    received_at: datetime
    sender: str
    who: str
    state: State
    whole: bool
    done: int
    lines: int
    counts: Mapping[str, int] | None
    page: Mapping[str, Any]
    error: str | None
    since: datetime

    @property
    def is_forgotten(self) -> bool:
        """Say whether what its page showed was taken once its period was over."""
        return not self.page and self.state in ("ready", "applied", "refused", "undone")

    @property
    def applied(self) -> Deed:
        """Return who applied it, of one that was: whoever undid it did the last deed."""
        who, at = self.page.get("applied", (self.who, self.since.isoformat()))
        return Deed(who, datetime.fromisoformat(at))


def deposit(
    session: Session, vault: Vault, upload: Upload, territory: str | None
) -> tuple[UUID, Received]:
    """Receive a list, and let the worker read it; return its id and what it is beside former ones.

    territory: the code that the upload names. The same bytes of the same source, or of the files
    that are handed out of its territory, sent as the same part of it, are received once, as long as
    nothing newer of it was applied and all of it was.
    """
    source = source_of(session, vault, upload, territory)
    # Who sends the same at the same time waits, and finds it received; not for who applies another.
    here = select(Source.id).where(Source.id == source)
    session.execute(here.with_for_update(key_share=True))
    sources = {source}
    if upload.source_id is None:
        # A file that was handed out is its territory's, whatever its sender calls it.
        sources.update(update_sources(session, index_key(session, vault), territory))
    same = find_same(session, sources, upload.data)
    for file_id, whole in same:
        if whole == upload.whole:
            return file_id, "same"
    received = receive(session, vault, upload, territory)
    session.execute(
        insert(Deposit).values(
            file_id=received.file, state="checking", who=upload.who, whole=upload.whole
        )
    )
    defer(session, Job.CHECK, received.file)
    return received.file, "otherwise" if same else "new"


def listed(
    session: Session,
    vault: Vault,
    viewer: Viewer,
    most: int,
    offset: int = 0,
    territory: str | None = None,
) -> list[Deposited]:
    """Return deposits that a viewer may know of, without their pages: those that are worked on,
    those to apply, of which the oldest is first, then the last ones.

    territory: those of one alone; None for all.
    """
    waits = Deposit.state == "ready"
    order = (
        Deposit.state.in_(_RUNNING).desc(),
        waits.desc(),
        # Nobody would come to the first of them if later ones stood before it.
        case((waits, SourceFile.received_at)).asc(),
        SourceFile.received_at.desc(),
        Deposit.file_id,
    )
    statement = _select().where(*_known(viewer, territory)).order_by(*order)
    # What a page says may be as large as its list.
    unread = (defer_column(each) for each in (Deposit.content, Deposit.corrected, Deposit.handling))
    found = session.execute(statement.options(*unread).limit(most).offset(offset))
    return [_opened(vault, row, whole=False) for row in found]


def count_listed(session: Session, viewer: Viewer, territory: str | None = None) -> int:
    """Return how many deposits a viewer may know of."""
    here = _select().where(*_known(viewer, territory)).subquery()
    return session.scalars(select(func.count()).select_from(here)).one()


def _known(viewer: Viewer, territory: str | None) -> list[ColumnElement[bool]]:
    found = [lists_known_to(viewer)]
    return found if territory is None else [*found, Source.territory_code == territory]


def find(session: Session, vault: Vault, viewer: Viewer, deposit_id: UUID) -> Deposited:
    """Return a deposit that a viewer may know of; raise DepositUnknown."""
    statement = _select().where(Deposit.file_id == deposit_id, lists_known_to(viewer))
    row = session.execute(statement).one_or_none()
    if row is None:
        raise DepositUnknown
    return _opened(vault, row)


def find_for_job(session: Session, vault: Vault, deposit_id: UUID) -> Deposited | None:
    """Return a deposit as the worker takes it, whoever may know of it."""
    row = session.execute(_select().where(Deposit.file_id == deposit_id)).one_or_none()
    return _opened(vault, row) if row else None


def bytes_of(session: Session, vault: Vault, deposit_id: UUID) -> bytes | None:
    """Return what was received; None where it is stored no more."""
    content = session.scalar(select(SourceFile.content).where(SourceFile.id == deposit_id))
    return content and vault.open("source_file", deposit_id, "content", content)


def move(
    session: Session,
    deposit_id: UUID,
    former: Iterable[State],
    state: State,
    *also: ColumnElement[bool],
    **values: Any,
) -> bool:
    """Let a deposit stand otherwise, if it stands as said; return whether it did."""
    statement = (
        update(Deposit)
        .where(Deposit.file_id == deposit_id, Deposit.state.in_(list(former)), *also)
        .values(state=state, at=func.clock_timestamp(), error=None, **values)
        .returning(Deposit.file_id)
    )
    return session.scalar(statement) is not None


def is_since(seen: datetime) -> ColumnElement[bool]:
    """Return whether a deposit stands as it does since then."""
    return Deposit.at == seen


def cancel(session: Session, deposit_id: UUID, who: str) -> bool:
    """Stop a list before anything of it is written; return whether it is given up.

    One that was to be applied waits again. Raises DepositMoved.
    """
    if move(session, deposit_id, ["checking", "ready"], "cancelled", who=who, **NOTHING):
        forget_lines(session, [deposit_id])
        # The worker takes away what was erased at somebody's request and came again.
        defer(session, Job.CHECK, deposit_id)
        return True
    if not move(session, deposit_id, ["applying"], "ready", who=who):
        raise DepositMoved
    return False


def ask_to_apply(
    session: Session, deposit_id: UUID, seen: datetime, who: str, **values: Any
) -> None:
    """Let the worker apply a list that was ready since then; raise DepositMoved.

    values: further columns of its row.
    """
    also = {"who": who, "done": 0} | values
    if not move(session, deposit_id, ["ready"], "applying", is_since(seen), **also):
        raise DepositMoved
    defer(session, Job.APPLY, deposit_id)


def ask_to_undo(session: Session, vault: Vault, found: Deposited, seen: datetime, who: str) -> None:
    """Let the worker undo a list that was applied then; raise DepositMoved."""
    # Who applied it, and when, is said beside who undid it.
    page = {**found.page, "applied": [found.who, found.since.isoformat()]}
    content = sealed_page(vault, found.id, page)
    if not move(
        session, found.id, ["applied"], "undoing", Deposit.at == seen, who=who, content=content
    ):
        raise DepositMoved
    defer(session, Job.UNDO, found.id)


def note_progress(session: Session, deposit_id: UUID, state: State, done: int, lines: int) -> bool:
    """Note how far a deposit is read; return whether it still stands so."""
    statement = (
        update(Deposit)
        .where(Deposit.file_id == deposit_id, Deposit.state == state)
        .values(done=done, lines=lines)
        .returning(Deposit.file_id)
    )
    return session.scalar(statement) is not None


def note_error(session: Session, deposit_id: UUID, error: BaseException) -> None:
    """Note what stopped the job of a deposit, by its class alone: its text may quote a value."""
    name = FULL_DISK if is_disk_full(error) else type(error).__name__
    session.execute(update(Deposit).where(Deposit.file_id == deposit_id).values(error=name))


def sealed_page(vault: Vault, deposit_id: UUID, page: Mapping[str, Any]) -> bytes:
    """Return what a page shows, sealed for its deposit."""
    return vault.seal_json(TABLE, deposit_id, COLUMN, page)


def forget_pages(session: Session, files: Collection[UUID]) -> None:
    """Take what the pages of deposits show."""
    taken = NOTHING | {"handling": None}
    session.execute(update(Deposit).where(among(Deposit.file_id, files)).values(taken))
    forget_lines(session, files)


def forget_lines(session: Session, deposits: Collection[UUID]) -> None:
    """Take the lines of deposits, of which nothing is to be decided any more."""
    session.execute(delete(DepositLine).where(among(DepositLine.file_id, deposits)))


def _select() -> Select[*tuple[Any, ...]]:
    return (
        select(
            Deposit,
            Source.id.label("source_id"),
            Source.name.label("source"),
            Source.territory_code,
            SourceFile.name.label("filename"),
            SourceFile.received_at,
            SourceFile.who.label("sender"),
        )
        .join(SourceFile, SourceFile.id == Deposit.file_id)
        .join(Source, Source.id == SourceFile.source_id)
    )


def _opened(vault: Vault, row: Row[Any], *, whole: bool = True) -> Deposited:
    each: Deposit = row.Deposit
    sealed = each.content if whole else None
    return Deposited(
        each.file_id,
        row.source_id,
        vault.open("source", row.source_id, "name", row.source).decode(),
        row.territory_code,
        vault.open("source_file", each.file_id, "name", row.filename).decode("utf-8", "replace"),
        row.received_at,
        row.sender,
        each.who,
        each.state,
        each.whole,
        each.done,
        each.lines,
        each.counts,
        vault.open_json(TABLE, each.file_id, COLUMN, sealed) if sealed else {},
        each.error,
        each.at,
    )
