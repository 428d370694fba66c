"""Shapes: every category has one, and none of them says anything by colour alone."""

import xml.etree.ElementTree as ET

from app.settings import ROOT
from importers import vocabulary

SPRITE = ROOT / "static/shapes.svg"


def test_every_category_has_a_drawing() -> None:
    names = {symbol.get("id") for symbol in ET.parse(SPRITE).getroot()}  # noqa: S314
    assert {category.shape for category in vocabulary.load().categories.values()} <= names


def test_drawings_leave_colour_to_the_family() -> None:
    painted = [
        element.tag
        for element in ET.parse(SPRITE).iter()  # noqa: S314
        if {"fill", "stroke", "style"} & set(element.keys())
    ]
    assert not painted


def test_each_drawing_fills_the_same_square() -> None:
    # What is readable at 22 px is one shape of 24 units, not a scene with small parts.
    for symbol in ET.parse(SPRITE).getroot():  # noqa: S314
        assert symbol.get("viewBox") == "0 0 24 24"
        assert len(symbol) == 1, symbol.get("id")


def test_logo_of_pages_is_the_icon_of_their_tab() -> None:
    drawn = (ROOT / "static/icon.svg").read_text(encoding="utf-8").partition(">")[2]
    assert drawn.strip() in (ROOT / "app/templates/macros/mark.html").read_text(encoding="utf-8")
