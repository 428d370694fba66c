"""How a sheet is made: once, a few at a time, asking nobody for anything."""

import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from threading import BoundedSemaphore
from xml.etree import ElementTree

import httpx
import pytest
import tinyhtml5

from app.platform.web import pdf, well_formed
from app.platform.web.pdf import Refused, write_pdf
from app.platform.web.version_cache import VersionCache
from app.platform.web.well_formed import WellFormed
from app.public.prints import routes
from tests.hostile import HOSTILE
from tests.public.prints.conftest import asking
from tests.public.prints.reading import Printed, printed, squeezed
from tests.world import World


def page(body: str, head: str = "") -> str:
    """Return a page for paper."""
    return f'<html lang="fr"><head><title>x</title>{head}</head><body>{body}</body></html>'


def text_of(made: bytes) -> str:
    """Return what a PDF says."""
    read = subprocess.run(["pdftotext", "-", "-"], input=made, capture_output=True, check=True)
    return read.stdout.decode().strip()


def elements(tree: ElementTree.Element) -> list[tuple[str, str, str, dict[str, str]]]:
    """Return each element of a page with what it says and what follows it, less empty lines."""
    return [
        (
            *(each.tag, (each.text or "").strip(), (each.tail or "").strip()),
            {name: value for name, value in each.items() if not name.endswith("xmlns")},
        )
        for each in tree.iter()
    ]


