"""Pages write one apostrophe in French, the curly one: templates, scripts, and what errors say."""

import ast
import re
from collections.abc import Iterator

import pytest

from app.settings import ROOT

# Rooms whose texts are shown on pages; commands have a keyboard's apostrophe.
SHOWN = (
    "errors.py",
    "embeds/",
    "hours/",
    "maps/",
    "places/",
    "platform/web/",
    "public/",
    "search/",
)
ELISION = re.compile(r"\b(?:[cdjlmnst]|qu|jusqu|lorsqu|puisqu|quelqu)'(?=\w)", re.IGNORECASE)
JINJA = re.compile(r"\{#.*?#\}|\{%.*?%\}", re.DOTALL)
COMMENT = re.compile(r"/\*.*?\*/|^\s*//.*$", re.DOTALL | re.MULTILINE)


def shown_by(source: str) -> Iterator[str]:
    """Yield the texts of a module: those of expressions, and docstrings of errors."""
    tree = ast.parse(source)
    described = (ast.Module, ast.ClassDef, ast.FunctionDef, ast.AsyncFunctionDef)
    said = {
        id(node.body[0].value)
        for node in ast.walk(tree)
        if isinstance(node, described)
        and node.body
        and isinstance(node.body[0], ast.Expr)
        # The docstring of an error is its message.
        and not (
            isinstance(node, ast.ClassDef) and any("Error" in ast.unparse(b) for b in node.bases)
        )
    }
    for node in ast.walk(tree):
        if isinstance(node, ast.Constant) and isinstance(node.value, str) and id(node) not in said:
            yield node.value


def elisions() -> Iterator[str]:
    """Yield each straight apostrophe of a text that pages show, with its file."""
    app = ROOT / "app"
    for path in sorted(app.rglob("*.html")):
        text = JINJA.sub("", path.read_text(encoding="utf-8"))
        yield from (
            f"{path.name}: {text[m.start() : m.end() + 20]}" for m in ELISION.finditer(text)
        )
    for path in sorted(app.rglob("*.py")):
        if path.relative_to(app).as_posix().startswith(SHOWN):
            for text in shown_by(path.read_text(encoding="utf-8")):
                if ELISION.search(text):
                    yield f"{path.name}: {text[:60]}"
    scripts = [*(ROOT / "static/js").rglob("*.js"), *(app / "search").glob("*.toml")]
    words = [*(app / "reference").glob("*.toml"), ROOT / "importers/vocabulary.toml"]
    for path in sorted([*scripts, *words]):
        text = path.read_text(encoding="utf-8")
        text = COMMENT.sub("", text) if path.suffix == ".js" else re.sub("(?m)^#.*$", "", text)
        yield from (
            f"{path.name}: {text[m.start() : m.end() + 20]}" for m in ELISION.finditer(text)
        )


def test_pages_write_one_apostrophe() -> None:
    assert not list(elisions())


@pytest.mark.parametrize(
    ("source", "found"),
    [
        ('said = "Cherchez l\'acteur."', True),
        ('class Gone(Mesure23Error):\n    """Cette page n\'existe plus."""', True),
        ('def of(name):\n    """Return what "Val-d\'Oise" means."""', False),
        ('said = "Cherchez l’acteur."', False),
    ],
)
def test_a_straight_one_is_found_where_it_is_shown(source: str, found: bool) -> None:
    assert any(ELISION.search(text) for text in shown_by(source)) == found
