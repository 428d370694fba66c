"""Which backups there are: those that commands of ours made, and other files of their folder."""

import json
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path

from app.errors import why_refused
from app.operations.retention import BACKUPS
from app.platform.backup import dumps
from app.platform.backup.errors import PlaceUnreadable
from app.platform.backup.repository import FOLDER
from app.platform.cluster.config import STANZA

# Of a month, as the table of retention counts them.
DAYS = 30
# By how much the clocks of two machines may differ.
SLACK = timedelta(minutes=10)
# Files of ours that lie beside the backups and are none.
REHEARSED = "rehearsed"
_OURS = {FOLDER, dumps.FOLDER, REHEARSED, "withdrawals", "erasures"}


@dataclass(frozen=True, slots=True)
class Backup:
    """A file, or a folder of files, and when its last byte was written."""

    name: str
    written_at: datetime

    @property
    def ends_on(self) -> datetime:
        """The day by which it is to be destroyed; pgBackRest does it by itself."""
        return self.written_at + timedelta(days=DAYS * (BACKUPS.months or 0))


def backups(folder: Path | None) -> list[Backup]:
    """Return what lies in the folder of backups, oldest first; nothing without a folder.

    Raises PlaceUnreadable, as a folder of another account is.
    """
    if folder is None:
        return []
    with _reading(folder):
        found = [
            Backup(path.name, datetime.fromtimestamp(_written(path), UTC))
            for path in dumps.within(folder)
            if not path.name.startswith(".") and path.name.removesuffix(".new") not in _OURS
        ]
        return sorted([*found, *_stored(folder)], key=lambda each: (each.written_at, each.name))


def backups_read(folder: Path | None) -> list[Backup] | None:
    """Return the same; None where not all of it can be read: a folder of another account, or one
    that is not there, as while its disk is not mounted.
    """
    try:
        return backups(folder) if folder is None or folder.is_dir() else None
    except (OSError, PlaceUnreadable):
        return None


@contextmanager
def _reading(folder: Path) -> Iterator[None]:
    try:
        yield
    except OSError as error:
        raise PlaceUnreadable(place=str(folder), why=why_refused(error)) from None


def _stored(folder: Path) -> Iterator[Backup]:
    """Yield what commands of ours made, by its names: what it holds needs the passphrase."""
    for path in dumps.within(folder / FOLDER / "backup" / STANZA):
        # "latest" is a link to one of them.
        if "-" in path.name:
            with suppress(FileNotFoundError):
                ended = (path / "backup.manifest").stat().st_mtime
                yield Backup(path.name, datetime.fromtimestamp(ended, UTC))
    for path in dumps.dumps_in(folder / dumps.FOLDER):
        yield Backup(path.stem, dumps.made_at(path))


def has_repository(folder: Path | None) -> bool:
    """Say whether backups are made by commands of ours; raise PlaceUnreadable."""
    if folder is None:
        return False
    with _reading(folder):
        return not {FOLDER, dumps.FOLDER}.isdisjoint(each.name for each in dumps.within(folder))


def last_backup(folder: Path | None, now: datetime) -> datetime | None:
    """Return when the last backup ended, of those that are not dated ahead; None: there is none.

    Raises PlaceUnreadable.
    """
    if folder is None:
        return None
    with _reading(folder):
        ended = (each.written_at for each in _stored(folder))
        return max((each for each in ended if each <= now + SLACK), default=None)


def dated_ahead(folder: Path, now: datetime) -> list[str]:
    """Return which backups of ours are dated ahead of the clock; raise PlaceUnreadable."""
    with _reading(folder):
        return [each.name for each in _stored(folder) if each.written_at > now + SLACK]


def rehearsed_at(folder: Path | None) -> datetime | None:
    """Return when a backup was last restored and found to be the same; None: never."""
    try:
        said = json.loads((folder / REHEARSED).read_text("utf-8")) if folder else {}
        return datetime.fromisoformat(said["at"])
    except (OSError, ValueError, KeyError, TypeError):
        return None


def _written(path: Path) -> float:
    files = path.rglob("*") if path.is_dir() else iter([path])
    return max((each.stat().st_mtime for each in files), default=path.stat().st_mtime)
