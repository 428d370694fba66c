"""Which backups there are: the files of a folder, since the service makes none itself."""

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path

from app.operations.retention import BACKUPS

# Of a month, as the table of retention counts them.
DAYS = 30


@dataclass(frozen=True, slots=True)
class Backup:
    """A file, or a folder of files, and when its last byte was written."""

    name: str
    written_at: datetime

    @property
    def ends_on(self) -> datetime:
        """The day by which it is to be destroyed."""
        return self.written_at + timedelta(days=DAYS * (BACKUPS.months or 0))


def backups(folder: Path | None) -> list[Backup]:
    """Return what lies in the folder of backups, oldest first; nothing without a folder."""
    if folder is None or not folder.is_dir():
        return []
    found = [
        Backup(path.name, datetime.fromtimestamp(_written(path), UTC))
        for path in folder.iterdir()
        if not path.name.startswith(".")
    ]
    return sorted(found, key=lambda each: (each.written_at, each.name))


def _written(path: Path) -> float:
    files = path.rglob("*") if path.is_dir() else iter([path])
    return max((each.stat().st_mtime for each in files), default=path.stat().st_mtime)
