"""Public pages of searches lead to an alert of them, by a link that is the same for everybody."""

import re
from collections.abc import Iterator
from html import unescape
from urllib.parse import parse_qs, urlsplit

import httpx
import pytest

from app.alerting.searches import read_address
from app.desk.shell.gate import own_way
from app.main import create_app
from app.platform.database.sessions import read
from tests.desk.bureau import ORIGIN, Bureau
from tests.serving import serving

NEW = f"{ORIGIN}/pro/alertes/nouvelle"


@pytest.fixture(scope="module")
def public(bureau: Bureau) -> Iterator[httpx.Client]:
    app = create_app(bureau.settings, bureau.databases)
    with serving(app) as address, httpx.Client(base_url=address, timeout=30) as client:
        yield client


# The first page of a service takes half a second.
@pytest.mark.slow
@pytest.mark.parametrize(
    ("path", "query"),
    [
        ("/departements/93?q=relais&s=1&vue=carte", "territoire=93&s=1&q=relais"),
        ("/autour?dans=93&dans=75", "dans=93&dans=75"),
        ("/ressources?q=emprise&page=1", "q=emprise"),
        ("/ressources", ""),
        ("/agenda?territoire=93&mois=2027-03", "territoire=93"),
    ],
)
def test_a_search_leads_to_its_alert(
    bureau: Bureau, public: httpx.Client, path: str, query: str
) -> None:
    page = public.get(path)
    (link,) = re.findall(rf'href="({NEW}\?[^"]*)"[^>]*>Être prévenu', unescape(page.text))
    assert link.startswith(f"{NEW}?de=/")
    (address,) = parse_qs(urlsplit(link).query)["de"]
    with read(bureau.databases.staff) as session:
        assert read_address(session, address).query == query
    # Whoever has to sign in first comes back to it.
    way = link.removeprefix(ORIGIN)
    assert own_way(way) == way


def test_there_is_no_link_where_there_is_no_desk(bureau: Bureau) -> None:
    settings = bureau.settings.model_copy(update={"desk_url": None})
    app = create_app(settings, bureau.databases)
    with serving(app) as address, httpx.Client(base_url=address, timeout=30) as client:
        for path in ("/departements/93", "/ressources", "/agenda"):
            assert "Être prévenu" not in client.get(path).text
