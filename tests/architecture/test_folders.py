"""tests/ mirrors the rooms of app/, so that a name says where a new test goes."""

import re
from pathlib import Path

import pytest

from app.settings import ROOT

TESTS = ROOT / "tests"
# What is no room: each is described in tests/README.md.
ACROSS_ROOMS = frozenset({"architecture", "attack", "browser", "e2e", "image", "outside"})
# Packages and folders beside app/ that have tests of their own.
BESIDE_APP = frozenset({"bench", "deploy", "geo", "importers", "static"})
# Rooms whose own folders are mirrored as well.
OF_SEVERAL = ("platform", "public")


def folders(parent: Path) -> set[str]:
    """Return the names of the folders in a folder that hold tests or what tests need."""
    return {path.name for path in parent.iterdir() if path.is_dir() and any(path.rglob("*.py"))}


def rooms(parent: Path) -> set[str]:
    """Return the names of the packages and modules in a package."""
    return folders(parent) | {path.stem for path in parent.glob("*.py")}


def test_each_folder_is_a_room_or_tests_across_rooms() -> None:
    assert all((ROOT / name).is_dir() for name in BESIDE_APP)
    assert folders(TESTS) - ACROSS_ROOMS - BESIDE_APP - rooms(ROOT / "app") == set()


@pytest.mark.parametrize("room", OF_SEVERAL)
def test_folders_of_a_room_are_those_of_its_package(room: str) -> None:
    assert folders(TESTS / room) - rooms(ROOT / "app" / room) == set()


@pytest.mark.parametrize("folder", [TESTS, TESTS / "platform"])
def test_no_test_lies_loose(folder: Path) -> None:
    assert list(folder.glob("test_*.py")) == []


def test_each_folder_is_described() -> None:
    described = set(re.findall(r"`([a-z0-9]+)/", (TESTS / "README.md").read_text(encoding="utf-8")))
    assert folders(TESTS) - described == set()


def test_what_folders_share_is_in_a_plain_module() -> None:
    wrong = {}
    for path in sorted(TESTS.rglob("*.py")):
        own = ".".join(path.parent.relative_to(ROOT).parts)
        source = path.read_text(encoding="utf-8")
        found = r"^from (tests(?:\.\w+)*)\.(?:conftest|test_\w+) "
        if taken := {*re.findall(found, source, re.MULTILINE)} - {own}:
            wrong[str(path.relative_to(TESTS))] = taken
    assert wrong == {}
