"""A word names one thing: those that named several are in no identifier any more."""

import ast
import re
from collections.abc import Iterator

import pytest

from app.settings import ROOT

PACKAGES = ("app", "bench", "geo", "importers", "tests")
# What to write instead: cached, saved or stored; reported; candidates; similar or the same;
# excluded or out of reach; the text or query of a place, the words of a search.
AMBIGUOUS = frozenset({"kept", "told", "meant", "alike", "away", "typed"})
# The address that completes a place answers with the kind of each suggestion, and a column of
# digests has that name. Elsewhere: the type of a territory or commune, a login, a format.
EXEMPT = (
    "app/places/schemas.py",
    "app/models/protected.py",
    "app/records/",
    "app/lists/",
    "importers/identity.py",
    "importers/matching.py",
)
WORD = re.compile(r"[A-Z]+(?![a-z])|[A-Z]?[a-z]+")


def names_given(tree: ast.AST) -> Iterator[str]:
    """Yield the names that a module gives to what it holds; names of tests are sentences."""
    for node in ast.walk(tree):
        match node:
            case ast.FunctionDef(name=name) | ast.AsyncFunctionDef(name=name):
                if not name.startswith("test_"):
                    yield name
            case ast.ClassDef(name=name) | ast.Name(id=name, ctx=ast.Store()) | ast.arg(arg=name):
                yield name
            case ast.Attribute(attr=name, ctx=ast.Store()) | ast.alias(asname=str(name)):
                yield name


def unclear(path: str, source: str) -> set[str]:
    """Return the names of a module, its own among them, that have a word of several meanings."""
    avoided = AMBIGUOUS if path.startswith(EXEMPT) else AMBIGUOUS | {"kind", "kinds"}
    if not any(word in (path + source).lower() for word in avoided):
        return set()  # To read all modules for what most have no word of takes seconds.
    found = {path.rpartition("/")[2].removesuffix(".py"), *names_given(ast.parse(source))}
    return {name for name in found if not avoided.isdisjoint(map(str.lower, WORD.findall(name)))}


MODULES = [
    path.relative_to(ROOT).as_posix()
    for package in PACKAGES
    for path in sorted((ROOT / package).rglob("*.py"))
]


@pytest.mark.slow
def test_no_name_has_a_word_of_several_meanings() -> None:
    found = {path: unclear(path, (ROOT / path).read_text(encoding="utf-8")) for path in MODULES}
    assert {path: names for path, names in found.items() if names} == {}


@pytest.mark.parametrize(
    ("path", "source", "found"),
    [
        ("app/search/kept.py", "", {"kept"}),
        ("app/x.py", "KEPT_A_DAY = 1", {"KEPT_A_DAY"}),
        ("app/x.py", "class JournalKept: pass", {"JournalKept"}),
        ("app/x.py", "def f(typed): return [told for told in typed]", {"typed", "told"}),
        ("app/x.py", "self.far_away = 1\nimport x as alike", {"far_away", "alike"}),
        ("app/models/territory.py", "kind: str", {"kind"}),
        ("app/places/schemas.py", "kind: str", set()),
        ("app/x.py", "from typing import TypedDict\nparse(keep_blank_values=True)", set()),
        ("tests/x.py", "def test_what_is_typed(): 'kept'", set()),
    ],
)
def test_an_unclear_name_is_found(path: str, source: str, found: set[str]) -> None:
    assert unclear(path, source) == found
