"""bin/run starts on nothing, stops and starts again: here, and in a newcomer's clone."""

import os
import shutil
import signal
import socket
import subprocess
import time
import urllib.request
from collections.abc import Iterator
from pathlib import Path

import psutil
import pytest

from app.settings import ROOT

pytestmark = pytest.mark.slow

# Seconds after which a start is given up: a minute alone, and five where five others work.
FIRST_START = 600
# The ground of maps and its compressed copies: to make them takes most of the time of bin/setup,
# which did so here, from nothing, before these tests.
GROUND = ("static/built/ground", "static/built/.compressed/built/ground")


@pytest.fixture
def clone(tmp_path: Path) -> Iterator[Path]:
    """A clone in the worst of places: private, with a space, and reached through a link.

    bin/setup finds its ground of maps as an interrupted one leaves it, and makes all that is else.
    """
    place = tmp_path / "un dossier"
    subprocess.run(["git", "clone", "--quiet", ROOT, place], check=True, umask=0o077)
    for folder in GROUND:
        # Dates too: by them it is known whether a copy is of its file.
        shutil.copytree(ROOT / folder, place / folder, ignore=shutil.ignore_patterns(".stamp"))
    link = tmp_path / "lien"
    link.symlink_to(place)
    yield link
    remove_cluster(place / "var")


def remove_cluster(data: Path) -> None:
    """Remove a database that lies elsewhere: its account cannot reach what is root's."""
    home = data / "postgres"
    if home.is_symlink():
        shutil.rmtree(home.resolve())


@pytest.fixture(autouse=True)
def no_keys_yet(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """Let keys be made where nobody's are."""
    monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path / "config"))


def environment(**more: str) -> dict[str, str]:
    inherited = {
        k: v for k, v in os.environ.items() if not k.startswith(("MESURE23_", "VIRTUAL_ENV"))
    }
    return {**inherited, "CI": "true", "MESURE23_DRAIN": "0", **more}


def setup(clone: Path) -> str:
    done = subprocess.run(
        [clone / "bin/setup", "run"],
        cwd="/",
        env=environment(),
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        umask=0o077,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    return done.stdout


class Running:
    """bin/run on a free port, and how long it took to its first answer."""

    def __init__(self, checkout: Path, data: Path) -> None:
        with socket.socket() as free:
            free.bind(("127.0.0.1", 0))
            self.port = free.getsockname()[1]
        started = time.monotonic()
        self.log = (data / "run.log").open("w+")
        self.process = subprocess.Popen(
            [checkout / "bin/run"],
            cwd="/",
            env=environment(PORT=str(self.port), MESURE23_DATA_DIR=str(data)),
            stdin=subprocess.DEVNULL,
            stdout=self.log,
            stderr=self.log,
            umask=0o077,
        )
        try:
            while not self.answers():
                assert self.process.poll() is None, self.said()
                assert time.monotonic() < started + FIRST_START, self.said()
                time.sleep(0.05)
        except BaseException:
            self.stop(signal.SIGTERM)
            raise
        self.took = time.monotonic() - started

    def answers(self) -> bool:
        try:
            with urllib.request.urlopen(f"http://127.0.0.1:{self.port}/sante", timeout=5) as got:
                return bool(got.status == 200)
        except OSError:
            return False

    def said(self) -> str:
        return Path(self.log.name).read_text()

    def stop(self, number: signal.Signals) -> int:
        self.process.send_signal(number)
        self.log.close()
        return self.process.wait(timeout=60)


def remaining(data: Path) -> list[str]:
    """Processes that work on this data, or of its cluster."""
    homes = {str(data.resolve()), str((data / "postgres").resolve())}
    found = []
    for process in psutil.process_iter():
        try:
            places = [process.cwd(), *process.cmdline()]
        except (psutil.NoSuchProcess, psutil.AccessDenied, psutil.ZombieProcess):
            continue
        if any(place.startswith(home) for place in places for home in homes):
            found.append(" ".join(places))
    return found


def starts_and_stops(checkout: Path, data: Path, end: signal.Signals, *codes: int) -> float:
    """Start, be answered and stop, of which nothing is left; return the seconds of the start."""
    running = Running(checkout, data)
    assert f"http://127.0.0.1:{running.port}" in running.said()
    assert running.stop(end) in codes, running.said()
    assert remaining(data) == []
    return running.took


@pytest.fixture
def data(tmp_path: Path) -> Iterator[Path]:
    """What bin/setup made of national data, and no database yet."""
    made = tmp_path / "var"
    made.mkdir()
    for name in ("national", "territories"):
        shutil.copytree(ROOT / "var" / name, made / name)
    yield made
    remove_cluster(made)


def test_it_starts_on_nothing_stops_and_starts_again(data: Path) -> None:
    first = starts_and_stops(ROOT, data, signal.SIGTERM, 0)
    # As shells count Ctrl-C. The first start loads all that this one finds there: it takes six
    # times as long, on a machine that is free and on one that is not.
    assert starts_and_stops(ROOT, data, signal.SIGINT, 0, 130) < first / 2


@pytest.mark.long
@pytest.mark.skipif(not (ROOT / ".git").exists(), reason="needs the history, to clone it")
def test_clone_runs_stops_and_recovers(clone: Path) -> None:
    setup(clone)
    started = time.monotonic()
    assert "installation" not in setup(clone)
    assert time.monotonic() - started < 20

    data = clone / "var"
    first = starts_and_stops(clone, data, signal.SIGTERM, 0)
    again = starts_and_stops(clone, data, signal.SIGINT, 0, 130)
    killed = Running(clone, data)
    killed.stop(signal.SIGKILL)
    assert remaining(data)  # the cluster, which nobody could stop
    heir = starts_and_stops(clone, data, signal.SIGTERM, 0)
    assert max(again, killed.took, heir) < first / 2

    status: list[str | Path] = ["git", "-C", clone, "status", "--porcelain"]
    assert subprocess.run(status, capture_output=True, text=True, check=True).stdout == ""


def test_setup_says_how_it_is_used() -> None:
    asked = subprocess.run(
        [ROOT / "bin/setup", "tout"], capture_output=True, text=True, check=False
    )
    assert asked.returncode == 2
    assert "Usage" in asked.stderr
