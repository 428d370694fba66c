"""A page of the desk is made after its transaction: its frame takes a connection of its own."""

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest

from app.settings import ROOT

DESK = sorted((ROOT / "app" / "desk").rglob("*.py"))
OPENED = {"read", "read_once", "write"}


def called(node: ast.AST) -> str:
    return node.func.id if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) else ""


def made_within(source: str) -> Iterator[int]:
    """Yield the lines that make a page while a session is open."""
    for block in ast.walk(ast.parse(source)):
        if isinstance(block, ast.With) and any(
            called(each.context_expr) in OPENED for each in block.items
        ):
            for line in block.body:
                yield from (each.lineno for each in ast.walk(line) if called(each) == "render")  # type: ignore[attr-defined]


@pytest.mark.parametrize("path", DESK, ids=lambda path: path.relative_to(ROOT).as_posix())
def test_no_page_is_made_while_a_session_is_open(path: Path) -> None:
    assert list(made_within(path.read_text())) == []


def test_one_that_is_made_within_is_found() -> None:
    planted = "with read(engine) as session:\n    if session:\n        return render(request)\n"
    assert list(made_within(planted)) == [3]
