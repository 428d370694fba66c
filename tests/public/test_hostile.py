"""Actor text is data: shown as text, in no script, in no template."""

import json

import httpx
import pytest

from tests.world import HOSTILE, World

RAW = ("<script>alert(1)", '</script> "', "javascript:alert(4)", 'href="javascript', " 49 ")


@pytest.fixture
def pages(world: World, client: httpx.Client) -> dict[str, str]:
    """Every page that shows the hostile actor."""
    addresses = ("/departements/93", f"/acteurs/{world.ids['hostile']}/acteur")
    return {address: client.get(address).text for address in addresses}


def test_pages_escape_it(pages: dict[str, str]) -> None:
    for address, html in pages.items():
        assert "alert(1)" in html, address
        for raw in RAW:
            assert raw not in html, (address, raw)


def test_no_script_of_a_page_holds_a_word_of_an_actor(client: httpx.Client) -> None:
    script = client.get("/carte.js").text
    assert "mesure23.actors(" in script
    for word in ("alert", "Association", "hostile", "covers"):
        assert word not in script


def test_no_page_has_inline_script_or_style(pages: dict[str, str], client: httpx.Client) -> None:
    for html in (*pages.values(), client.get("/").text, client.get("/nope").text):
        lower = html.lower()
        assert lower.count("<script") == lower.count("<script src=")
        assert "<style" not in lower
        assert " style=" not in lower
        assert " onclick=" not in lower
        assert " onload=" not in lower


def test_map_data_gives_it_back_letter_for_letter(world: World, client: httpx.Client) -> None:
    features = json.loads(client.get("/api/departements/93/actors.geojson").content)["features"]
    names = {feature["id"]: feature["properties"]["name"] for feature in features}
    assert names[world.ids["hostile"]] == HOSTILE


@pytest.mark.parametrize("q", [HOSTILE, "\x00", "\ud800".encode(errors="surrogatepass"), "%' OR 1"])
def test_a_hostile_search_is_a_search_that_finds_nothing(
    client: httpx.Client, q: str | bytes
) -> None:
    page = client.get("/autour", params={"ou": q})
    assert page.status_code == 200
    assert "<script>alert" not in page.text
    assert client.get("/api/lieux", params={"q": q}).json() == []
