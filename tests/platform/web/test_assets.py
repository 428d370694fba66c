"""Bundles of the pages: made again where a source changed, and never half of one."""

from pathlib import Path

import pytest

from app.platform.web.assets import BundlingFailed, build
from app.settings import ROOT


@pytest.fixture
def root(tmp_path: Path) -> Path:
    """A checkout of two sources, with our packages."""
    (tmp_path / "node_modules").symlink_to(ROOT / "node_modules")
    for name, text in (
        ("css/pages/a.css", '@import "../b.css";'),
        ("css/b.css", ".b { color: red }"),
        ("js/pages/a.js", 'import "../b.js";'),
        ("js/b.js", "window.b = 1 + 1;"),
    ):
        file = tmp_path / "static" / name
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(text)
    return tmp_path


def test_a_bundle_is_one_file_with_what_it_imports(root: Path) -> None:
    assert build(root)
    assert (root / "static/built/a.css").read_text() == ".b{color:red}\n"
    assert "window.b=2" in (root / "static/built/a.js").read_text()
    assert (root / "static/built/.compressed/built/a.js.br").exists()
    assert build(root) == 0


def test_a_source_that_changed_is_bundled_again_and_one_that_went_is_served_no_more(
    root: Path,
) -> None:
    build(root)
    (root / "static/css/b.css").write_text(".b { color: blue }")
    (root / "static/js/pages/a.js").unlink()
    build(root)
    assert "#00f" in (root / "static/built/a.css").read_text()
    assert not (root / "static/built/a.js").exists()


def test_a_source_that_is_wrong_stops_and_leaves_what_was_there(root: Path) -> None:
    build(root)
    (root / "static/js/b.js").write_text("window.b = ;")
    with pytest.raises(BundlingFailed, match=r"b\.js"):
        build(root)
    assert "window.b=2" in (root / "static/built/a.js").read_text()
