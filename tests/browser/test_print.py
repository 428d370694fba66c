"""Our pages on paper, as a browser prints them: all of what they list, and nothing cut."""

import re
import subprocess
from collections.abc import Callable
from datetime import datetime, timedelta
from html import unescape
from io import BytesIO
from unicodedata import normalize

import pytest
from playwright.sync_api import Locator, Page
from pypdf import PdfReader

from geo.zones import PARIS_TIME
from tests.browser.conftest import DESK, PHONE, Visit

pytestmark = [pytest.mark.slow, pytest.mark.browser]
Start = Callable[..., Visit]


def sheets(page: Page) -> list[str]:
    """Print a page on A4; return the text of each sheet, as closed."""
    pdf = page.pdf(format="A4", prefer_css_page_size=True)
    return [closed(sheet.extract_text()) for sheet in PdfReader(BytesIO(pdf)).pages]


def closed(text: str) -> str:
    """Return a text without spaces, since lines break anywhere, nor ligatures."""
    return "".join(normalize("NFKC", text).split())


@pytest.mark.parametrize("viewport", [DESK, PHONE], ids=["desk", "phone"])
@pytest.mark.parametrize(
    "path", ["/departements/93?vue=carte", "/integration/93?vue=carte", "/integration/93?liste=non"]
)
def test_the_list_is_on_paper_where_the_screen_had_the_map_alone(
    visit: Start, path: str, viewport: dict[str, int]
) -> None:
    page = visit(viewport=viewport).go(path)
    names = page.locator(".card__name").all_text_contents()
    paper = "".join(sheets(page))
    assert names
    assert [name for name in names if closed(name) not in paper] == []


@pytest.mark.parametrize(
    ("path", "pdf"),
    [
        ("/autour", "/autour/fiche.pdf"),
        ("/autour?page=2&vue=carte", "/autour/fiche.pdf"),
        ("/integration/93?categorie=", "/departements/93/fiche.pdf"),
    ],
)
def test_a_list_that_goes_on_says_so_and_where_all_of_it_is(
    visit: Start, path: str, pdf: str
) -> None:
    seen = visit()
    page = seen.go(path)
    where = page.locator(".pagination__position").text_content()
    assert where
    paper = "".join(sheets(page))
    assert closed(f"{where} : le reste de la liste") in paper
    assert closed(f"PDF de la même recherche : {seen.base}{pdf}") in paper
    for button in ("Suivante", "Précédente"):
        assert button not in paper


def test_a_list_that_is_whole_names_no_other_page(visit: Start) -> None:
    assert "lerestedelaliste" not in "".join(sheets(visit().go("/departements/93")))


def on_paper(part: Locator) -> str:
    """Return the text of a part without what only screen readers are given."""
    text: str = part.evaluate(
        "part => { const copy = part.cloneNode(true);"
        " for (const said of copy.querySelectorAll('.visually-hidden')) said.remove();"
        " return copy.textContent }"
    )
    return text


@pytest.mark.parametrize("path", ["/departements/93", "/autour?lieu=93066&s=4"])
def test_no_heading_is_left_behind_by_what_it_announces(visit: Start, path: str) -> None:
    # What stands above moves the end of each sheet; the page's policy lets no style be added.
    page = visit(bypass_csp=True).go(path)
    style = page.add_style_tag(content="/* */")
    groups = page.locator(".group").all()
    blocks = [
        closed("".join(on_paper(group.locator(part).first) for part in parts))
        for group in groups
        for parts in [(".group__title", ".group__hint", ".card__name")]
        if group.locator(".group__hint + .cards").count()
    ]
    heads = (page.locator(each).first for each in ("#compte", "h2.group__title"))
    first = closed("".join(map(on_paper, heads)))
    assert blocks
    for lower in range(0, 240, 60):
        style.evaluate(
            "(e, css) => { e.textContent = css }", f".explorer__header {{ margin-top: {lower}px }}"
        )
        printed = sheets(page)
        for words in (first, *blocks):
            assert any(words in sheet for sheet in printed), (lower, words)


@pytest.mark.parametrize(
    "path", ["/departements/93", "/departements/93?s=4", "/table?territoire=93", "/"]
)
def test_national_numbers_are_on_the_first_sheet_and_none_has_them_alone(
    visit: Start, path: str
) -> None:
    first, *others = sheets(visit().go(path))
    assert "Numérosnationaux17" in first
    assert any(words in first for words in ("Seine-Saint-Denis", "Quipeutagir"))
    assert not any("Numérosnationaux" in sheet for sheet in others)


@pytest.mark.parametrize("scripted", [True, False])
def test_a_sheet_of_the_home_page_has_all_territories(visit: Start, scripted: bool) -> None:
    page = visit(viewport=PHONE, java_script_enabled=scripted).go("/")
    names = page.locator(".region__list a > span:first-child").all_text_contents()
    assert len(names) > 100
    _, territories = sheets(page)
    assert [name for name in names if closed(name) not in territories] == []


def test_paper_has_hours_instead_of_who_is_open_now(visit: Start) -> None:
    page = visit().go("/departements/93?categorie=pjj&categorie=sante&categorie=association")
    assert page.locator(".card__opening:visible").count() > 1
    assert page.locator(".card__hours:visible").count() == 0
    page.emulate_media(media="print")
    hours = page.locator(".card__hours:visible").all_inner_texts()
    assert page.locator(".card__opening:visible").count() == 0
    assert "Ouvert jour et nuit, tous les jours" in hours
    assert any("Du lundi au vendredi" in each for each in hours)
    actor = page.locator(".card:has-text('Du lundi au vendredi') a").first
    page.goto(page.url.split("/departements")[0] + (actor.get_attribute("href") or ""))
    facts = page.inner_text(".facts")
    assert "Du lundi au vendredi" in facts
    assert not page.is_visible(".facts .screen-only")
    page.emulate_media(media="screen")
    assert page.is_visible(".facts .screen-only")


