"""The page that builds an embed gives code that says what was chosen, and warns of what is hard to
read; its address reproduces it.
"""

import re
from collections.abc import Iterator
from html import unescape
from urllib.parse import urlencode

import httpx
import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.embeds.code import iframe
from app.embeds.colours import OURS
from app.embeds.legibility import warnings
from app.main import create_app
from app.platform.database.engines import Databases
from app.settings import ROOT
from tests.public.embeds.test_oembed import IframeParser
from tests.serving import serving, settings_in

BASE = "https://carte.exemple"


@pytest.fixture(scope="module")
def client(
    worker_databases: Databases, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[httpx.Client]:
    """A client of a service that is known as BASE, and whose geocoder does not answer."""
    settings = settings_in(
        tmp_path_factory.mktemp("builder"),
        rate_limit=0,
        public_url=BASE,
        geocoder_url="http://127.0.0.1:9",
    )
    app = create_app(settings, worker_databases)
    with (
        serving(app) as address,
        httpx.Client(base_url=address, timeout=60, trust_env=False) as client,
    ):
        yield client


class Page:
    """What the page says for an address."""

    def __init__(self, client: httpx.Client, query: str) -> None:
        headers = {"Accept": "text/html"}
        answer = client.get(f"/integrer{query}", headers=headers, follow_redirects=True)
        assert answer.status_code == 200, answer.text
        self.html = answer.text
        self.policy = answer.headers["content-security-policy"]

    def found(self, pattern: str) -> list[str]:
        return [unescape(each) for each in re.findall(pattern, self.html, re.DOTALL)]

    @property
    def code(self) -> dict[str, str | None]:
        """The attributes of the frame to paste."""
        (code,) = self.found(r'<textarea[^>]* id="code-iframe"[^>]*>(.*?)</textarea>')
        return IframeParser(code).attributes

    @property
    def address(self) -> str:
        (address,) = self.found(r'data-address="([^"]*)"')
        return address

    @property
    def warned(self) -> str:
        (warned,) = self.found(r'<div id="avertissements">(.*?)</div>')
        return warned


@pytest.mark.parametrize(
    ("query", "src", "where"),
    [
        ("", "autour", "toute la France"),
        ("?portee=france", "autour", "toute la France"),
        ("?dans=93", "93", "Seine-Saint-Denis"),
        ("?dans=94&dans=93&dans=", "autour?dans=93&dans=94", "Seine-Saint-Denis et Val-de-Marne"),
        ("?lieu=93066&rayon=5", "autour?lieu=93066&rayon=5", "autour de Saint-Denis (93)"),
        ("?dans=93&categorie=police&s=2", "93?s=2&categorie=police", "Seine-Saint-Denis"),
        ("?dans=93&fond=sans&liste=non", "93?fond=sans&liste=non", "Seine-Saint-Denis"),
        ("?dans=93&filtres=non&coins=0", "93?filtres=non&coins=0", "Seine-Saint-Denis"),
        ("?dans=93&couleur=%23AA0000", "93?couleur=aa0000", "Seine-Saint-Denis"),
        ("?dans=93&couleurs=site&couleur=%23AA0000", "93", "Seine-Saint-Denis"),
    ],
)
def test_the_code_says_what_is_chosen(
    client: httpx.Client, query: str, src: str, where: str
) -> None:
    page = Page(client, query)
    assert page.code["src"] == f"{BASE}/integration/{src}"
    assert page.code["title"] == f"Carte : {where} – Mesure 23"
    assert page.code["loading"] == "lazy"
    assert page.code["height"] == "640"


@pytest.mark.parametrize(
    ("open_part", "src"),
    [
        ("territoires", "/integration/93"),
        ("lieu", "/integration/autour?lieu=75056"),
        ("france", "/integration/autour"),
    ],
)
def test_only_the_open_way_to_say_where_counts(
    client: httpx.Client, open_part: str, src: str
) -> None:
    query = urlencode({"portee": open_part, "dans": "93", "lieu": "75056", "rayon": "25"})
    assert Page(client, f"?{query}").code["src"] == BASE + src


@pytest.mark.parametrize(
    "query",
    [
        "?dans=93&dans=94&categorie=ase&categorie=police&liste=non&couleur=aa0000&coins=3&hauteur=800",
        "?lieu=93066&rayon=tout&fond=sans&encre=000000",
        "?portee=france&q=m%C3%A9decin&age=12&ouvert=24h",
        "",
    ],
)
def test_its_address_reproduces_it(client: httpx.Client, query: str) -> None:
    page = Page(client, query)
    again = Page(client, page.address.removeprefix("/integrer"))
    assert (again.code, again.address) == (page.code, page.address)


def test_a_typed_place_leads_to_its_code_and_a_street_stays_in_no_address(
    client: httpx.Client,
) -> None:
    answer = client.get("/integrer", params={"portee": "lieu", "ou": "bobigny", "coins": "3"})
    assert answer.status_code == 303
    assert answer.headers["location"] == "/integrer?lieu=93008&coins=3"
    answer = client.get("/integrer", params={"portee": "lieu", "ou": "3 rue X, 93000 Bobigny"})
    assert answer.headers["location"] == "/integrer?lieu=93008&avis=service"
    finer = client.get("/integrer", params={"lieu": "48.91234,2.44321"})
    assert finer.headers["location"] == "/integrer?lieu=48.910%2C2.445"


def test_a_place_that_was_found_is_not_looked_for_again(client: httpx.Client) -> None:
    page = Page(client, "?portee=lieu&lieu=93008&ou=Bobigny+(93)")
    assert page.code["src"] == f"{BASE}/integration/autour?lieu=93008"


def test_homonyms_are_offered_with_the_look_that_was_chosen(client: httpx.Client) -> None:
    page = Page(client, "?portee=lieu&ou=sainte-colombe&coins=3")
    links = page.found(r'href="(/integrer\?lieu=\d{5}[^"]*)"')
    assert len(links) > 5
    assert all(link.endswith("&coins=3") for link in links)


@pytest.mark.parametrize(
    "query",
    [
        *("portee=x", "couleurs=x", "hauteur=10", "hauteur=x", "coins=99", "couleur=rouge"),
        *("dans=999", "categorie=x", "liste=x", "lieu=x", "portee=lieu&rayon=3"),
    ],
)
def test_what_it_does_not_know_is_an_error(client: httpx.Client, query: str) -> None:
    answer = client.get(f"/integrer?{query}", headers={"Accept": "text/html"})
    assert answer.status_code in (404, 422)
    assert "data-problem" in answer.text


def test_it_may_frame_our_own_pages_and_no_other_page_may(client: httpx.Client) -> None:
    assert "frame-src 'self'" in Page(client, "").policy
    assert "frame-ancestors 'none'" in Page(client, "").policy
    assert "frame-src" not in client.get("/").headers["content-security-policy"]


@pytest.mark.parametrize(
    ("path", "src"),
    [
        ("/departements/93?vue=carte", "93"),
        ("/autour", "autour"),
        ("/autour?lieu=93066&rayon=5&categorie=ase", "autour?lieu=93066&rayon=5&categorie=ase"),
    ],
)
def test_a_page_leads_programs_to_its_code(client: httpx.Client, path: str, src: str) -> None:
    (found,) = re.findall(r'type="application/json\+oembed" href="([^"]*)"', client.get(path).text)
    assert found.startswith(f"{BASE}/oembed?url=")
    body = client.get(unescape(found).removeprefix(BASE)).json()
    assert IframeParser(body["html"]).attributes["src"] == f"{BASE}/integration/{src}"


def test_what_was_typed_is_in_no_discovered_address(client: httpx.Client) -> None:
    html = client.get("/autour?ou=zzzz+inconnu").text
    (found,) = re.findall(r'type="application/json\+oembed" href="([^"]*)"', html)
    assert "zzzz" not in found


def test_page_and_guide_name_the_same_buttons_of_each_editor(client: httpx.Client) -> None:
    guide = (ROOT / "docs/guide/integrer.md").read_text(encoding="utf-8")
    named = 0
    page = Page(client, "").html
    for site, how in re.findall(r"<dt>(WordPress|Drupal|TYPO3)</dt><dd>(.*?)</dd>", page):
        (row,) = re.findall(rf"^\| \*\*{site}\*\* \|.*$", guide, re.MULTILINE)
        for words in re.findall(r"«[^»]+»", how):
            assert words in row, site
            named += 1
    assert named > 4


# --- contrast -----------------------------------------------------------------------------------


def test_a_warning_says_how_much_is_missing_and_what_to_do(client: httpx.Client) -> None:
    warned = Page(client, "?dans=93&couleur=88aaff").warned
    assert "contraste de 2,0, il en faut 4,5. Foncez leur couleur." in warned
    dark = Page(client, "?dans=93&papier=304050&encre=8090a0&couleur=ffffff").warned
    assert "Éclaircissez le texte, ou foncez la page." in dark
    assert "notice" not in Page(client, "?dans=93").warned


def test_a_form_begins_with_the_colours_of_the_map() -> None:
    sheet = (ROOT / "static/css/tokens.css").read_text(encoding="utf-8")
    light = dict(re.findall(r"--([\w-]+): #([0-9a-f]{6});", sheet.partition("@media")[0]))
    assert (OURS.accent, OURS.paper, OURS.ink) == (light["accent"], light["page"], light["text"])
    assert warnings(OURS) == ()


@given(title=st.text(), address=st.text())
def test_whatever_its_title_the_code_is_one_frame(title: str, address: str) -> None:
    code = iframe(address, title, 640)
    # A page that shows the code escapes it: it is text, and no markup of ours.
    assert type(code) is str
    assert set(IframeParser(code).attributes) >= {"src", "title", "loading"}
    assert code.count("<") == 2
