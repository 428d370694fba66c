"""Which backups there are: those that commands of ours made, and other files of their folder."""

import json
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path

from app.operations.retention import BACKUPS
from app.platform.backup import dumps
from app.platform.backup.repository import FOLDER
from app.platform.cluster.config import STANZA

# Of a month, as the table of retention counts them.
DAYS = 30
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
    """Return what lies in the folder of backups, oldest first; nothing without a folder."""
    if folder is None or not folder.is_dir():
        return []
    found = [
        Backup(path.name, datetime.fromtimestamp(_written(path), UTC))
        for path in folder.iterdir()
        if not path.name.startswith(".") and path.name.removesuffix(".new") not in _OURS
    ]
    return sorted([*found, *_stored(folder)], key=lambda each: (each.written_at, each.name))


def backups_read(folder: Path | None) -> list[Backup] | None:
    """Return the same; None where not all of it can be read: a folder of another account, or one
    that is not there, as while its disk is not mounted.
    """
    if folder is None:
        return []
    try:
        if not folder.is_dir():
            return None
        for each in (FOLDER, f"{FOLDER}/backup/{STANZA}", dumps.FOLDER):
            # A pattern passes over what it may not read, and finds nothing.
            if (folder / each).is_dir():
                next((folder / each).iterdir(), None)
        return backups(folder)
    except OSError:
        return None


def _stored(folder: Path) -> Iterator[Backup]:
    """Yield what commands of ours made, by its names: what it holds needs the passphrase."""
    for path in (folder / FOLDER / "backup" / STANZA).glob("*-*"):
        whole = path / "backup.manifest"
        if whole.exists():
            yield Backup(path.name, datetime.fromtimestamp(whole.stat().st_mtime, UTC))
    for path in dumps.dumps_in(folder / dumps.FOLDER):
        yield Backup(path.stem, dumps.made_at(path))


def has_repository(folder: Path | None) -> bool:
    """Say whether backups are made by commands of ours."""
    return folder is not None and any((folder / each).is_dir() for each in (FOLDER, dumps.FOLDER))


def last_backup(folder: Path | None) -> datetime | None:
    """Return when the last backup ended; None: there is none."""
    return max((each.written_at for each in _stored(folder)), default=None) if folder else None


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
