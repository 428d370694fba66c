"""Far more clients than a process can answer: what a monitor gets, and what stays in memory."""

import subprocess
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from itertools import islice
from tempfile import NamedTemporaryFile

import httpx
import psutil

from app.platform.cluster.server import Cluster
from bench.new_places import new_paths, own_memory
from bench.service import EMPTY
from bench.tools import (
    ONE_AFTER_THE_OTHER,
    PACE,
    BenchFailed,
    Measure,
    figure_at_most,
    ratio_at_most,
    serving,
)

ALIVE = "livez_under_500_searches_slowest_milliseconds"
ALIVE_AIM_MS = 1_000.0
LEVEL = "service_after_five_minutes_own_megabytes"
LEVEL_AIM = 1.2
CROWD, ASKED = 500, 100
# Minutes after which its memory is compared; shorter ones where little is measured.
EARLY, LATE = 2, 5
# What nobody asks for twice, what does not exist, and what is refused.
HOSTILE = ("/table?q={n}", "/acteurs/{n:016x}", "/api/actors.geojson?lieu={n}", "/{n}?q=%00")


def overload(cluster: Cluster) -> Iterator[Measure]:
    """Measure /livez on connections of its own, then the memory of the process."""
    places = list(islice(new_paths(cluster), 20_000))
    with serving() as (base, process):
        idle = _slowest(base, EMPTY)
        with _crowd(base, places, CROWD, seconds=120):
            time.sleep(2)
            rounds = [_slowest(base, "/livez") for _ in range(PACE.rounds)]
        yield figure_at_most(ALIVE, (max(rounds), idle), ALIVE_AIM_MS)
        minute = 12 * PACE.seconds
        hostile = [
            path.format(n=number) for number in range(20_000) for path in (*HOSTILE, places[number])
        ]
        with _crowd(base, hostile, CROWD // 10, seconds=(LATE + 1) * minute):
            early = _after(process, EARLY * minute)
            late = _after(process, (LATE - EARLY) * minute)
        yield ratio_at_most(LEVEL, (late, early), LEVEL_AIM)


def _slowest(base: str, path: str) -> float:
    """Return how long the slowest of ASKED answers takes, each on a new connection, in ms."""
    slowest = 0.0
    for _ in range(ASKED):
        begun = time.perf_counter()
        if httpx.get(base + path, timeout=60, trust_env=False).status_code != 200:
            raise BenchFailed(f"{path} n’a pas répondu 200.")
        slowest = max(slowest, time.perf_counter() - begun)
    return slowest * 1000


def _after(process: psutil.Process, seconds: float) -> float:
    time.sleep(seconds)
    return own_memory(process)


@contextmanager
def _crowd(base: str, paths: Sequence[str], clients: int, *, seconds: int) -> Iterator[None]:
    """Let clients ask for one path after the other while the block lasts, whatever they get."""
    with NamedTemporaryFile("w") as asked, NamedTemporaryFile("w", suffix=".lua") as script:
        asked.write("\n".join(paths))
        script.write(ONE_AFTER_THE_OTHER)
        asked.flush()
        script.flush()
        crowd = subprocess.Popen(
            [
                *("wrk", "-t", "1", "-c", str(clients), "-d", f"{seconds}s"),
                *("--timeout", "30s", "-s", script.name, base, "--", asked.name),
            ],
            stdout=subprocess.DEVNULL,
        )
        try:
            yield
            if crowd.poll() is not None:
                raise BenchFailed("personne ne demandait plus rien.")
        finally:
            crowd.terminate()
            crowd.wait(30)
