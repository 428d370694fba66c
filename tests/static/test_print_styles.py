"""Style sheets that paper must not take for those of a narrow screen."""

import re
from pathlib import Path

import pytest

from app.settings import ROOT

CSS = ROOT / "static" / "css"
# A sheet of A4 is as wide as a tablet: what gives way to a map there would leave the paper empty.
WIDTH = re.compile(r"@media\b(?!(?: print,)? screen\b)[^{]*\b(?:min|max)-width\b[^{]*")


@pytest.mark.parametrize(
    ("rule", "of_screens"),
    [
        ("@media (max-width: 30rem) {", False),
        ("@media not print and (min-width: 30rem) {", False),
        ("@media screen and (max-width: 30rem) {", True),
        ("@media print, screen and (min-width: 30rem) {", True),
        ("@media print {", True),
    ],
)
def test_the_pattern_tells_widths_of_screens(rule: str, of_screens: bool) -> None:
    assert (WIDTH.search(rule) is None) == of_screens


@pytest.mark.parametrize("sheet", sorted(CSS.glob("*.css")), ids=lambda sheet: sheet.name)
def test_a_width_is_that_of_a_screen_unless_it_says_otherwise(sheet: Path) -> None:
    assert WIDTH.findall(sheet.read_text(encoding="utf-8")) == []
