"""What aims in seconds are on this machine, which may be slower than the one they were set on."""

import json
import statistics
from collections.abc import Iterable, Sequence
from dataclasses import replace

from bench import imports, registers
from bench.comparison import FIGURES
from bench.tools import Measure

STANDARD = FIGURES / "2026-11-28-amd-epyc-2-cores.json"
# Their references are work of others: the csv module and COPY, ijson.
BESIDE_OTHERS = (imports.WORK, registers.PLANNED.format("finess"))


def slowness(measures: Iterable[Measure]) -> float:
    """Return how many times as long as there the work of others takes here; 1 where it is quicker.

    1 as well where nothing of it was measured.
    """
    there = {each["name"]: each for each in json.loads(STANDARD.read_text())["measures"]}
    found = [
        each.reference / there[each.name]["reference"]
        for each in measures
        if each.name in BESIDE_OTHERS
    ]
    return max(1.0, statistics.geometric_mean(found)) if found else 1.0


def judged(measures: Iterable[Measure], times: Sequence[str], slower: float) -> list[Measure]:
    """Return measures with the aims of this machine; times: those whose aim is a time."""
    return [_judged(each, slower) if each.name in times else each for each in measures]


def _judged(measure: Measure, slower: float) -> Measure:
    if measure.aim is None:
        return measure
    aim = measure.aim * slower
    return replace(measure, aim=aim, met=measure.figure <= aim)
