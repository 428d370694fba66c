"""The register of what was taken from the public: a file beside the backups, one sealed line each.

A backup knows nothing of what was hidden, withdrawn or revoked after it. Triggers note each in the
table withdrawal, in the transaction that does it; once that is committed it is added to the file.
A restored database lacks the newest rows, so that the file says what to hide again.
"""

import base64
import threading
from collections.abc import Iterable, Iterator
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from uuid import UUID

import structlog
from sqlalchemy import Engine, exists, select, update
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.orm import Session

from app.errors import OperatorError, why_refused
from app.models import Withdrawal
from app.platform.database.origin import is_restored
from app.platform.database.sessions import after_writes, among, read_once, write
from app.settings import Settings
from app.vault import lines
from app.vault.digests import mark_of_database
from app.vault.sealing import NotOpened, Vault

# What a line is sealed for: with its id.
TABLE, COLUMN = "withdrawal", "register"
log = structlog.get_logger(__name__)


class WithdrawalsNotRead(OperatorError):
    """Le registre des retraits ne peut pas être lu dans {path} : {why}. Sans lui, ce qu'une
    sauvegarde restaurée a fait revenir n'est pas caché de nouveau : rendez-le lisible à ce compte.
    """


class WithdrawalsNotWritten(OperatorError):
    """Le registre des retraits ne peut pas être écrit dans {path} : {why}. Montez son disque,
    libérez de la place, ou rendez ce fichier inscriptible, puis relancez la commande.
    """


@dataclass(frozen=True, slots=True)
class Entry:
    """What was taken from the public. what: "actor", "embed"…; how: as the trigger noted it."""

    id: UUID
    what: str
    subject: str
    how: str


def withdrawals_path(settings: Settings) -> Path:
    """Return where the register lies: beside the backups, where it is known where these are."""
    return withdrawals_paths(settings)[-1]


def withdrawals_paths(settings: Settings) -> tuple[Path, ...]:
    """Return each place where there may be lines of it, which are read together, the register last:
    a process that is not told where the backups are adds its own in the data directory.
    """
    if settings.withdrawals_file:
        return (settings.withdrawals_file,)
    places = dict.fromkeys((settings.data_dir, settings.backup_dir or settings.data_dir))
    return tuple(place / "withdrawals" for place in places)


def note_after_writes(staff: Engine, vault: Vault, path: Path) -> None:
    """Add to the register, after each write of an engine, what that took from the public."""
    after_writes(staff, lambda: note(staff, vault, path))


_noting = threading.local()


def note(staff: Engine, vault: Vault, path: Path) -> bool:
    """Add what is not in the register yet; return whether all of it is.

    After the commit and never in its way: a place is hidden now, whatever the disk of the register
    says. What could not be added waits for the next write, and doctor counts it.
    """
    if getattr(_noting, "now", False):
        return True
    _noting.now = True
    try:
        with read_once(staff) as session:
            if not session.scalar(select(exists().where(~Withdrawal.noted))):
                return True
        with write(staff) as session:
            _add(session, vault, path)
    except (OSError, SQLAlchemyError, OperatorError) as error:
        log.error("register of withdrawals not written", why=type(error).__name__)
        return False
    finally:
        _noting.now = False
    return True


def _add(session: Session, vault: Vault, path: Path) -> None:
    waiting = select(Withdrawal).where(~Withdrawal.noted).with_for_update(skip_locked=True)
    rows = session.scalars(waiting).all()
    said = [Entry(each.id, each.what, each.subject, each.how) for each in rows]
    if said:
        lines.append(path, (_line(vault, each) for each in said))
        noted = among(Withdrawal.id, [each.id for each in said])
        session.execute(update(Withdrawal).where(noted).values(noted=True))


def _line(vault: Vault, entry: Entry) -> dict[str, str]:
    said = [entry.what, entry.subject, entry.how]
    sealed = vault.seal_json(TABLE, entry.id, COLUMN, said)
    return {"id": str(entry.id), "sealed": base64.b64encode(sealed).decode()}


def sealed_entries(*paths: Path) -> Iterator[tuple[UUID, bytes]]:
    """Yield the lines, still sealed; raise WithdrawalsNotRead."""
    for path in paths:
        try:
            found = [*lines.read(path)]
        except OSError as error:
            raise WithdrawalsNotRead(path=str(path), why=why_refused(error)) from None
        for line in found:
            try:
                yield UUID(str(line["id"])), base64.b64decode(line["sealed"])
            except (ValueError, KeyError, TypeError):
                continue


