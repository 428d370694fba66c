"""Files and functions stay as small as can be read at once."""

import ast
import statistics
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.architecture.statements import statements_of

ROOT = Path(__file__).resolve().parents[2]
OURS = ("app", "bench", "bin", "demo", "geo", "importers", "migrations", "static", "tests")
SUFFIXES = {".py", ".js", ".css", ".html"}
# Ours alone: what other projects wrote is not ours to part, and what has landed is never edited.
OTHERS = ("static/built/", "migrations/versions/")
FILE_MOST, MEDIAN_MOST, FUNCTION_MOST = 350, 100, 60


def sources() -> Iterator[Path]:
    for room in OURS:
        for path in sorted((ROOT / room).rglob("*")):
            name = path.relative_to(ROOT).as_posix()
            if path.suffix in SUFFIXES and path.is_file() and not name.startswith(OTHERS):
                yield path


def lines_of(path: Path) -> int:
    return len(path.read_text(encoding="utf-8").splitlines())


def long_functions(source: str) -> list[tuple[str, int]]:
    """Return the functions of a module above FUNCTION_MOST lines, docstring and all."""
    functions = (
        node
        for node in statements_of(source)
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef)
    )
    sizes = ((each.name, (each.end_lineno or each.lineno) - each.lineno + 1) for each in functions)
    return [(name, lines) for name, lines in sizes if lines > FUNCTION_MOST]


def test_no_file_is_too_long() -> None:
    sizes = {path.relative_to(ROOT).as_posix(): lines_of(path) for path in sources()}
    assert {name: lines for name, lines in sizes.items() if lines > FILE_MOST} == {}


def test_half_of_the_modules_of_app_are_short() -> None:
    sizes = [lines_of(path) for path in (ROOT / "app").rglob("*.py")]
    assert statistics.median(size for size in sizes if size > 1) <= MEDIAN_MOST


@pytest.mark.slow
def test_no_function_is_too_long() -> None:
    found = {
        f"{path.relative_to(ROOT)}: {name}": lines
        for path in sources()
        if path.suffix == ".py"
        for name, lines in long_functions(path.read_text(encoding="utf-8"))
    }
    assert found == {}


def test_a_function_that_is_too_long_is_found() -> None:
    source = "def short():\n    pass\n\n\nasync def long():\n" + "    pass\n" * FUNCTION_MOST
    assert long_functions(source) == [("long", FUNCTION_MOST + 1)]
