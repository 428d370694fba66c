"""Figures saved in bench/figures, one file per day and machine, and what got worse since."""

import json
import math
import os
import platform
import re
import subprocess
from collections.abc import Iterable, Iterator
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from pathlib import Path

import psutil

from app.platform.cluster.server import Cluster
from app.settings import ROOT
from bench.tools import Measure

FIGURES = ROOT / "bench" / "figures"
# Of a ratio: two runs of the same code on a quiet machine differ by less.
NOISE = 1.25
# What no other work on the machine explains, as that slows down both figures of a measure.
CLEARLY = 1.5
# What is said of pieces of work per second is to be large, all else small.
LARGE = "_per_second"


@dataclass(frozen=True, slots=True)
class Machine:
    """What figures were measured on; memory in GiB, what is installed by its version."""

    processor: str
    cores: int
    memory: int
    system: str
    python: str
    postgresql: str

    @property
    def model(self) -> str:
        """Return what machines that are compared have in common: "epyc-7763-2-cores"."""
        name = re.sub(r"\((?:r|tm)\)|processor|cpu|@.*|[0-9]+-core", "", self.processor.lower())
        return f"{'-'.join(re.findall('[a-z0-9]+', name))}-{self.cores}-cores"


@dataclass(frozen=True, slots=True)
class Worse:
    """A measure whose ratio to its reference got worse by a factor, beyond NOISE."""

    name: str
    before: float
    now: float
    factor: float


def machine(cluster: Cluster) -> Machine:
    """Return this machine."""
    information = Path("/proc/cpuinfo").read_text()
    named = re.search(r"^model name\s*:\s*(.+)$", information, re.MULTILINE)
    version = (cluster.data / "PG_VERSION").read_text().strip()
    return Machine(
        processor=named[1].strip() if named else platform.machine(),
        cores=os.cpu_count() or 1,
        memory=round(psutil.virtual_memory().total / 2**30),
        system=platform.platform(terse=True),
        python=platform.python_version(),
        postgresql=version,
    )


def save(
    measures: Iterable[Measure], where: Machine, load: tuple[float, float], figures: Path = FIGURES
) -> Path:
    """Write figures beside those of other days; load: of the machine, before and after."""
    today = datetime.now(UTC).date().isoformat()
    path = figures / f"{today}-{where.model}.json"
    figures.mkdir(exist_ok=True)
    content = {
        "date": today,
        "commit": _commit(),
        "machine": asdict(where),
        "load": {"before": round(load[0], 2), "after": round(load[1], 2)},
        "measures": [asdict(each) for each in measures],
    }
    path.write_text(json.dumps(content, indent=2, ensure_ascii=False) + "\n")
    return path


def newest(where: Machine, figures: Path = FIGURES) -> Path | None:
    """Return the last figures that were saved of such a machine; None where there are none."""
    return max(figures.glob(f"*-{where.model}.json"), default=None)


def worse(path: Path, measures: Iterable[Measure]) -> Iterator[Worse]:
    """Yield what got worse since figures were saved, by ratio to the reference, the worst first.

    What was not measured then is left out: it has nothing to be compared with.
    """
    before = {each["name"]: each["ratio"] for each in json.loads(path.read_text())["measures"]}
    found = []
    for each in measures:
        if each.name in before:
            factor = _factor(each, before[each.name])
            if each.name.endswith(LARGE):
                factor = 1 / factor
            found.append(Worse(each.name, before[each.name], each.ratio, factor))
    yield from sorted((w for w in found if w.factor > NOISE), key=lambda w: -w.factor)


def _factor(now: Measure, before: float) -> float:
    """Return how many times as large a ratio is; from 0 to within its aim is no change."""
    if before:
        return now.ratio / before
    return 1.0 if now.met or not now.ratio else math.inf


def _commit() -> str:
    """Return the commit that is measured, with a + where files differ from it."""
    command = ["git", "-C", str(ROOT), "describe", "--always", "--abbrev=12", "--dirty=+"]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    return done.stdout.strip() or "unknown"
