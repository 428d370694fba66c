"""Each rule of lists has a test that finds its reversal, planted in a copy of the sources.

reversals.toml holds, for each file and rule, a text of the file, what turns the rule round in its
place, and the test that must fail then. Who moves such a text moves it there as well.
"""

import os
import re
import shutil
import subprocess
import sys
import tomllib
from collections.abc import Sequence
from pathlib import Path
from typing import NamedTuple

import pytest

from app.settings import ROOT

COPIED = ("app", "geo", "importers", "migrations", "static", "tests")
FILES = ("pyproject.toml", "alembic.ini")
# What is installed or prepared, and the cluster of the tests.
SHARED = ("node_modules", "var")


class Reversal(NamedTuple):
    """A text that stands once in a file, what turns its rule round, the test that finds it."""

    rule: str
    file: str
    text: str
    instead: str
    test: str


def reversals() -> list[Reversal]:
    table = tomllib.loads(Path(__file__).with_name("reversals.toml").read_text(encoding="utf-8"))
    return [
        Reversal(rule, file, *planted)
        for file, rules in table.items()
        for rule, planted in rules.items()
    ]


REVERSALS = reversals()


def run(tree: Path, tests: Sequence[str]) -> subprocess.CompletedProcess[str]:
    """Run tests of a copy of the sources, up to the first one that fails."""
    command = [sys.executable, "-m", "pytest", "-x", "-q", "-p", "no:cacheprovider", *tests]
    env = {**os.environ, "PYTHONPATH": str(tree)}
    return subprocess.run(command, cwd=tree, env=env, capture_output=True, text=True)


@pytest.fixture(scope="module")
def tree(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A copy of the sources in which something may be planted."""
    tree = tmp_path_factory.mktemp("reversed")
    for folder in COPIED:
        ignored = shutil.ignore_patterns("__pycache__")
        shutil.copytree(ROOT / folder, tree / folder, ignore=ignored)
    for name in SHARED:
        (tree / name).symlink_to(ROOT / name)
    for name in FILES:
        shutil.copy(ROOT / name, tree)
    return tree


def stands(planted: Reversal) -> bool:
    """Return whether a text stands once in its file, and its test where it is said to be."""
    file, _, name = planted.test.partition("::")
    tested = (ROOT / file).read_text(encoding="utf-8")
    once = (ROOT / planted.file).read_text(encoding="utf-8").count(planted.text) == 1
    return once and re.search(rf"^def {re.escape(name)}\(", tested, re.MULTILINE) is not None


def test_what_is_reversed_stands_once_and_has_its_test() -> None:
    assert [planted.rule for planted in REVERSALS if not stands(planted)] == []


@pytest.mark.long
def test_nothing_fails_before_something_is_reversed(tree: Path) -> None:
    done = run(tree, sorted({planted.test for planted in REVERSALS}))
    assert done.returncode == 0, done.stdout


@pytest.mark.long
@pytest.mark.parametrize("planted", REVERSALS, ids=lambda each: each.rule)
def test_a_planted_reversal_is_found(tree: Path, planted: Reversal) -> None:
    path = tree / planted.file
    source = path.read_text(encoding="utf-8")
    path.write_text(source.replace(planted.text, planted.instead), encoding="utf-8")
    try:
        done = run(tree, [planted.test])
    finally:
        path.write_text(source, encoding="utf-8")
    assert done.returncode == pytest.ExitCode.TESTS_FAILED, done.stdout
