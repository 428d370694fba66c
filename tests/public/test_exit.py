"""The quick exit of every page: first to be reached, and a link where no script runs."""

import re
from pathlib import Path

import httpx
import pytest
from pydantic import ValidationError

from app.main import create_app
from tests.serving import serving, settings_in
from tests.world import World

PAGES = (
    "/", "/departements/93", "/acteurs/{ase}/acteur", "/departements/999", "/nulle/part",
    "/mentions-legales", "/confidentialite", "/accessibilite",
)  # fmt: skip


@pytest.mark.parametrize("path", PAGES)
def test_the_exit_comes_first_on_every_page(world: World, client: httpx.Client, path: str) -> None:
    html = client.get(path.format(**world.ids), headers={"Accept": "text/html"}).text
    first = re.search(r"<(?:a|button|input|summary)\b[^>]*>", html)
    assert first
    assert 'class="exit" href="https://meteofrance.com/"' in first[0]
    assert 'rel="noreferrer nofollow"' in first[0]
    described = re.search(r'aria-describedby="([^"]+)"', first[0])
    assert described
    note = re.search(rf'id="{described[1]}">(.*?)</p>', html)
    assert note
    assert "n’est pas effacé" in note[1]
    assert re.search(r'<script src="/static/built/exit\.js[^"]*" async></script>', html)


def test_the_exit_leads_where_the_setting_says(world: World, tmp_path: Path) -> None:
    settings = settings_in(tmp_path, exit_url="https://example.org/meteo?a=1&b=2", rate_limit=0)
    with serving(create_app(settings, world.databases)) as address:
        html = httpx.get(
            f"{address}/departements/999", headers={"Accept": "text/html"}, timeout=30
        ).text
    assert 'class="exit" href="https://example.org/meteo?a=1&amp;b=2"' in html


@pytest.mark.parametrize("url", ["javascript:alert(1)", "ftp://example.org", "//example.org", "x"])
def test_the_exit_leads_nowhere_but_to_the_web(tmp_path: Path, url: str) -> None:
    with pytest.raises(ValidationError, match="exit_url"):
        settings_in(tmp_path, exit_url=url)
