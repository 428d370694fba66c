"""Each contract among rooms finds an import that breaks it, planted in a copy of the sources."""

import os
import re
import shutil
import subprocess
import sys
import tomllib
from pathlib import Path

import pytest

from app.settings import ROOT

PYPROJECT = ROOT / "pyproject.toml"
ONE_WAY = "Imports run one way: app -> importers -> geo"
NO_WEB = "Geography and importers know nothing of the web or the database session"
LAYERS = "A room imports only what stands below it"
VISITORS = "What answers visitors reaches no sealed record, no key, no list and no other login"
PLATFORM = "The platform knows no actor"
FEATURES = "No feature of public pages or of the desk imports another"
EDGE = "Pages are the edge: only what builds the application imports them"
CIRCLES = "No circle among packages"

# A contract, a module that is added, and what it imports.
PLANTS = [
    (ONE_WAY, "geo.up", "app.errors"),
    (ONE_WAY, "importers.up", "app.errors"),
    (NO_WEB, "importers.web", "fastapi"),
    (NO_WEB, "geo.sql", "sqlalchemy"),
    (LAYERS, "app.search.up", "app.records"),
    (LAYERS, "app.lists.up", "app.commands"),
    (LAYERS, "app.desk.today.page", "app.public.home"),
    (LAYERS, "app.public.home.desk", "app.desk.today"),
    (LAYERS, "app.jobs.page", "app.public.home"),
    (VISITORS, "app.public.search.key", "app.vault"),
    (VISITORS, "app.public.embeds.list", "app.lists"),
    (VISITORS, "app.public.legal.login", "app.runtime.staff"),
    (VISITORS, "app.places.key", "app.vault"),
    (VISITORS, "app.public.home.people", "app.accounts"),
    (VISITORS, "app.public.home.who", "app.audit"),
    # Two steps, by way of a room that a page may import.
    (VISITORS, "app.public.exports.way", "app.embeds.way"),
    (VISITORS, "app.embeds.way", "app.records.record"),
    (PLATFORM, "app.platform.web.who", "app.visibility"),
    (PLATFORM, "app.platform.database.who", "app.models.actor"),
    (FEATURES, "app.public.prints.other", "app.public.embeds.builder_routes"),
    (FEATURES, "app.desk.today.other", "app.desk.journal"),
    (EDGE, "app.operations.page", "app.public.home.routes"),
    (EDGE, "app.commands.page", "app.desk.today"),
    (EDGE, "app.commands.support.server_of_desk", "app.desk.application"),
    (CIRCLES, "app.platform.database.back", "app.platform.web"),
]


def checked(tree: Path, added: dict[str, str]) -> dict[str, str]:
    """Return what import-linter says of a copy of the sources, by the contract that is broken."""
    for package in ("app", "geo", "importers"):
        shutil.copytree(
            ROOT / package, tree / package, ignore=shutil.ignore_patterns("__pycache__")
        )
    for name, source in added.items():
        path = tree / name
        assert not path.exists(), name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(source, encoding="utf-8")
    command = Path(sys.executable).with_name("lint-imports")
    said = subprocess.run(
        [command, "--no-cache", "--no-logo", PYPROJECT],
        cwd=tree,
        # Wide enough for no name to be broken; the copy, not the checkout, is what it reads.
        env={**os.environ, "COLUMNS": "200", "PYTHONPATH": str(tree)},
        capture_output=True,
        text=True,
    )
    broken = dict.fromkeys(re.findall(r"^(.+) BROKEN", said.stdout, re.MULTILINE), "")
    assert said.returncode == bool(broken), said.stdout + said.stderr
    return broken | {name: section(said.stdout, name) for name in broken}


def section(said: str, name: str) -> str:
    """Return what is said of a broken contract, below its name as a title."""
    _, below = said.split(f"\n{name}\n{'-' * len(name)}\n")
    return re.split(r"\n.+\n-{5,}\n", below)[0]


@pytest.fixture(scope="module")
def broken(tmp_path_factory: pytest.TempPathFactory) -> dict[str, str]:
    """What is said of the sources with all that is planted, and with a module in no room."""
    planted = {
        f"{module.replace('.', '/')}.py": f"import {imported}\n" for _, module, imported in PLANTS
    }
    tree = tmp_path_factory.mktemp("planted")
    return checked(tree, {"app/loose.py": "", **planted})


@pytest.mark.parametrize(("contract", "module", "imported"), PLANTS)
def test_a_planted_import_is_found(
    broken: dict[str, str], contract: str, module: str, imported: str
) -> None:
    said = f"{module} -> {imported}"
    if contract == CIRCLES:
        said = ".database -> .web"
    assert said in broken[contract]


def test_a_module_that_lies_loose_is_found(broken: dict[str, str]) -> None:
    assert "app.loose" in broken[LAYERS]


def test_what_builds_the_application_may_import_pages(tmp_path: Path) -> None:
    assert checked(tmp_path, {}) == {}


def test_every_contract_is_tried() -> None:
    declared = tomllib.loads(PYPROJECT.read_text(encoding="utf-8"))["tool"]["importlinter"]
    assert {each["name"] for each in declared["contracts"]} == {name for name, *_ in PLANTS}
