"""How often what is merged by itself is one actor, and how many doubles are found.

The pairs are in labelled/, with their labels; `-s` prints the figures of each variation.
"""

import csv
import io
import sys
from collections import Counter, defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from app.models import SourceRow
from app.platform.database.sessions import read
from app.runtime.staff import Runtime
from tests.lists.finding import found_in
from tests.lists.labelled.maker import COLUMNS
from tests.lists.labelled.making import LABELS, written
from tests.short_lists import run

HERE = Path(__file__).parent / "labelled"
# The next issue of the list that is stored, and a list that somebody else sends.
STORED, ANOTHER = "liste.csv", "autre.csv"
Line = dict[str, str]


@dataclass(frozen=True, slots=True)
class Pair:
    """Two lines, and what a person says of them."""

    number: int
    label: str
    variation: str
    first: Line
    second: Line

    def said(self) -> str:
        """Return both lines, as a person compares them."""
        lines = (" ; ".join(filter(None, each.values())) for each in (self.first, self.second))
        return f"{self.variation} ({self.label})\n    " + "\n    ".join(lines)


def pairs() -> list[Pair]:
    """Return the labelled pairs, in their order."""
    found = []
    for label in LABELS:
        with (HERE / f"{label}.csv").open(encoding="utf-8", newline="") as file:
            rows = list(csv.DictReader(file, delimiter=";"))
        for first, second in zip(rows[::2], rows[1::2], strict=True):
            assert first["Paire"] == second["Paire"]
            lines = ({title: row[title] for title in COLUMNS} for row in (first, second))
            found.append(Pair(int(first["Paire"]), label, first["Variation"], *lines))
    return found


def as_list(lines: Iterable[Line]) -> bytes:
    file = io.StringIO()
    writer = csv.DictWriter(file, COLUMNS, delimiter=";")
    writer.writeheader()
    writer.writerows(lines)
    return file.getvalue().encode()


def judged(session: Session, runtime: Runtime, labelled: list[Pair], name: str) -> dict[int, str]:
    """Return pair -> "merged", "elsewhere", "doubtful" or "apart", as a list of that name tells."""
    actors = {
        row.line: row.actor_id
        for row in session.execute(select(SourceRow.line, SourceRow.actor_id))
    }
    lines = [each.second for each in labelled]
    if name == STORED:
        # Two actors both stand in the next issue.
        lines += [each.first for each in labelled if each.label == "different"]
    reading, found = found_in(session, runtime, as_list(lines), name)
    assert len(reading.lines) == len(lines)
    asked = defaultdict(set)
    for doubt in found.doubts:
        asked[doubt.line].add(doubt.other)
    result = {}
    for place, pair in enumerate(labelled):
        # The first line of a list is that of its titles.
        expected, merged = actors[place + 2], found.matching.lines[place].actor
        if merged is not None:
            result[pair.number] = "merged" if merged == expected else "elsewhere"
        else:
            result[pair.number] = "doubtful" if expected in asked[place] else "apart"
    return result


def table(labelled: list[Pair], judged: dict[int, str]) -> str:
    """Return how the pairs of each variation were judged."""
    counted: dict[tuple[str, str], Counter[str]] = defaultdict(Counter)
    for pair in labelled:
        counted[pair.label, pair.variation][judged[pair.number]] += 1
    return "\n".join(
        f"{label:10}{variation:45}{dict(sorted(counts.items()))}"
        for (label, variation), counts in counted.items()
    )


def is_wrong(pair: Pair, judged: str, *, anew: bool) -> bool:
    """Return whether a pair was merged by itself that a person would have been asked about.

    In the next issue of one list a name that is left alone is its actor.
    """
    right = ("same", "doubtful") if anew else ("same",)
    return judged == "elsewhere" or (judged == "merged" and pair.label not in right)


def figures(labelled: list[Pair], judged: dict[int, str], *, anew: bool) -> tuple[float, float]:
    """Return precision and recall, and print them with what is wrong."""
    merged = [each for each in labelled if judged[each.number] in ("merged", "elsewhere")]
    wrong = [each for each in merged if is_wrong(each, judged[each.number], anew=anew)]
    doubles = [each for each in labelled if each.label != "different"]
    lost = [each for each in doubles if judged[each.number] not in ("merged", "doubtful")]
    precision, recall = 1 - len(wrong) / len(merged), 1 - len(lost) / len(doubles)
    lines = [
        table(labelled, judged),
        *("merged wrongly:", *(each.said() for each in wrong)),
        *("not found:", *(each.said() for each in lost)),
        f"{len(labelled)} pairs, {len(merged)} merged, {len(doubles)} to be found:"
        f" precision {precision:.4f}, recall {recall:.4f}\n",
    ]
    sys.stdout.write("\n".join(lines))
    return precision, recall


def test_what_is_merged_is_one_actor_and_doubles_are_found(runtime: Runtime) -> None:
    labelled = pairs()
    assert len(labelled) >= 600
    run(runtime, as_list(each.first for each in labelled), STORED, territory=None)
    with read(runtime.staff) as session:
        for name in (ANOTHER, STORED):
            found = judged(session, runtime, labelled, name)
            precision, recall = figures(labelled, found, anew=name == STORED)
            assert precision >= 0.99
            assert recall >= 0.95


@pytest.mark.parametrize("label", LABELS)
def test_the_pairs_are_those_that_are_made(label: str) -> None:
    assert (HERE / f"{label}.csv").read_text(encoding="utf-8") == written()[label]
