"""One vocabulary of class names: what pages and scripts use is styled, what is styled is used."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from fnmatch import fnmatchcase
from pathlib import Path

import pytest

from app.settings import ROOT

TEMPLATES = ROOT / "app/templates"
PRINTS = (TEMPLATES / "public/prints", TEMPLATES / "desk/prints")
NAME = re.compile(r"[a-z0-9]+(-[a-z0-9]+)*(__[a-z]+(-[a-z]+)*)?(--[a-z0-9]+(-[a-z0-9]+)*)?")
# What a sheet has from pages as it is there.
SHARED = {"resource": (TEMPLATES / "macros/sheet_steps.html",)}
# Of Leaflet and Folium, which write them.
FOREIGN = ("leaflet-*", "folium-map")
# Without a style: what scripts and tests find elements by.
HOOKS = {"card__fact", "card__opening", "cluster--counted"}


@dataclass
class Pages:
    """Style sheets, and all that is written for them."""

    sheets: list[Path]
    templates: list[Path]
    scripts: list[Path]


SITE = Pages(
    sorted((ROOT / "static/css").glob("*.css")),
    [
        *(path for path in sorted(TEMPLATES.rglob("*.html")) if path.parent not in PRINTS),
        *sorted((ROOT / "geo").glob("*.py")),
    ],
    sorted((ROOT / "static/js").rglob("*.js")),
)
SHEETS = [
    Pages([path], [path.with_suffix(".html"), *SHARED.get(path.stem, ())], [])
    for folder in PRINTS
    for path in sorted(folder.glob("*.css"))
]
ALL = pytest.mark.parametrize(
    "pages", [SITE, *SHEETS], ids=["site", *(each.sheets[0].stem for each in SHEETS)]
)


def styled(sheet: str) -> set[str]:
    """Return the classes in the selectors of a style sheet."""
    rules = re.findall(r"([^{};]+)\{", re.sub(r"/\*.*?\*/", "", sheet, flags=re.DOTALL))
    return {name for rule in rules for name in re.findall(r"\.([A-Za-z][\w-]*)", rule)}


def written(template: str) -> Iterator[str]:
    """Yield the classes of a template; what an expression of it fills in is written *."""

    def fill(expression: re.Match[str]) -> str:
        return " ".join(re.findall(r"""["']([^"']+)["']""", expression[0])) or "*"

    for value in re.findall(r'class="((?:[^"{]|\{[^{]|\{\{.*?\}\})*)"', template):
        yield from re.sub(r"\{\{?.*?\}\}?", fill, value).split()


def set_by(script: str) -> Iterator[str]:
    """Yield the classes that a script sets, or finds elements by."""
    for text in re.findall(r'(?:className\s*[:=]\s*|\b(?:icon|circle)\()"([^"]+)"', script):
        yield from text.split()
    for text in re.findall(r'"([^"\n]*)"|`([^`]*)`', script):
        yield from re.findall(
            r"(?<![\w-])(?:[a-z-]+__[a-z-]+|[a-z-]+--[a-z]+|is-[a-z]+)", "".join(text)
        )
    for text in re.findall(
        r'(?:closest|matches|querySelector|querySelectorAll)\("([^"]+)"', script
    ):
        yield from re.findall(r"\.([a-z][\w-]*)", text)


def words_of(script: str) -> set[str]:
    """Return each word in a string of a script that could be a class."""
    texts = re.findall(r'"([^"\n]*)"|`([^`]*)`', script)
    return {word for text in texts for word in re.findall(r"[a-z][\w-]*", "".join(text))}


def all_styled(pages: Pages) -> set[str]:
    return set().union(*(styled(path.read_text()) for path in pages.sheets))


def all_used(pages: Pages) -> set[str]:
    found = [name for path in pages.templates for name in written(path.read_text())]
    found += [name for path in pages.scripts for name in set_by(path.read_text())]
    return set(found)


def foreign(name: str) -> bool:
    return any(fnmatchcase(name, each) for each in FOREIGN)


@ALL
def test_every_class_is_styled_or_a_known_hook(pages: Pages) -> None:
    known = all_styled(pages) | HOOKS
    for used in all_used(pages):
        assert foreign(used) or any(fnmatchcase(name, used) for name in known), used


@ALL
def test_every_styled_class_is_used(pages: Pages) -> None:
    used = all_used(pages).union(*(words_of(path.read_text()) for path in pages.scripts))
    for name in all_styled(pages):
        assert foreign(name) or any(fnmatchcase(name, each) for each in used), name


@ALL
def test_classes_are_blocks_with_their_parts_and_variants(pages: Pages) -> None:
    names = {name for name in all_styled(pages) | all_used(pages) if not foreign(name)}
    for name in names:
        assert NAME.fullmatch(name.replace("*", "x")), name
        block = re.split("__|--", name)[0]
        # A part of nothing, or a variant of nothing, is a word with two names.
        assert block in names, name


def test_a_class_is_found_wherever_it_is_written() -> None:
    assert styled("/* .no */ .a:not(.b) > .c__d, e { top: 0.5rem }") == {"a", "b", "c__d"}
    template = """<a class="a b--{{ kind }}{{ ' c' if d }}"><b class="{{ "e" if f }}">"""
    assert list(written(template)) == ["a", "b--*", "c", "e"]
    assert list(written("yield f'<path class=\"share-{step(2)}\"'")) == ["share-*"]
    script = (
        'a.className = "b c"; d("e__f g--h"); i.closest(".j > k"); l(`m__n${o ? " m--p" : ""}`)'
    )
    assert set(set_by(script)) == {"b", "c", "e__f", "g--h", "j", "m__n", "m--p"}
