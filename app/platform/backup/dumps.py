"""Dumps of a server outside: each one encrypted file, whose name is the moment of it."""

import json
import os
import re
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import IO

from sqlalchemy import Engine, text

from app.errors import why_refused
from app.platform.backup.clients import Clients
from app.platform.backup.encrypted import DamagedError, NotOpenedError, note_of, opened, seal
from app.platform.backup.errors import (
    DatabaseInUse,
    DatabaseNotEmpty,
    DumpDamaged,
    NotWritten,
    OtherName,
    PassphraseWrong,
)
from app.platform.backup.locking import only_one
from app.platform.backup.manifest import own_tables, read
from app.platform.backup.stored import MANIFEST, Stored
from app.platform.database.engines import database_name

FOLDER = "dumps"
SUFFIX = ".dump"
# How many stay whatever the clock says: one a night.
FEWEST = 7
DATABASE = "database"
_NAMED = "%Y%m%dT%H%M%SZ"
_MOMENT = re.compile(r"20\d{6}T\d{6}Z")
_OTHERS = text(
    "SELECT EXISTS (SELECT 1 FROM pg_stat_activity"
    " WHERE datname = current_database() AND usename <> current_user)"
)
# No public page starts on it before what was hidden since is hidden again, wherever it lies.
_RESTORED = (
    "INSERT INTO public.database_origin VALUES (1, 'restored', 0)"
    " ON CONFLICT (id) DO UPDATE SET system = 'restored', timeline = 0"
)


class Dumps:
    """The dumps of a folder. passphrase: of the file that is named where it opens nothing."""

    def __init__(self, place: Path, passphrase: str, passphrase_file: Path) -> None:
        self.place, self.folder = place, place / FOLDER
        self._passphrase, self._file = passphrase, passphrase_file

    @contextmanager
    def alone(self) -> Iterator[None]:
        """Let no other command work on backups meanwhile; raise AlreadyBackingUp or NotWritten."""
        try:
            self.folder.mkdir(mode=0o700, exist_ok=True)
        except OSError as error:
            raise NotWritten(place=str(self.place), why=why_refused(error)) from None
        with only_one(self.folder / "lock"):
            yield

    def make(self, owner: Engine, sealed: Iterable[tuple[str, str]]) -> Stored:
        """Dump a database with its inventory, both of one moment; raise DumpFailed, NotWritten.

        sealed: table and column of what keys have sealed.
        """
        clients = Clients(owner)
        now = datetime.now(UTC)
        path = self.folder / f"{now.strftime(_NAMED)}{SUFFIX}"
        fresh = path.with_suffix(".new")
        try:
            with owner.connect() as connection:
                connection = connection.execution_options(isolation_level="REPEATABLE READ")
                snapshot = connection.scalar(text("SELECT pg_export_snapshot()")) or ""
                notes = {
                    MANIFEST: read(connection, sealed, own=True).packed(),
                    DATABASE: database_name(owner),
                }
                with _private(fresh) as file, clients.dump(snapshot) as dump:
                    seal(dump, file, self._passphrase, json.dumps(notes).encode())
                    file.flush()
                    os.fsync(file.fileno())
            fresh.rename(path)
        except OSError as error:
            raise NotWritten(place=str(self.place), why=why_refused(error)) from None
        finally:
            fresh.unlink(missing_ok=True)
        return Stored(path.stem, True, now, notes)

    def stored(self) -> list[Stored]:
        """Return what opens, the oldest first; raise PassphraseWrong where nothing of all does."""
        found, closed = [], 0
        for path in dumps_in(self.folder):
            try:
                with path.open("rb") as file:
                    notes = json.loads(note_of(file, self._passphrase))
            except NotOpenedError:
                closed += 1
            else:
                found.append(Stored(path.stem, True, made_at(path), notes))
        if closed and not found:
            raise PassphraseWrong(path=str(self._file), place=str(self.place))
        return found

    def check(self) -> list[Stored]:
        """Read each to its end, and return them; raise PassphraseWrong, or DumpDamaged of one."""
        found = self.stored()
        for path in dumps_in(self.folder):
            if path.stem not in {each.label for each in found}:
                raise DumpDamaged(label=path.stem)
            for _ in self._read(path.stem):
                pass
        return found

    def tidy(self) -> None:
        """Remove what was interrupted."""
        for path in self.folder.glob("*.new"):
            path.unlink()

    def expire(self, after: timedelta, now: datetime) -> None:
        """Destroy those that are older, but for the last ones of a week.

        Older than the last but one, where the clock is ahead of it: it may be wrong this once.
        """
        found = dumps_in(self.folder)
        for path in found[:-FEWEST]:
            if min(now, made_at(found[-2])) - made_at(path) > after:
                path.unlink()

    def restore(self, each: Stored, owner: Engine, *, aside: bool = False) -> None:
        """Restore into an empty database that has its extensions and logins, whole or not at all.

        aside: without logins, to be looked at and thrown away. Raises DatabaseNotEmpty, DumpDamaged
        or DumpFailed.
        """
        refuse_full(owner)
        clients = Clients(owner)
        contents = clients.contents(self._read(each.label))
        clients.restore(self._read(each.label), contents, _RESTORED, plain=aside)

    def _read(self, label: str) -> Iterator[bytes]:
        with (self.folder / f"{label}{SUFFIX}").open("rb") as file:
            try:
                pieces = opened(file, self._passphrase)
                next(pieces)
                yield from pieces
            except NotOpenedError:
                raise PassphraseWrong(path=str(self._file), place=str(self.place)) from None
            except DamagedError:
                raise DumpDamaged(label=label) from None


def refuse_other_name(each: Stored, owner: Engine) -> None:
    """Raise OtherName unless a dump is of a database of the same name, as its logins have it."""
    saved, database = each.notes[DATABASE], database_name(owner)
    if saved != database:
        raise OtherName(saved=saved, database=database)


def refuse_used(owner: Engine) -> None:
    """Raise DatabaseInUse while others than its owner are connected: they would show what comes."""
    with owner.connect() as connection:
        if connection.scalar(_OTHERS):
            raise DatabaseInUse(data=database_name(owner))


def refuse_full(owner: Engine) -> None:
    """Raise DatabaseNotEmpty unless a database has no table but those of extensions."""
    with owner.connect() as connection:
        if own_tables(connection):
            raise DatabaseNotEmpty(database=database_name(owner))


def dumps_in(folder: Path) -> list[Path]:
    """Return the dumps of a folder, the oldest first: files whose name is a moment.

    Raises OSError where it may not be read.
    """
    found = (each for each in within(folder) if each.suffix == SUFFIX)
    return sorted(each for each in found if _MOMENT.fullmatch(each.stem))


def within(folder: Path) -> list[Path]:
    """Return what lies in a folder, nothing where there is none; raise OSError where it may not be
    read: a pattern finds nothing there either.
    """
    try:
        return list(folder.iterdir())
    except (FileNotFoundError, NotADirectoryError):
        return []


def made_at(path: Path) -> datetime:
    """Return the moment of a dump, as its name has it."""
    return datetime.strptime(path.stem, _NAMED).replace(tzinfo=UTC)


def _private(path: Path) -> IO[bytes]:
    return os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "wb")
