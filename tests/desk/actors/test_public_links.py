"""Links of the desk to public pages: where these are, and none where nobody has said it."""

import re
from dataclasses import replace

import httpx
import pytest

from app.desk.application import create_desk
from app.desk.shell.gate import COOKIE
from tests.desk.actors.conftest import Desk
from tests.serving import serving

ELSEWHERE = "https://carte.example.org"
CRIP_NAME = "CRIP d'exemple"
OWN = ("/gestion", "/connexion", "/static")


def links(desk: Desk, public_url: str | None, *, alone: bool) -> set[str]:
    """Every link of a sheet, of today and of the page after signing out that is not of the desk."""
    settings = desk.settings.model_copy(update={"public_url": public_url})
    app = create_desk(settings, desk.databases, desk.vault, alone=alone)
    app.state.desk = replace(app.state.desk, now=desk.clock)
    cookie = desk.signed_in().cookies[COOKIE]
    headers = {"Cookie": f"{COOKIE}={cookie}", "Host": "bureau.example.org", "Accept": "text/html"}
    sheet = f"/gestion/acteurs/{desk.ids()[CRIP_NAME]}"
    found: set[str] = set()
    with (
        serving(app) as address,
        httpx.Client(base_url=address, timeout=60, headers=headers) as client,
    ):
        for path in (sheet, "/gestion", "/connexion/sorti"):
            # Whoever is signed in is led on from the page after signing out.
            signed_out = {"Cookie": ""} if path == "/connexion/sorti" else {}
            page = client.get(path, headers=signed_out)
            assert page.status_code == 200
            found.update(re.findall(r'href="([^"#]+)"', page.text))
    return {each for each in found if not each.startswith((*OWN, "tel:", "mailto:"))}


@pytest.mark.slow
@pytest.mark.parametrize(
    ("public_url", "alone", "base"),
    [(None, False, ""), (ELSEWHERE, False, ELSEWHERE), (ELSEWHERE, True, ELSEWHERE)],
)
def test_they_lead_to_where_public_pages_are(
    desk: Desk, public_url: str | None, alone: bool, base: str
) -> None:
    found = links(desk, public_url, alone=alone)
    assert f"{base}/" in found
    assert any(each.startswith(f"{base}/acteurs/") for each in found)
    assert all(each.startswith(f"{base}/") for each in found)


@pytest.mark.slow
def test_a_desk_alone_shows_none_where_no_address_is_set(desk: Desk) -> None:
    assert links(desk, None, alone=True) == set()


def test_a_name_that_is_not_the_desks_is_refused_without_a_way_into_it(desk: Desk) -> None:
    settings = desk.settings.model_copy(update={"public_url": None, "desk_url": None})
    app = create_desk(settings, desk.databases, desk.vault, alone=True)
    with serving(app) as address:
        headers = {"Host": "ailleurs.example.org", "Accept": "text/html"}
        page = httpx.get(f"{address}/gestion", headers=headers, timeout=60)
    assert page.status_code == 421
    assert "Adresse inconnue" in page.text
    # It would be refused again, and so would the desk's style.
    assert "Revenir au bureau" not in page.text
