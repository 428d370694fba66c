"""Where pages lead: to every territory by region, to the data, and to whom an error is told."""

import re
from pathlib import Path
from urllib.parse import parse_qs, urlsplit

import httpx
import pytest

from app.main import create_app
from tests.serving import serving, settings_in
from tests.world import World

LEADS_TO = (
    *("/departements", "/couverture", "/integrer", "/donnees"),
    *("/mentions-legales#contact", "/accessibilite"),
)


def main(html: str) -> str:
    return html[html.index("<main") : html.index("</main>")]


@pytest.mark.parametrize("path", ["/", "/departements/93", "/donnees", "/nulle/part"])
def test_every_footer_leads_to_the_pages_about_the_service(client: httpx.Client, path: str) -> None:
    html = client.get(path, headers={"Accept": "text/html"}).text
    footer = html[html.index("<footer") :]
    assert [each for each in LEADS_TO if f'href="{each}"' not in footer] == []


def test_home_leads_to_territories_frames_and_data(client: httpx.Client) -> None:
    text = main(client.get("/").text)
    for path in ("/departements", "/couverture", "/integrer", "/donnees"):
        assert f'href="{path}"' in text


def test_all_territories_stand_by_region_with_the_counts_of_home(client: httpx.Client) -> None:
    pattern = r'href="/departements/([^"]+)"><span>.*?region__count">(\d+)<'
    listed = re.findall(pattern, main(client.get("/departements").text))
    assert len(listed) == 108
    assert listed == re.findall(pattern, main(client.get("/").text))
    assert {"2A", "69M", "971", "975", "988"} <= {code for code, _ in listed}
    headings = re.findall(r"<h2>([^<]+)</h2>", client.get("/departements").text)
    assert headings[0] == "Auvergne-Rhône-Alpes"
    assert headings[-1] == "Outre-mer"
    assert "<script" not in main(client.get("/departements").text)


def test_a_report_of_an_error_names_the_page_and_nothing_that_was_searched(
    world: World, tmp_path: Path
) -> None:
    settings = settings_in(tmp_path, rate_limit=0, contact="contact@example.org")
    sheet = f"/acteurs/{world.ids['ase']}"
    asked = {
        "/departements/93?q=tribunal&s=1": "/departements/93",
        "/autour?lieu=48.935,2.355&rayon=5": "/autour",
        "/table?lieu=93008": "/table",
        "/nulle/part": None,
    }
    with (
        serving(create_app(settings, world.databases)) as address,
        httpx.Client(base_url=address, timeout=60, trust_env=False) as client,
    ):
        for path, named in asked.items():
            html = client.get(path, headers={"Accept": "text/html"}).text
            (link,) = re.findall(
                r'href="([^"]*)">Signaler une erreur', html.partition("<footer")[2]
            )
            parts = urlsplit(link.replace("&amp;", "&"))
            assert (parts.scheme, parts.path) == ("mailto", "contact@example.org")
            (body,) = parse_qs(parts.query).get("body", [""])
            assert re.findall(r"http\S*", body) == ([address + named] if named else []), path
        # Of a sheet its own form.
        html = client.get(f"{sheet}/acteur").text.partition("<footer")[2]
        assert re.findall(r'href="([^"]*)">Signaler une erreur', html) == [f"{sheet}/signaler"]


def test_without_an_address_to_write_to_a_report_leads_where_that_is_said(
    client: httpx.Client,
) -> None:
    assert '<a href="/mentions-legales#contact">Signaler une erreur</a>' in client.get("/").text
    assert 'id="contact"' in client.get("/mentions-legales").text