@pytest.mark.slow
def test_it_is_made_once_while_nothing_changed(
    client: httpx.Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    made: list[str] = []

    def noted(html: str) -> bytes:
        made.append(html)
        return write_pdf(html)

    monkeypatch.setattr(routes, "write_pdf", noted)
    address = "/departements/01/fiche.pdf?categorie=police"
    # Until the versions are known.
    first = printed(client, address).answer
    for _ in range(20):
        made.clear()
        again = client.get(address, headers={"if-none-match": first.headers["etag"]})
        if not made:
            break
    assert made == []
    assert again.status_code == 304
    # What changes nothing on paper is the same sheet.
    client.get(f"{address}&vue=carte&page=2")
    assert made == []
    # Open at this moment: made anew, and the same bytes as nothing else changed.
    now = f"{address}&ouvert=maintenant"
    assert client.get(now).content == client.get(now).content


@pytest.mark.slow
def test_a_third_one_is_asked_to_come_again(
    client: httpx.Client, world: World, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(pdf, "PRINTING", places := BoundedSemaphore(2))
    address = "/departements/93/fiche.pdf?q=cidff"
    assert [places.acquire(), places.acquire()] == [True, True]
    with asking(world, tmp_path, wait_most=0.05) as impatient:
        answer = impatient.get(address)
    assert answer.status_code == 503
    assert "Impression à recommencer" in answer.text
    assert answer.elapsed.total_seconds() < 2
    places.release()
    places.release()
    assert printed(client, address).pdf
    # What fails gives its place back as well.
    monkeypatch.setattr(routes, "write_pdf", lambda html: 1 / 0)
    assert client.get(address).status_code == 500
    assert places._value == 2


@pytest.mark.parametrize(
    "html",
    [
        '<img src="https://exemple.invalid/x.png" alt="x"/>',
        '<img src="file:///etc/passwd" alt="x"/>',
        '<img src="data:image/svg+xml,%3Csvg/%3E" alt="x"/>',
        '<link rel="stylesheet" href="https://exemple.invalid/x.css"/>',
        '<link rel="attachment" href="file:///etc/passwd"/>',
        "<style>@import url(https://exemple.invalid/x.css);</style>",
        "<style>p { background: url(https://exemple.invalid/x.png) }</style>",
        "<style>@font-face { font-family: x; src: url(file:///etc/passwd) }</style>",
    ],
)
def test_a_sheet_fetches_nothing(html: str) -> None:
    with pytest.raises(Refused):
        write_pdf(page(f'<p style="font-family: x">x</p>{html}'))
    if html.startswith("<style>"):
        with pytest.raises(Refused):
            write_pdf(page('<p style="font-family: x">x</p>', head=html))


def test_what_a_drawing_asks_for_is_not_fetched_either(tmp_path: Path) -> None:
    # WeasyPrint leaves such a drawing out, whatever the reason.
    asked = tmp_path / "x.svg"
    asked.write_text('<svg xmlns="http://www.w3.org/2000/svg"><text y="9">secret</text></svg>')
    image = f'<image href="{asked.as_uri()}" width="9"/>'
    drawing = f'<svg xmlns="http://www.w3.org/2000/svg" width="99" height="99">{image}</svg>'
    made = write_pdf(page(f"<p>page</p>{drawing}"))
    assert text_of(made) == "page"


def test_what_no_page_may_hold_is_left_out() -> None:
    made = write_pdf(page("<p>Maison\x00 \x0bdes \ufffead\x1foles\ud800cents</p>"))
    assert text_of(made) == "Maison des adolescents"


def sheets_of(client: httpx.Client, monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """Return sheets of each sort as they are laid out."""
    read: list[str] = []

    class Noted(WellFormed):
        def __init__(self, html: str) -> None:
            read.append(html)
            super().__init__(html)

    monkeypatch.setattr(well_formed, "WellFormed", Noted)
    monkeypatch.setattr(VersionCache, "value", lambda cache, key, code, make, size: make())
    around = "/autour/fiche.pdf?lieu=93008&rayon=5"
    for address in ("/departements/93/fiche.pdf", around, "/acteurs/f000000000000001/fiche.pdf"):
        assert printed(client, address).pdf
    assert len(read) >= 3
    monkeypatch.undo()
    return read


@pytest.mark.slow
def test_a_browser_would_read_each_sheet_as_it_is_read(
    client: httpx.Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    read = sheets_of(client, monkeypatch)
    for html in read:
        as_html = tinyhtml5.parse(html, namespace_html_elements=False)
        assert elements(ElementTree.fromstring(html)) == elements(as_html)  # noqa: S314


@pytest.mark.slow
def test_no_sheet_lacks_a_style_of_those_that_are_left_out(
    client: httpx.Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    lists = page("<ul><li>un</li></ul><ol><li>deux</li></ol><q>trois</q>")
    read = [lists, *sheets_of(client, monkeypatch)]
    made = [write_pdf(html) for html in read]
    monkeypatch.delattr(WellFormed, "_ua_stylesheets")
    assert [write_pdf(html) for html in read] == made


@pytest.mark.slow
def test_what_lists_hold_is_only_ever_text(client: httpx.Client) -> None:
    sheet = printed(client, "/departements/59/fiche.pdf?categorie=sante")
    for name in ("formula", "command", "markup", "quotes", "code"):
        assert squeezed(HOSTILE[name]) in squeezed(sheet.text), name
    assert "<script>alert(1)</script>" in printed(client, "/departements/93/fiche.pdf?q=alert").text


@pytest.mark.slow
def test_the_service_starts_without_what_prints() -> None:
    code = "import sys, app.main; sys.exit('weasyprint' in sys.modules)"
    subprocess.run([sys.executable, "-c", code], check=True)


@pytest.mark.slow
def test_a_reader_gets_it_whole(client: httpx.Client) -> None:
    answer = client.get("/departements/01/fiche.pdf", headers={"accept-encoding": "gzip"})
    assert "content-encoding" not in answer.headers
    assert Printed(answer).pdf.pages


def test_a_sheet_is_the_same_whatever_was_made_before_or_at_the_same_time() -> None:
    styles = "<style>body { font: 9pt 'Open Sans' } h1 { font-weight: bold }</style>"
    texts = ("Maison des adolescents", "Équipe mobile, cœur de ville", "Σπίτι 東京")
    pages = [page(f"<h1>{text}</h1><p>{text * 20}</p>", head=styles) for text in texts]
    pdf._FONTS.clear()
    alone = []
    for each in pages:
        alone.append(write_pdf(each))
        pdf._FONTS.clear()
    assert [write_pdf(each) for each in (*pages, *reversed(pages))] == [*alone, *reversed(alone)]
    assert len(pdf._FONTS) == 1
    with ThreadPoolExecutor(2) as threads:
        assert list(threads.map(write_pdf, pages * 4)) == alone * 4
    assert len(pdf._FONTS) <= 2
