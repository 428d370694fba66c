"""What is declared, what is locked, and that no lock sends anybody to a registry of ours."""

import json
import re
import tomllib
from pathlib import Path

import pytest
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

from app.settings import ROOT

LOCKS = sorted((ROOT / "requirements").glob("*.lock"))
PIN = re.compile(r"^([A-Za-z0-9._-]+)(?:\[[^]]*\])?==([^\s;\\]+)")
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text())
GROUPS: dict[str, list[str]] = PROJECT["dependency-groups"]
RUN = [*PROJECT["project"]["dependencies"], *GROUPS["build"]]


def entries(lock: Path) -> list[str]:
    """Each pinned requirement with the lines that belong to it."""
    found: list[str] = []
    for line in lock.read_text().splitlines():
        if line.startswith("#") or not line.strip():
            continue
        if line.startswith(" "):
            found[-1] += "\n" + line
        else:
            found.append(line)
    return found


def pins(lock: Path) -> dict[str, set[str]]:
    found: dict[str, set[str]] = {}
    for entry in entries(lock):
        match = PIN.match(entry)
        assert match, f"{lock.name}: not pinned: {entry}"
        found.setdefault(canonicalize_name(match[1]), set()).add(match[2])
    return found


@pytest.mark.parametrize(
    ("lock", "declared"), [("run.lock", RUN), ("dev.lock", [*RUN, *GROUPS["dev"]])]
)
def test_every_declared_dependency_is_locked_within_its_bounds(
    lock: str, declared: list[str]
) -> None:
    locked = pins(ROOT / "requirements" / lock)
    for requirement in map(Requirement, declared):
        versions = locked.get(canonicalize_name(requirement.name))
        assert versions, f"{requirement} is not in {lock}: run bin/lock"
        for version in versions:
            assert requirement.specifier.contains(version, prereleases=True), (
                f"{lock}: run bin/lock"
            )


@pytest.mark.parametrize("name", ["uv", "node", "data"])
def test_pinned_inputs_and_their_locks_agree(name: str) -> None:
    locked = pins(ROOT / "requirements" / f"{name}.lock")
    for line in (ROOT / "requirements" / f"{name}.in").read_text().split():
        package, _, version = line.partition("==")
        assert locked[canonicalize_name(package)] == {version}


def test_locks_declare_nothing_that_the_project_does_not_ask_for() -> None:
    asked = {canonicalize_name(Requirement(each).name) for each in [*RUN, *GROUPS["dev"]]}
    direct = {
        canonicalize_name(entry.partition("==")[0].partition("[")[0])
        for entry in entries(ROOT / "requirements/dev.lock")
        if "(pyproject.toml" in entry
    }
    assert direct == asked


def test_run_and_development_install_the_same_versions() -> None:
    development = pins(ROOT / "requirements/dev.lock")
    for name, versions in pins(ROOT / "requirements/run.lock").items():
        assert development[name] == versions


@pytest.mark.parametrize("lock", LOCKS, ids=lambda lock: lock.name)
def test_every_pin_has_hashes_and_no_address(lock: Path) -> None:
    assert entries(lock)
    for entry in entries(lock):
        assert "--hash=sha256:" in entry, entry
    assert "://" not in lock.read_text()
    assert "--index-url" not in lock.read_text()


def test_npm_lock_agrees_and_holds_no_address() -> None:
    declared = json.loads((ROOT / "package.json").read_text())
    locked = json.loads((ROOT / "package-lock.json").read_text())["packages"]
    for section in ("dependencies", "devDependencies"):
        assert locked[""].get(section, {}) == declared.get(section, {})
        for name, version in declared.get(section, {}).items():
            assert locked[f"node_modules/{name}"]["version"] == version
    for name, package in locked.items():
        assert name == "" or package["integrity"].startswith("sha512-")
        assert "resolved" not in package
        # Where its makers take donations is the one address that a package may bring along.
        package.pop("funding", None)
    assert "://" not in json.dumps(locked)
