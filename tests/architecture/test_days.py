"""A day that people read is one of Paris, by one helper: of UTC it is another one at night."""

import ast
import re
from collections.abc import Iterator

import pytest

from app.settings import ROOT

# What takes the day of a moment by itself: the helper, opening hours by their own clock, moments of
# Paris already, and dates that somebody gave.
OWN = {
    "geo/zones.py",
    "app/hours/opening.py",
    "app/hours/words.py",
    "app/public/exports/as_csv.py",
    "app/public/prints/content.py",
    "app/commands/registers.py",
    "app/commands/unprotect.py",
    "importers/reader_child.py",
}
DAY = re.compile(r"\b(?:date|today)\b")


def days_taken(source: str) -> Iterator[str]:
    """Yield what takes the day of a moment, as it is written."""
    if not DAY.search(source):
        return  # To read all modules for what most have no word of takes seconds.
    for node in ast.walk(ast.parse(source)):
        match node:
            case ast.Call(func=ast.Attribute(attr="date" | "today"), args=[], keywords=[]):
                yield ast.unparse(node)


def test_days_are_those_of_paris() -> None:
    paths = [path for room in ("app", "geo", "importers") for path in (ROOT / room).rglob("*.py")]
    found = {
        path.relative_to(ROOT).as_posix(): list(days_taken(path.read_text(encoding="utf-8")))
        for path in paths
    }
    assert {path: days for path, days in found.items() if days and path not in OWN} == {}
    assert all(found[path] for path in OWN)


def test_templates_take_no_day_by_themselves() -> None:
    templates = (ROOT / "app" / "templates").rglob("*.html")
    assert [path.name for path in templates if ".date()" in path.read_text(encoding="utf-8")] == []


@pytest.mark.parametrize(
    ("source", "found"),
    [
        ("day = datetime.now(UTC).date()", ["datetime.now(UTC).date()"]),
        ("day = date.today()", ["date.today()"]),
        ("day = paris_day(now)", []),
        ("date(2026, 1, 1)", []),
    ],
)
def test_a_day_taken_otherwise_is_found(source: str, found: list[str]) -> None:
    assert list(days_taken(source)) == found
