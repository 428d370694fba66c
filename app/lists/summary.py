"""The counts of an import, or of its plan."""

from dataclasses import asdict, dataclass
from typing import Any

from importers.row import Problem

COUNTS = (
    *("read", "created", "updated", "unchanged", "conflicting", "rejected", "ignored", "missing"),
)


@dataclass(frozen=True, slots=True)
class Pair:
    """A new actor, by its line, that may be another one, which is public under this name."""

    line: int
    sheet: str | None
    name: str
    other: str


@dataclass(frozen=True, slots=True)
class Summary:
    """Counts of one import: read = created + updated + unchanged + conflicting + rejected + left.

    conflicting: lines that change nothing, and say otherwise than their actor, whose value stays.
    left: by a person, lines that write nothing. read + ignored = the lines after the header.
    missing: known from this list, absent today.
    protected: actors of this list that its own words or homes hide; hidden_beside: those of others
    that lost their address because they share it, or a phone, with a home of this list. doubtful:
    pairs that may be one actor, for a person. redated: those of updated that change the day of an
    actor alone. unclassified: lines of which nobody knows what they
    are. missing_names, pairs: some of those, and of what is
    public alone: whoever sends a list may not know whom another one has, had or hides. sheets:
    those read. doubtful_lines: those of which any pair is. erased: those of the rejected that are
    somebody who was erased.
    """

    created: int
    updated: int
    unchanged: int
    conflicting: int
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
    unclassified: int = 0
    left: int = 0
    redated: int = 0
    pairs: tuple[Pair, ...] = ()
    sheets: tuple[str | None, ...] = ()
    doubtful_lines: int = 0
    erased: int = 0

    @property
    def read(self) -> int:
        """Count the lines that were read as an actor, well or not."""
        used = self.created + self.updated + self.unchanged + self.conflicting
        return used + self.rejected + self.left

    def counts(self) -> dict[str, int]:
        """Return the counts that the command prints."""
        numbers: dict[str, Any] = asdict(self) | {"read": self.read}
        return {name: numbers[name] for name in (*COUNTS, "protected", "hidden_beside")}

    def stored(self) -> dict[str, int]:
        """Return the counts, which source_file has in clear: of lines, as their shares are told."""
        of_lines = {"doubtful": self.doubtful_lines, "unclassified": self.unclassified}
        return self.counts() | of_lines | {"left": self.left, "erased": self.erased}

    def as_json(self) -> dict[str, Any]:
        """Return what `--json` prints: the counts, and what a program may go on with."""
        return self.counts() | {
            "sheets": [each for each in self.sheets if each is not None],
            "missing_names": list(self.missing_names),
            "doubtful": self.doubtful,
            "doubtful_pairs": [asdict(each) for each in self.pairs],
        }