@pytest.mark.parametrize(
    ("path", "address"),
    [
        ("/", "/"),
        ("/departements/93?vue=carte&fonction=ecoute", "/departements/93?fonction=ecoute"),
        ("/autour?page=2", "/autour?page=2"),
        ("/autour?lieu=48.936789,2.357654&rayon=50", "/autour?lieu=48.935%2C2.360&rayon=50"),
        ("/autour?ou=3+rue+Sans+Issue", "/autour"),
        ("/integration/93?liste=non", "/departements/93"),
        ("/table?territoire=93", "/table?territoire=93"),
        ("/integrer?dans=93", "/integrer?dans=93"),
        ("/confidentialite", "/confidentialite"),
        ("/nulle/part?nom=secret", ""),
    ],
)
def test_each_sheet_ends_with_its_day_and_an_address_no_finer_than_the_page_has(
    visit: Start, path: str, address: str
) -> None:
    seen = visit(may_fail=True)
    page = seen.go(path)
    day = page.get_attribute(".print-footer time", "datetime")
    assert day in {
        f"{datetime.now(PARIS_TIME) - ago:%Y-%m-%d}" for ago in (timedelta(0), timedelta(hours=1))
    }
    assert page.text_content(".print-footer__address") == (seen.base + address if address else "")
    assert not page.is_visible(".print-footer")
    foot = closed(page.text_content(".print-footer") or "")
    assert [sheet for sheet in sheets(page) if foot not in sheet] == []


def test_the_foot_of_a_sheet_follows_a_search_that_changes(visit: Start) -> None:
    seen = visit()
    page = seen.go("/departements/93")
    page.click("#situations-pli > summary")
    page.click("a.situations__link >> nth=1")
    page.wait_for_url("**?s=2")
    page.wait_for_selector(
        f".print-footer__address:text-is('{seen.base}/departements/93?s=2')", state="attached"
    )
    assert page.locator(".print-footer").count() == 1


def test_the_foot_of_a_sheet_follows_an_embed_in_the_making(visit: Start) -> None:
    seen = visit()
    page = seen.go("/integrer?dans=93")
    page.check("#liste-non")
    page.wait_for_selector(".print-footer__address:text-matches('liste=non$')", state="attached")


def test_an_embed_in_dark_colours_is_black_on_white_on_paper(visit: Start) -> None:
    page = visit().go("/integration/93?papier=102030&encre=ffffff&couleur=ffdd00")
    colours = """body => {
      const {backgroundColor, color} = getComputedStyle(body);
      return [backgroundColor, color];
    }"""
    assert page.locator("body").evaluate(colours) == ["rgb(16, 32, 48)", "rgb(255, 255, 255)"]
    page.emulate_media(media="print")
    assert page.locator("body").evaluate(colours) == ["rgb(255, 255, 255)", "rgb(0, 0, 0)"]


@pytest.mark.parametrize(
    "path", ["/departements/93", "/table?territoire=93", "/", "/integration/93"]
)
def test_nothing_lies_under_the_foot_of_a_sheet(visit: Start, path: str) -> None:
    page = visit().go(path)
    foot = closed(page.text_content(".print-footer") or "")
    pdf = page.pdf(format="A4", prefer_css_page_size=True)
    read = subprocess.run(
        ["pdftotext", "-bbox", "-", "-"], input=pdf, capture_output=True, check=True
    )
    for sheet in read.stdout.decode().split("<page ")[1:]:
        words = re.findall(r'yMin="([\d.]+)" xMax="[\d.]+" yMax="([\d.]+)">([^<]*)<', sheet)
        begins = max(float(top) for top, _, word in words if word == "page")
        low = [unescape(word) for _, bottom, word in words if float(bottom) > begins]
        assert closed("".join(low)) == foot


@pytest.mark.parametrize("path", ["/table?territoire=93", "/table?lieu=93066"])
def test_the_table_gives_an_address_the_room_that_it_needs(visit: Start, path: str) -> None:
    page = visit(viewport={"width": 1047, "height": 700}).go(path)
    page.emulate_media(media="print")

    def width(name: str) -> float:
        wide: float = page.eval_on_selector(
            f"th.table__column--{name}", "e => e.getBoundingClientRect().width"
        )
        return wide

    assert width("adresse") > 1.2 * width("publics")
    assert width("adresse") > 0.9 * width("nom")
    # A date on one line.
    heights = page.eval_on_selector_all(
        "td[data-label='Vérifié le'] time", "all => all.map(e => e.getClientRects().length)"
    )
    assert set(heights) == {1}


def test_the_form_of_an_embed_says_on_paper_what_is_chosen(visit: Start) -> None:
    page = visit().go("/integrer?dans=93&liste=non&categorie=ase")
    printed = sheets(page)
    # One sheet for what is chosen where, as far as it goes: no part waits for a sheet of its own.
    assert "Quelsacteurs" in printed[0]
    for chosen in ("Territoires", "Carteseule", "Visibles", "Fondsimple"):
        assert any(f"✓{chosen}" in sheet for sheet in printed)
    assert not any("✓Carteetliste" in sheet for sheet in printed)
    for label in ("Contenu", "Filtres", "Fonddecarte"):
        (sheet,) = [sheet for sheet in printed if f"{label}" in sheet and "Affichage" in sheet]
        assert not sheet.partition("Mesure23,page")[0].endswith(label)
    page.emulate_media(media="print")
    dark = page.eval_on_selector(
        ".segments__choice :checked + span", "e => getComputedStyle(e).color"
    )
    assert dark == "rgb(0, 0, 0)"