def count_not_copied(settings: Settings) -> int:
    """Count what is noted in the data directory alone; raise WithdrawalsNotRead."""
    *others, path = withdrawals_paths(settings)
    return len(dict(sealed_entries(*others)).keys() - dict(sealed_entries(path)).keys())


def have_added_again(session: Session, path: Path) -> int:
    """Have what the register lacks added by the next process with the keys; return how much of
    what the database calls added it is: another machine has a file of its own.

    By the ids alone, which are in clear. Raises WithdrawalsNotRead.
    """
    # The file after it: a line is there before the row calls it added.
    added = set(session.scalars(select(Withdrawal.id).where(Withdrawal.noted)))
    missing = added - dict(sealed_entries(path)).keys()
    add_again(session, missing)
    return len(missing)


def sign(session: Session, path: Path, now: datetime) -> None:
    """Have the register say, twice a day at most, that it has all that was noted until now, which
    a restoration tells: a copy of it knows nothing of what was hidden later.

    What it lacks is added again. One that cannot be read or written stops nothing: doctor says it.
    """
    if is_restored(session.connection()) or session.scalar(
        select(exists().where(~Withdrawal.noted))
    ):
        return
    with suppress(OSError, WithdrawalsNotRead):
        if lines.is_there(path) and not have_added_again(session, path):
            lines.sign(path, now)


@dataclass(frozen=True, slots=True)
class Register:
    """The register beside a database. is_begun: whether it was begun while that was complete.
    unknown: what the database knows nothing of, to be done again; lost: ids that the database had
    added, and are nowhere; unwritten: those, and what lies in another place alone; unopened: lines
    of lost keys.
    """

    is_begun: bool
    unknown: tuple[Entry, ...]
    lost: frozenset[UUID]
    unwritten: frozenset[UUID]
    unopened: int


def compare(session: Session, vault: Vault, *paths: Path) -> Register:
    """Return what the register, the last of the paths, and the other places say that the database
    does not; raise WithdrawalsNotRead.
    """
    written = dict(sealed_entries(paths[-1]))
    sealed = {**dict(sealed_entries(*paths[:-1])), **written}
    known = set(session.scalars(select(Withdrawal.id)))
    added = set(session.scalars(select(Withdrawal.id).where(Withdrawal.noted)))
    unknown, unopened = [], 0
    for entry_id in sealed.keys() - known:
        try:
            said = vault.open_json(TABLE, entry_id, COLUMN, sealed[entry_id])
        except NotOpened:
            unopened += 1
            continue
        unknown.append(Entry(entry_id, *said))
    return Register(
        # Not another one: it stays as it was once the register lies elsewhere.
        lines.is_begun(paths[-1], mark_of_database(session, vault)),
        tuple(unknown),
        frozenset(added - sealed.keys()),
        # Remembered once it is hidden again, and to be in the register as well; nobody knows what
        # one lacks whose disk is away.
        frozenset(added - written.keys()) if paths[-1].parent.is_dir() else frozenset(),
        unopened,
    )


def make_register(path: Path, database: str) -> None:
    """Begin the register where it is not: beside a restored database one that is not begun is lost.
    database: its mark (app/vault/digests.py).

    One that cannot be made stops nothing, as one that cannot be written: doctor says it.
    """
    with suppress(OSError):
        lines.mark_begun(path, database)


def remember(session: Session, entries: Iterable[Entry]) -> None:
    """Write that a database knows of these lines, which are in the register already."""
    rows = [
        {"id": each.id, "what": each.what, "subject": each.subject, "how": each.how, "noted": True}
        for each in entries
    ]
    if rows:
        session.execute(insert(Withdrawal).on_conflict_do_nothing(), rows)


def add_again(session: Session, lost: Iterable[UUID]) -> None:
    """Have lines added once more that are in the register no longer."""
    session.execute(update(Withdrawal).where(among(Withdrawal.id, lost)).values(noted=False))


def seal_again(path: Path, vault: Vault) -> int:
    """Seal every line by the primary key; return how many. Raises KeyMissing or NotOpened, which
    leave the file as it was, and WithdrawalsNotWritten.
    """
    if not lines.is_there(path):
        return 0
    done = 0

    def change(found: list[dict[str, str]]) -> list[dict[str, str]]:
        nonlocal done
        again = []
        for line in found:
            if "id" not in line:
                again.append(line)
                continue
            entry_id = UUID(line["id"])
            opened = vault.open_json(TABLE, entry_id, COLUMN, base64.b64decode(line["sealed"]))
            again.append(_line(vault, Entry(entry_id, *opened)))
            done += 1
        return again

    try:
        lines.rewrite(path, change)
    except OSError as error:
        raise WithdrawalsNotWritten(path=str(path), why=why_refused(error)) from None
    return done
