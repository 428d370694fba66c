"""Style sheets of a page with a map, which must not restyle its list for each marker."""

import re
from pathlib import Path

import pytest

from app.settings import ROOT

CSS = ROOT / "static" / "css"
IMPORTED = re.compile(r'@import "\.\./([\w-]+\.css)"')
# A browser asks of each element that comes whether :has() looks for it: of a pseudo-class alone, or
# of any element, it cannot say no, and restyles all that any :has() might reach.
OF_ANY = re.compile(r":has\((?:[^()]*[\s,>+~])?[:*][^{,]*")
SHEETS = sorted(
    {
        CSS / name
        for page in ("explorer", "embed")
        for name in IMPORTED.findall((CSS / "pages" / f"{page}.css").read_text(encoding="utf-8"))
    }
)


@pytest.mark.parametrize(
    ("selector", "of_any"),
    [
        (".choice:has(:checked) p {", True),
        (".calls:has(> :nth-child(4)) {", True),
        (".calls:has(.a, > *) {", True),
        (".calls:has(> li:nth-child(4)) {", False),
        (".map:has(.popup) .zoom:hover {", False),
        (".bar:has(> [open]) {", False),
    ],
)
def test_the_pattern_tells_what_any_element_might_be(selector: str, of_any: bool) -> None:
    assert bool(OF_ANY.search(selector)) == of_any


@pytest.mark.parametrize("sheet", SHEETS, ids=lambda sheet: sheet.name)
def test_has_says_which_element_it_looks_for(sheet: Path) -> None:
    assert OF_ANY.findall(sheet.read_text(encoding="utf-8")) == []
