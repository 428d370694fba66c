"""Another release than this one: a tree of its own, whose commands run on a database of a test.

`later` is this one with migrations that are not there yet, `former` what was released before the
last migration.
"""

import os
import shutil
import subprocess
import sys
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from app.platform.database.schema import newest_revision
from app.settings import ROOT

MESURE23 = Path(sys.executable).with_name("mesure23")
CODE = ("app", "geo", "importers", "migrations")
MIGRATION = """
from alembic import op
from migrations.indexes import create_index_alongside

revision = "{number}"
down_revision = "{former}"
former_release_goes_on = {goes_on}


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

    def run(self, *arguments: str | Path) -> subprocess.CompletedProcess[str]:
        with self.started(*arguments) as child:
            out, err = child.communicate(timeout=120)
        return subprocess.CompletedProcess(arguments, child.returncode, out, err)


def numbers(count: int) -> list[str]:
    """Return the numbers of the next migrations."""
    return [f"{int(newest_revision()) + each:04}" for each in range(1, count + 1)]


def later(root: Path, settings: Mapping[str, str], *upgrades: str, goes_on: bool = True) -> Release:
    """Return this release with one more migration for each upgrade. goes_on: what all of them say
    of the release before.
    """
    for name in CODE:
        shutil.copytree(ROOT / name, root / name, ignore=shutil.ignore_patterns("__pycache__"))
    shutil.copy(ROOT / "alembic.ini", root)
    (root / "node_modules").symlink_to(ROOT / "node_modules")
    former = newest_revision()
    for number, upgrade in zip(numbers(len(upgrades)), upgrades, strict=True):
        path = root / "migrations" / "versions" / f"{number}_planted.py"
        path.write_text(
            MIGRATION.format(
                number=number, former=former, goes_on=goes_on, upgrade=upgrade, downgrade="pass"
            )
        )
        former = number
    return Release(root, settings)
