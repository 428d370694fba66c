"""The counts of an import, or of its plan."""

from dataclasses import asdict, dataclass
from typing import Any

from importers.row import Problem

COUNTS = ("read", "created", "updated", "unchanged", "rejected", "ignored", "missing")


@dataclass(frozen=True, slots=True)
class Summary:
    """Counts of one import: read = created + updated + unchanged + rejected.

    read + ignored = the lines after the header. missing: known from this list, absent today.
    protected: actors of this list of which something is hidden; hidden_beside: those of others that
    lost their address because they share it, or a phone, with a home of this list. missing_names:
    true names of some that are missing. doubtful: pairs that may be one actor, for a person.
    """

    created: int
    updated: int
    unchanged: int
    rejected: int
    ignored: int
    missing: int
    protected: int
    hidden_beside: int
    source: str
    mapping: dict[str, str]
    mapping_guessed: bool
    problems: tuple[Problem, ...]
    # Columns of the list that hold something and were not read.
    left_aside: tuple[str, ...] = ()
    missing_names: tuple[str, ...] = ()
    doubtful: int = 0

    @property
    def read(self) -> int:
        """Count the lines that were read as an actor, well or not."""
        return self.created + self.updated + self.unchanged + self.rejected

    def counts(self) -> dict[str, int]:
        """Return the counts, as `--json` prints them and source_file keeps them."""
        numbers: dict[str, Any] = asdict(self) | {"read": self.read}
        return {name: numbers[name] for name in (*COUNTS, "protected", "hidden_beside")}
