"""Starts a real addok with its own Redis on a socket, filled with tests/geo/data/ban.jsonl."""

import fcntl
import hashlib
import os
import shutil
import socket
import subprocess
import sys
import sysconfig
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import ExitStack, contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory

import httpx
import pytest

from app.settings import ROOT

LOCK = ROOT / "requirements" / "addok.lock"
DATA = Path(__file__).with_name("data")
VERSION = f"{sys.version_info.major}.{sys.version_info.minor}"
ENVIRONMENT = ROOT / "var" / "peers" / f"addok-{VERSION}"


@contextmanager
def addok(folder: Path) -> Iterator[str]:
    """Base URL of an addok that stops with the block; skips where the machine lacks something."""
    if not (redis := shutil.which("redis-server")):
        pytest.skip("redis-server manque : bin/setup all l'installe (root ou sudo)")
    bin_dir = _environment()
    with ExitStack() as stack:
        # Linux allows 107 bytes for the path of a socket; pytest's folders may pass them.
        link = Path(stack.enter_context(TemporaryDirectory(dir="/tmp"))) / "redis"
        options = ["--port", "0", "--unixsocket", str(link), "--save", "", "--dir", str(folder)]
        stack.enter_context(_running([redis, *options], folder / "redis.log", os.environ))
        env = os.environ | {
            "REDIS_SOCKET": str(link),
            "ADDOK_CONFIG_MODULE": str(DATA / "addok.conf.py"),
            "ADDOK_LOG_DIR": str(folder),
            # gunicorn keeps its control socket below HOME.
            "HOME": str(folder),
        }
        _wait(link.exists, folder / "redis.log")
        for command in (["batch", str(DATA / "ban.jsonl")], ["ngrams"]):
            subprocess.run(
                [bin_dir / "addok", *command], env=env, check=True, capture_output=True, timeout=180
            )
        # The port is held from here on: nobody else takes it before the service does.
        with socket.create_server(("127.0.0.1", 0)) as held:
            url = f"http://127.0.0.1:{held.getsockname()[1]}"
            bound = ["--bind", f"fd://{held.fileno()}", "addok.http.wsgi"]
            serve: list[str | Path] = [bin_dir / "gunicorn", *bound]
            stack.enter_context(_running(serve, folder / "addok.log", env, held.fileno()))
        _wait(lambda: _answers(url), folder / "addok.log")
        yield url


def _environment() -> Path:
    """A virtual environment of addok's own, made once for each lock and Python."""
    ENVIRONMENT.parent.mkdir(parents=True, exist_ok=True)
    stamp, want = ENVIRONMENT / "stamp", hashlib.sha256(LOCK.read_bytes()).hexdigest()
    with ENVIRONMENT.with_suffix(".lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if stamp.exists() and stamp.read_text() == want:
            return ENVIRONMENT / "bin"
        # python-geohash has no wheel.
        header = Path(sysconfig.get_paths()["include"]) / "Python.h"
        if not (shutil.which("g++") and header.exists()):
            pytest.skip(f"g++ ou python{VERSION}-dev manque : bin/setup all les installe")
        uv = [sys.executable, "-m", "uv", "--quiet"]
        subprocess.run([*uv, "venv", "--clear", "-p", sys.executable, ENVIRONMENT], check=True)
        python = ENVIRONMENT / "bin" / "python"
        subprocess.run([*uv, "pip", "sync", "-p", python, "--require-hashes", LOCK], check=True)
        stamp.write_text(want)
    return ENVIRONMENT / "bin"


@contextmanager
def _running(
    command: Sequence[str | Path], log: Path, env: Mapping[str, str], *passed: int
) -> Iterator[None]:
    """Run a process until the end of the block; passed: what it has open from the start."""
    with log.open("wb") as out:
        process = subprocess.Popen(
            command, stdout=out, stderr=subprocess.STDOUT, env=env, pass_fds=passed
        )
        try:
            yield
        finally:
            process.terminate()
            try:
                process.wait(10)
            except subprocess.TimeoutExpired:
                process.kill()
                process.wait()


def _answers(url: str) -> bool:
    try:
        return httpx.get(f"{url}/search", params={"q": "Pau"}).status_code == 200
    except httpx.TransportError:
        return False


def _wait(ready: Callable[[], bool], log: Path) -> None:
    # A machine that does much else takes long to start one.
    deadline = time.monotonic() + 90
    while not ready():
        assert time.monotonic() < deadline, log.read_text()
        time.sleep(0.05)
