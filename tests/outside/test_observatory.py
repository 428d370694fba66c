"""What the MDN HTTP Observatory thinks of the service behind a proxy that does TLS."""

import json
import os
import subprocess
from pathlib import Path
from typing import Any

import pytest
from starlette.applications import Starlette
from starlette.responses import HTMLResponse
from starlette.routing import Route

from app.main import create_app
from app.platform.database.engines import Databases
from tests.outside.conftest import Peers
from tests.outside.tls_proxy import HOST, tls_proxy
from tests.serving import serving, settings_in

pytestmark = pytest.mark.slow


@pytest.fixture(scope="module")
def scanner(peers: Peers) -> list[str]:
    """The command of the scanner."""
    package = peers.packages / "@mdn" / "mdn-http-observatory"
    # Its own install step would download the list of browsers: localhost is not in it.
    preloaded = package / "conf" / "hsts-preload.json"
    if not preloaded.exists():
        preloaded.write_text("{}")
    return [peers.node, str(package / "src" / "scan.js"), HOST]


def scan(command: list[str], certificate: Path) -> dict[str, Any]:
    environment = os.environ | {"NODE_EXTRA_CA_CERTS": str(certificate)}
    ran = subprocess.run(command, env=environment, capture_output=True, text=True, timeout=60)
    result: dict[str, Any] = json.loads(ran.stdout)
    assert "error" not in result, result
    return result


def test_it_gives_the_best_grade(scanner: list[str], demo: Databases, tmp_path: Path) -> None:
    app = create_app(settings_in(tmp_path, trusted_proxies="127.0.0.1"), demo)
    with serving(app) as service, tls_proxy(service, tmp_path) as certificate:
        result = scan(scanner, certificate)
    lost = {name: each for name, each in result["tests"].items() if each["scoreModifier"] < 0}
    assert lost == {}
    assert result["scan"]["grade"] == "A+"
    assert result["scan"]["score"] >= 100
    assert result["scan"]["testsFailed"] == 0
    # It did look at the service through TLS that it trusts.
    assert "strict-transport-security" in result["scan"]["responseHeaders"]
    assert result["tests"]["strict-transport-security"]["result"].startswith("hsts-implemented")


def test_it_gives_a_worse_one_to_a_service_that_promises_nothing(
    scanner: list[str], tmp_path: Path
) -> None:
    async def page(_: object) -> HTMLResponse:
        return HTMLResponse("<!doctype html><title>Bonjour</title>")

    bare = Starlette(routes=[Route("/", page)])
    with serving(bare) as service, tls_proxy(service, tmp_path) as certificate:
        result = scan(scanner, certificate)
    assert result["scan"]["score"] < 60
