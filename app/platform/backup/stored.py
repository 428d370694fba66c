"""A backup that is there, whatever made it."""

from dataclasses import dataclass
from datetime import datetime

from app.platform.backup.manifest import Manifest

MANIFEST = "manifest"


@dataclass(frozen=True, slots=True)
class Stored:
    """A backup of the repository. notes: what was written beside it, by name."""

    label: str
    is_full: bool
    ended_at: datetime
    notes: dict[str, str]

    @property
    def manifest(self) -> Manifest | None:
        """Return what it holds; None of one that was interrupted before that was written."""
        packed = self.notes.get(MANIFEST)
        return Manifest.unpacked(packed) if packed else None
