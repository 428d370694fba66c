"""Another release than this one: a tree of its own, whose commands run on a database of a test.

`later` is this one with migrations that are not there yet, `former` what was released before the
last migration.
"""

import os
import shutil
import subprocess
import sys
import tarfile
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from io import BytesIO
from pathlib import Path

import pytest

from app.platform.database.schema import VERSIONS, newest_revision
from app.settings import ROOT

MESURE23 = Path(sys.executable).with_name("mesure23")
CODE = ("app", "geo", "importers", "migrations")
OF_FORMER = (*CODE, "alembic.ini", "demo", "static", "tests")
BACK_AND_FORTH = "tests/back_and_forth.py"
NO_HISTORY = (
    "The former release is found in the history of git, and there is none here, or not all of it:"
    " clone the project whole (git fetch --unshallow). git says: {why}"
)
MIGRATION = """
from alembic import op
from migrations.indexes import create_index_alongside

revision = "{number}"
down_revision = "{former}"
former_release_goes_on = {goes_on}
unused_since = "{since}"


def upgrade() -> None:
    {upgrade}


def downgrade() -> None:
    {downgrade}
"""


@dataclass(frozen=True)
class Release:
    """The tree of a release, and the environment of its commands."""

    root: Path
    settings: Mapping[str, str]

    @property
    def environment(self) -> dict[str, str]:
        dropped = ("MESURE23_", "PORT", "PYTHONDONTWRITEBYTECODE")
        mine = {k: v for k, v in os.environ.items() if not k.startswith(dropped)}
        return mine | dict(self.settings) | {"PYTHONPATH": str(self.root)}

    @contextmanager
    def started(self, *arguments: str | Path, **variables: str) -> Iterator[subprocess.Popen[str]]:
        """Yield a command that runs; it is killed at the end."""
        pipe = subprocess.PIPE
        environment = self.environment | variables
        child = subprocess.Popen(
            [MESURE23, *arguments], env=environment, stdout=pipe, stderr=pipe, text=True
        )
        try:
            yield child
        finally:
            child.kill()
            child.communicate()

    @contextmanager
    def serving(self, *options: str) -> Iterator[str]:
        """Serve public pages, or what the options of a command say; yield where."""
        with self.started("serve", *(options or ("--public",)), PORT="0") as service:
            assert service.stdout is not None
            lines = []
            for line in service.stdout:
                lines.append(line)
                # Lines of the log may come first.
                if "http://" in line:
                    yield line.split()[3]
                    return
            pytest.fail(f"The service did not start: {lines}, {service.communicate()[1]}")

    def run(self, *arguments: str | Path) -> subprocess.CompletedProcess[str]:
        """Run a command to its end."""
        with self.started(*arguments) as child:
            out, err = child.communicate(timeout=120)
        return subprocess.CompletedProcess(arguments, child.returncode, out, err)

    def python(self, *arguments: str) -> str:
        """Run Python in the tree; return what it printed."""
        done = subprocess.run(
            [sys.executable, *arguments],
            env=self.environment,
            cwd=self.root,
            capture_output=True,
            text=True,
            check=False,
            timeout=120,
        )
        assert done.returncode == 0, done.stderr
        return done.stdout


def numbers(count: int) -> list[str]:
    """Return the numbers of the next migrations."""
    return [f"{int(newest_revision()) + each:04}" for each in range(1, count + 1)]


def later(
    root: Path, settings: Mapping[str, str], *upgrades: str, goes_on: bool = True, since: int = 0
) -> Release:
    """Return this release with one more migration for each upgrade. goes_on: what all of them say
    of the release before. since: after how many of them nothing uses any more what the last one
    takes away.
    """
    for name in CODE:
        shutil.copytree(ROOT / name, root / name, ignore=shutil.ignore_patterns("__pycache__"))
    shutil.copy(ROOT / "alembic.ini", root)
    (root / "node_modules").symlink_to(ROOT / "node_modules")
    former = newest_revision()
    gone_since = [former, *numbers(len(upgrades))]
    for number, upgrade in zip(numbers(len(upgrades)), upgrades, strict=True):
        path = root / "migrations" / "versions" / f"{number}_planted.py"
        path.write_text(
            MIGRATION.format(
                number=number,
                former=former,
                goes_on=goes_on,
                since=gone_since[since if upgrade is upgrades[-1] else 0],
                upgrade=upgrade,
                downgrade="pass",
            )
        )
        former = number
    return Release(root, settings)


def former(root: Path, settings: Mapping[str, str]) -> Release:
    """Return what stood before the last migration was added; fails where no history says it."""
    if _git("rev-parse", "--is-shallow-repository") != b"false\n":
        pytest.fail(NO_HISTORY.format(why="shallow clone"))
    last = next(VERSIONS.glob(f"{newest_revision()}_*.py")).relative_to(ROOT)
    added = _git("log", "--diff-filter=A", "--format=%H", "-1", "--", str(last)).decode().strip()
    # One that nobody has committed yet comes after all that is.
    archive = _git("archive", f"{added}^" if added else "HEAD", *OF_FORMER)
    with tarfile.open(fileobj=BytesIO(archive)) as tree:
        tree.extractall(root, filter="data")
    (root / "node_modules").symlink_to(ROOT / "node_modules")
    if not (root / BACK_AND_FORTH).exists():
        shutil.copy(ROOT / BACK_AND_FORTH, root / BACK_AND_FORTH)
    release = Release(root, settings)
    release.python("-m", "app.platform.web.assets")
    (root / "static/built/ground").symlink_to(ROOT / "static/built/ground")
    return release


def _git(*arguments: str) -> bytes:
    done = subprocess.run(["git", "-C", ROOT, *arguments], capture_output=True, check=False)
    if done.returncode:
        pytest.fail(NO_HISTORY.format(why=done.stderr.decode(errors="replace").strip()))
    return done.stdout
