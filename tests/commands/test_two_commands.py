"""A newcomer's path: clone, bin/run, stop, again; on a copy of what is committed."""

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

pytestmark = [
    pytest.mark.slow,
    pytest.mark.skipif(not (ROOT / ".git").exists(), reason="needs the history, to clone it"),
]


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
    home = place / "var/postgres"
    if home.is_symlink():  # root's clone is out of reach for the account of the cluster
        shutil.rmtree(home.resolve())


def environment(clone: Path, **more: str) -> dict[str, str]:
    inherited = {
        k: v for k, v in os.environ.items() if not k.startswith(("MESURE23_", "VIRTUAL_ENV"))
    }
    return {
        **inherited,
        "CI": "true",
        "MESURE23_DRAIN": "0",
        "XDG_CONFIG_HOME": str(clone.parent / "config"),
        **more,
    }


def setup(clone: Path) -> str:
    done = subprocess.run(
        [clone / "bin/setup", "run"],
        cwd="/",
        env=environment(clone),
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

    def __init__(self, clone: Path) -> None:
        with socket.socket() as free:
            free.bind(("127.0.0.1", 0))
            self.port = free.getsockname()[1]
        started = time.monotonic()
        self.log = (clone / "var/run.log").open("w+")
        self.process = subprocess.Popen(
            [clone / "bin/run"],
            cwd="/",
            env=environment(clone, PORT=str(self.port)),
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


def remaining(clone: Path) -> list[str]:
    """Processes of this clone, or of its cluster."""
    homes = {str(clone.resolve()), str((clone / "var/postgres").resolve())}
    found = []
    for process in psutil.process_iter():
        try:
            places = [process.cwd(), *process.cmdline()]
        except (psutil.NoSuchProcess, psutil.AccessDenied, psutil.ZombieProcess):
            continue
        if any(place.startswith(home) for place in places for home in homes):
            found.append(" ".join(places))
    return found


def test_clone_runs_stops_and_recovers(clone: Path) -> None:
    setup(clone)
    started = time.monotonic()
    assert "installation" not in setup(clone)
    assert time.monotonic() - started < 20

    first = Running(clone)
    assert f"http://127.0.0.1:{first.port}" in first.said()
    assert first.stop(signal.SIGTERM) == 0, first.said()
    assert remaining(clone) == []

    again = Running(clone)
    assert again.stop(signal.SIGINT) in (0, 130), again.said()  # as shells count Ctrl-C
    assert remaining(clone) == []

    killed = Running(clone)
    killed.stop(signal.SIGKILL)
    assert remaining(clone)  # the cluster, which nobody could stop
    heir = Running(clone)
    assert heir.stop(signal.SIGTERM) == 0, heir.said()
    assert remaining(clone) == []
    # Five seconds alone, nine on a machine that does as much beside it; the first start takes a
    # minute, since it loads all that these find there.
    assert min(again.took, killed.took, heir.took) < 15

    status: list[str | Path] = ["git", "-C", clone, "status", "--porcelain"]
    assert subprocess.run(status, capture_output=True, text=True, check=True).stdout == ""


def test_setup_says_how_it_is_used() -> None:
    asked = subprocess.run(
        [ROOT / "bin/setup", "tout"], capture_output=True, text=True, check=False
    )
    assert asked.returncode == 2
    assert "Usage" in asked.stderr
