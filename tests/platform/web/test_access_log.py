"""What a log keeps of a visit: that there was one, and nothing of who sought what."""

import json
import re
from pathlib import Path
from typing import Any

import httpx
import pytest

from app.main import create_app
from app.platform.web.permissions import Profile, open_to
from tests.platform.web.test_limits import exchange
from tests.serving import serving, settings_in
from tests.world import World

SECRETS = ("refuge", "mineurs", "Bobigny", "Firefox", "secret")


def lines(text: str) -> list[dict[str, Any]]:
    found = [json.loads(line) for line in text.splitlines() if line.startswith("{")]
    return [each for each in found if each["event"] == "request"]


@pytest.fixture
def visited(world: World, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> str:
    """All that a service wrote while it was asked for what nobody may learn, and broke."""
    settings = settings_in(tmp_path, access_log=True, trusted_proxies="127.0.0.1")
    app = create_app(settings, world.databases)

    @app.get("/casse")
    @open_to(Profile.PUBLIC)
    def broken(q: str) -> None:
        raise RuntimeError(q)

    @app.get("/casse/ensuite")
    @open_to(Profile.PUBLIC)
    def broken_later(q: str) -> Any:
        from starlette.responses import StreamingResponse

        def body() -> Any:
            yield b"x" * 100_000
            raise RuntimeError(q)

        return StreamingResponse(body())

    headers = {"User-Agent": "Firefox", "Referer": "https://secret", "Accept": "application/json"}
    headers |= {"X-Forwarded-For": "198.51.100.77"}
    capsys.readouterr()
    with (
        serving(app, log_level="debug", access_log=False) as base,
        httpx.Client(base_url=base, timeout=60, headers=headers, trust_env=False) as client,
    ):
        client.get("/?autre=refuge")
        client.get("/departements/93?public=mineurs")
        client.head(f"/acteurs/{world.ids['ase']}/secret-refuge")
        client.get("/departements/93?categorie=refuge")
        client.get("/api/lieux?q=refuge")
        client.get("/static/icon.svg?q=refuge")
        client.get("/Bobigny/refuge?q=secret")
        client.request("PROPFIND", "/")
        client.get("/casse?q=refuge")
        with pytest.raises(httpx.RemoteProtocolError):
            client.get("/casse/ensuite?q=refuge")
        exchange(client, b"GET /?q=refuge HTTP/refuge\r\nHost: refuge\r\n\r\n")
    logged = capsys.readouterr()
    return logged.out + logged.err


def test_nothing_that_was_sought_is_in_any_log(visited: str) -> None:
    for secret in SECRETS:
        assert secret.lower() not in visited.lower(), secret
    assert "198.51.100.77" not in visited


def test_a_line_says_how_the_service_does(visited: str) -> None:
    written = lines(visited)
    # A line is written once all is done, which may be after the next answer has begun.
    assert sorted((each["method"], each["route"], each["status"]) for each in written) == sorted(
        [
            ("GET", "/", 200),
            ("GET", "/departements/{code}", 200),
            ("HEAD", "/acteurs/{public_id}/{slug}", 308),
            ("GET", "/departements/{code}", 422),
            ("GET", "/api/lieux", 200),
            ("GET", "/static", 200),
            ("GET", "-", 404),
            ("-", "/", 405),
            ("GET", "/casse", 500),
            ("GET", "/casse/ensuite", 200),
        ]
    )
    for each in written:
        what = {"method", "route", "status", "ms", "bytes", "client"}
        assert set(each) == {"event", "level", "at", "request_id", *what}
        assert re.fullmatch(r"[0-9a-f]{32}", each["request_id"])
        assert each["client"] == "198.51.100.0/24"
        assert re.fullmatch(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\+00:00", each["at"])
        assert 0 <= each["ms"] < 10_000
    sizes = {(each["method"], each["route"]): each["bytes"] for each in written}
    assert sizes["GET", "/"] > 1_000
    assert sizes["HEAD", "/acteurs/{public_id}/{slug}"] == 0


def test_nothing_is_written_unless_it_is_asked_for(
    world: World, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    app = create_app(settings_in(tmp_path), world.databases)
    with serving(app) as base:
        assert (
            httpx.get(f"{base}/api/lieux?q=refuge", trust_env=False, timeout=30).status_code == 200
        )
    logged = capsys.readouterr()
    assert logged.out + logged.err == ""
