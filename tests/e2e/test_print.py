"""Our pages on paper, as a browser prints them: all of what they list, and nothing cut."""

from collections.abc import Callable
from io import BytesIO

import pytest
from playwright.sync_api import Page
from pypdf import PdfReader

from tests.e2e.conftest import DESK, PHONE, Visit

pytestmark = pytest.mark.browser
Start = Callable[..., Visit]


def sheets(page: Page) -> list[str]:
    """Print a page on A4; return the text of each sheet, without spaces: lines break anywhere."""
    pdf = page.pdf(format="A4", prefer_css_page_size=True)
    return [closed(sheet.extract_text()) for sheet in PdfReader(BytesIO(pdf)).pages]


def closed(text: str) -> str:
    """Return a text without its spaces."""
    return "".join(text.split())


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
