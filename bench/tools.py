"""What measures are made with: turns, percentiles, wrk and pgbench."""

import os
import re
import statistics
import subprocess
import sys
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from tempfile import NamedTemporaryFile

import psutil

from app.platform.cluster.directory import find_binaries
from app.platform.cluster.server import Cluster
from app.platform.database.engines import role
from app.runtime.addresses import DATABASE
from bench.setting import ENVIRONMENT

CLIENTS = 8


@dataclass
class Pace:
    """How often each figure is measured, and for how many seconds where requests are counted.

    share: how much is read of lists and registers.
    """

    rounds: int = 3
    seconds: int = 5
    share: float = 1.0

    def part(self, number: int) -> int:
        """Return how many of so many lines are read."""
        return round(number * self.share)


PACE = Pace()

# What wrk runs: one thread, so that each path is asked for once before any is again.
ONE_AFTER_THE_OTHER = """
local paths, last = {}, 0
function init(arguments)
  for line in io.lines(arguments[1]) do paths[#paths + 1] = line end
end
function request()
  last = last % #paths + 1
  return wrk.format("GET", paths[last])
end
function done(summary, latency)
  local e = summary.errors
  local failed = e.connect + e.read + e.write + e.status + e.timeout
  print(string.format("%d %d %d %d", summary.requests, failed, summary.duration,
    latency:percentile(99)))
end
"""

Round = Callable[[], float]
Work = Callable[[], object]


@dataclass(frozen=True, slots=True)
class Measure:
    """figure and reference in the unit that name ends with; ratio: figure / reference.

    aim: what figure, or ratio, is to be at least or at most; aim and met are None where a measure
    has no aim.
    """

    name: str
    figure: float
    reference: float
    ratio: float
    aim: float | None
    met: bool | None


class BenchFailed(Exception):
    """La mesure n'a pas de sens :"""

    def __init__(self, why: str) -> None:
        super().__init__(f"{self.__class__.__doc__} {why}")


def figure_at_most(name: str, turns: tuple[float, float], aim: float) -> Measure:
    """Return a measure whose figure is to be small."""
    return _measure(name, turns, aim, turns[0] <= aim)


def ratio_at_most(name: str, turns: tuple[float, float], aim: float) -> Measure:
    """Return a measure that is to be little more than its reference."""
    return _measure(name, turns, aim, turns[0] / turns[1] <= aim)


def ratio_at_least(name: str, turns: tuple[float, float], aim: float) -> Measure:
    """Return a measure that is to come near its reference."""
    return _measure(name, turns, aim, turns[0] / turns[1] >= aim)


def without_aim(name: str, turns: tuple[float, float]) -> Measure:
    """Return a measure without an aim."""
    return _measure(name, turns, None, None)


def _measure(name: str, turns: tuple[float, float], aim: float | None, met: bool | None) -> Measure:
    figure, reference = turns
    return Measure(name, figure, reference, figure / reference, aim, met)


def in_turns(ours: Round, reference: Round) -> tuple[float, float]:
    """Return medians of both, one after the other in rounds after a first that is dropped."""
    rounds = [(ours(), reference()) for _ in range(PACE.rounds + 1)][1:]
    return statistics.median(a for a, _ in rounds), statistics.median(b for _, b in rounds)


def timed(
    ours: Sequence[Work], reference: Sequence[Work], *parts: Callable[[list[float]], float]
) -> list[tuple[float, float]]:
    """Return p50, p99 of both, medians of rounds after a first that is dropped, in milliseconds.

    One piece of ours, then one of the reference: what else the machine does strikes both.
    """
    rounds = []
    for _ in range(PACE.rounds + 1):
        pairs = [(_time(a), _time(b)) for a, b in zip(ours, reference, strict=True)]
        rounds.append(([a for a, _ in pairs], [b for _, b in pairs]))
    return [
        (
            statistics.median(part(a) for a, _ in rounds[1:]),
            statistics.median(part(b) for _, b in rounds[1:]),
        )
        for part in parts
    ]


def p50(times: list[float]) -> float:
    """Return how long half of some pieces of work take at most."""
    return statistics.median(times)


