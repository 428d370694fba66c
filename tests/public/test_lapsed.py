"""A number that nobody confirmed for long says so before it is pressed."""

import re
from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta

import httpx
import pytest

from app.main import create_app
from tests.crowd import HOME, NOW, Crowd
from tests.serving import offline_settings, serving

CARD = re.compile(r'<li class="card".*?</li>', re.DOTALL)


@pytest.fixture(scope="module")
def later(crowd: Crowd, tmp_path_factory: pytest.TempPathFactory) -> Iterator[httpx.Client]:
    """A client of the service three years on."""
    settings = offline_settings(tmp_path_factory.mktemp("lapsed"))
    app = create_app(settings.model_copy(update={"rate_limit": 0}), crowd.databases)
    app.state.site = replace(app.state.site, now=lambda: NOW + timedelta(days=900))
    with (
        serving(app) as address,
        httpx.Client(base_url=address, timeout=60, trust_env=False) as client,
    ):
        yield client


def test_a_warning_stands_above_the_number_on_a_card_and_on_its_sheet(later: httpx.Client) -> None:
    page = later.get(f"/departements/{HOME}").text
    warned = [
        each for each in CARD.findall(page) if "Non vérifié depuis" in each and "tel:" in each
    ]
    assert warned
    for each in warned:
        assert each.index("Non vérifié depuis") < each.index("tel:")
        assert each.count("Non vérifié depuis") == 1
        assert "Erreur ?" in each
    path = re.search(r'<h3 class="card__name"><a href="([^"?]+)', warned[0])
    assert path
    sheet = later.get(path[1]).text
    header = sheet.partition("</header>")[2]
    assert header.index("Non vérifié depuis") < header.index("tel:")
    assert "Téléphonez avant d’envoyer quelqu’un" in header
    assert sheet.count("vérifié depuis") == 1
    assert "<dt>Vérification</dt>" not in sheet
