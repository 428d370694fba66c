"""Clusters of their own for each test, small and quick, and gone afterwards."""

import os
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path

import psutil
import psycopg
import pytest

from app.platform.cluster.server import Cluster, open_cluster

HOLDER = Path(__file__).with_name("holder.py")


children: list[subprocess.Popen[str]] = []


def spawn(*command: str | Path) -> subprocess.Popen[str]:
    """Start a process that is ended with the test, should the test not do it."""
    pipe = subprocess.PIPE
    child = subprocess.Popen(command, stdin=pipe, stdout=pipe, stderr=None, text=True)
    children.append(child)
    return child


@pytest.fixture(autouse=True)
def _end_children() -> Iterator[None]:
    yield
    for child in children:
        if child.poll() is None:
            child.kill()
        child.communicate()
    children.clear()


class Holder:
    """Another process that uses the cluster of a data directory until it is told to leave."""

    def __init__(self, data_dir: Path, *options: str) -> None:
        self.process = spawn(sys.executable, HOLDER, data_dir, *options)

    def wait_until_open(self) -> int:
        """The process number of the postmaster."""
        assert self.process.stdout is not None
        return int(self.process.stdout.readline())

    def leave(self) -> None:
        self.process.communicate("leave\n", timeout=60)
        assert self.process.returncode == 0

    def kill(self) -> None:
        self.process.kill()
        self.process.communicate(timeout=60)


@pytest.fixture
def data_dir() -> Iterator[Path]:
    """A directory that the account of the cluster reaches, unlike pytest's own when root."""
    path = Path(tempfile.mkdtemp(prefix="mesure23-test-"))
    path.chmod(0o711)
    yield path
    if (path / "postgres").exists():
        with open_cluster(path, fsync=False):  # takes over what a test left running, and stops it
            pass
        shutil.rmtree((path / "postgres").resolve())
    shutil.rmtree(path)


@pytest.fixture
def other_data_dir(data_dir: Path) -> Iterator[Path]:
    path = data_dir / "other"
    path.mkdir()
    yield path
    if (path / "postgres").exists():
        with open_cluster(path, fsync=False):
            pass


def postmaster_pid(cluster: Cluster) -> int:
    return int((cluster.data / "postmaster.pid").read_text().splitlines()[0])


def lives(pid: int) -> bool:
    """Whether a process runs: a killed one that nobody has asked for yet does not."""
    try:
        return psutil.Process(pid).status() != psutil.STATUS_ZOMBIE
    except psutil.NoSuchProcess:
        return False


def ends(pid: int) -> bool:
    """Whether a process is gone, or about to: the kernel takes a moment after its files."""
    deadline = time.monotonic() + 30
    while lives(pid) and time.monotonic() < deadline:
        time.sleep(0.01)
    return not lives(pid)


def connect(cluster: Cluster) -> psycopg.Connection[tuple[object, ...]]:
    return psycopg.connect(
        host=str(cluster.sockets), port=5432, user="postgres", dbname="postgres", autocommit=True
    )


def value(cluster: Cluster, query: str) -> object:
    with connect(cluster) as connection:
        row = connection.execute(query.encode()).fetchone()
    assert row is not None
    return row[0]


def run(cluster: Cluster, statement: str) -> None:
    with connect(cluster) as connection:
        connection.execute(statement.encode())


def remember(cluster: Cluster) -> None:
    """Commit a row that must still be there after whatever happens next."""
    run(cluster, "CREATE TABLE IF NOT EXISTS kept (n int); INSERT INTO kept VALUES (1)")


needs_root = pytest.mark.skipif(os.geteuid() != 0, reason="only root changes accounts")