def p95(times: list[float]) -> float:
    """Return how long 95 of 100 pieces of work take at most."""
    return statistics.quantiles(times, n=20, method="inclusive")[18]


def p99(times: list[float]) -> float:
    """Return how long 99 of 100 pieces of work take at most."""
    return statistics.quantiles(times, n=100, method="inclusive")[98]


def _time(work: Work) -> float:
    begin = time.perf_counter()
    work()
    return (time.perf_counter() - begin) * 1000


@contextmanager
def service(*flags: str) -> Iterator[str]:
    """Yield the base address of the service on the measured database; flags: of bench.service."""
    with serving(*flags) as (base, _):
        yield base


@contextmanager
def serving(*flags: str) -> Iterator[tuple[str, psutil.Process]]:
    """Yield the same and its process, of which there is one: PostgreSQL is none of its children."""
    clean = {k: v for k, v in os.environ.items() if not k.startswith("MESURE23_")}
    process = subprocess.Popen(
        [sys.executable, "-m", "bench.service", *flags],
        env=clean | ENVIRONMENT | {"PYTHONUNBUFFERED": "1"},
        stdout=subprocess.PIPE,
        text=True,
    )
    try:
        found = process.stdout and re.search(r"http://\S+", process.stdout.readline())
        if not found:
            raise BenchFailed("le service n'a pas démarré.")
        yield found[0], psutil.Process(process.pid)
    finally:
        process.terminate()
        process.wait(30)


def wrk(url: str, encoding: str = "identity") -> float:
    """Return requests per second; encoding: what the client accepts."""
    command = ["wrk", "-t", "2", "-c", str(CLIENTS), "-d", f"{PACE.seconds}s"]
    command += ["-H", f"Accept-Encoding: {encoding}", url]
    out = subprocess.run(command, capture_output=True, text=True, check=True).stdout
    if "Non-2xx" in out or "Socket errors" in out:
        raise BenchFailed("le service a répondu par des erreurs.")
    return _number(r"Requests/sec:\s+([\d.]+)", out)


def wrk_each(
    base: str, paths: Sequence[str], clients: int, encoding: str = "identity"
) -> tuple[int, float, float]:
    """Ask for one path after the other, and from the first again, in the encoding accepted.

    Return the answers, how many per second, and how long 99 of 100 of them took, in milliseconds.
    """
    with NamedTemporaryFile("w") as asked, NamedTemporaryFile("w", suffix=".lua") as script:
        asked.write("\n".join(paths))
        script.write(ONE_AFTER_THE_OTHER)
        asked.flush()
        script.flush()
        command = [
            "wrk",
            "-t",
            "1",
            "-c",
            str(clients),
            "-d",
            f"{PACE.seconds}s",
            "--timeout",
            "30s",
        ]
        command += ["-s", script.name]
        command += ["-H", f"Accept-Encoding: {encoding}", base, "--", asked.name]
        out = subprocess.run(command, capture_output=True, text=True, check=True).stdout
    answers, failed, microseconds, p99 = out.splitlines()[-1].split()
    if failed != "0":
        raise BenchFailed(f"{failed} erreurs du service.")
    return int(answers), int(answers) / int(microseconds) * 1e6, int(p99) / 1000


def pgbench(cluster: Cluster, *scripts: Path, protocol: str = "prepared") -> float:
    """Return transactions per second of scripts, each taken by chance, as the public login."""
    command = [str(find_binaries(cluster.data) / "pgbench"), "--no-vacuum"]
    command += [
        f"--protocol={protocol}",
        f"--client={CLIENTS}",
        "--jobs=2",
        f"--time={PACE.seconds}",
    ]
    command += [f"--file={script}" for script in scripts]
    command += [f"--host={cluster.sockets}", "--port=5432"]
    command += [f"--username={role(DATABASE, 'public')}", DATABASE]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    if done.returncode != 0:
        raise BenchFailed(done.stderr)
    return _number(r"tps = ([\d.]+) \(without initial", done.stdout)


def _number(pattern: str, text: str) -> float:
    found = re.search(pattern, text)
    if not found:
        raise BenchFailed(text)
    return float(found[1])
