"""Migrations are numbered in their order, and say whether the former release may go on."""

import ast

import pytest
from alembic.config import Config
from alembic.script import ScriptDirectory

from app.platform.database.schema import VERSIONS, newest_revision
from app.settings import ROOT

# The last one from before there was a former release: nobody serves what stood before it.
FIRST_RELEASE = "0100"
SAID = "former_release_goes_on"


def said(source: str) -> bool | None:
    """Return what a migration says of the former release; None where it says nothing."""
    for node in ast.parse(source).body:
        match node:
            case ast.Assign(targets=[ast.Name(id=name)], value=ast.Constant(value=bool(value))):
                if name == SAID:
                    return value
    return None


def test_the_last_number_is_the_head() -> None:
    script = ScriptDirectory.from_config(Config(ROOT / "alembic.ini"))
    assert script.get_current_head() == newest_revision()


def test_a_later_migration_has_a_higher_number() -> None:
    script = ScriptDirectory.from_config(Config(ROOT / "alembic.ini"))
    later = [each for each in script.walk_revisions() if each.revision > FIRST_RELEASE]
    assert later
    assert [each.revision for each in later if str(each.down_revision) >= each.revision] == []


def test_each_migration_says_whether_the_former_release_may_go_on() -> None:
    later = [path for path in VERSIONS.glob("[0-9]*.py") if path.name[:4] > FIRST_RELEASE]
    assert later
    assert [path.name for path in later if said(path.read_text("utf-8")) is None] == []


@pytest.mark.parametrize(
    ("source", "what"),
    [
        (f"{SAID} = True", True),
        (f"{SAID} = False", False),
        (f"{SAID} = None", None),
        (f"{SAID} = 'yes'", None),
        ("revision = '0102'", None),
        (f"def upgrade():\n    {SAID} = True", None),
    ],
)
def test_what_says_nothing_is_found(source: str, what: bool | None) -> None:
    assert said(source) is what
