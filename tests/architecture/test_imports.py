"""Nobody imports a private name: it may change without a word, in our own modules as elsewhere."""

import ast
from collections.abc import Iterator

import pytest

from app.settings import ROOT
from tests.architecture.statements import statements_of

ROOMS = ("app", "bench", "bin", "demo", "geo", "importers", "migrations", "tests")
MODULES = sorted(path for room in ROOMS for path in (ROOT / room).rglob("*.py"))


def private_imports(source: str) -> Iterator[str]:
    """Yield what a module imports by a name that begins with one underscore."""
    for node in statements_of(source):
        names: list[str] = []
        if isinstance(node, ast.ImportFrom):
            names = [f"{node.module or ''}.{each.name}" for each in node.names]
        elif isinstance(node, ast.Import):
            names = [each.name for each in node.names]
        yield from (name for name in names if any(map(_private, name.split("."))))


def _private(part: str) -> bool:
    return part.startswith("_") and not part.startswith("__")


@pytest.mark.slow
def test_no_module_imports_a_private_name() -> None:
    found = {
        str(path.relative_to(ROOT)): [*private_imports(path.read_text(encoding="utf-8"))]
        for path in MODULES
    }
    assert {name: names for name, names in found.items() if names} == {}


@pytest.mark.parametrize(
    ("line", "found"),
    [
        ("from fastapi.routing import _IncludedRouter", "fastapi.routing._IncludedRouter"),
        ("from app._private import thing", "app._private.thing"),
        ("import app.search._hidden as shown", "app.search._hidden"),
        ("from . import _near", "._near"),
    ],
)
def test_a_private_name_is_found(line: str, found: str) -> None:
    assert list(private_imports(f"def inside():\n    {line}\n")) == [found]


def test_public_names_pass() -> None:
    lines = "from __future__ import annotations\nfrom bench.__main__ import LABELS\nimport app.main"
    assert list(private_imports(lines)) == []
