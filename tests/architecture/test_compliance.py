"""What docs/conformite says of the program: periods, tables, files and commands that are so."""

import re
from pathlib import Path
from typing import Any

import pytest
import typer.main

from app.audit.actions import LABELS, Action
from app.cli import load
from app.models import Base
from app.operations.period import Period
from app.operations.retention import RETENTION
from app.settings import ROOT

FOLDER = ROOT / "docs" / "conformite"
PAGES = sorted(FOLDER.glob("*.md"))
REGISTER = (FOLDER / "registre-des-traitements.md").read_text("utf-8")


def exists(words: list[str]) -> bool:
    """Say whether these words are a command."""
    command: Any = typer.main.get_command(load())
    for word in words:
        # Not of click's class: typer has its own.
        command = getattr(command, "commands", {}).get(word)
    return command is not None


@pytest.mark.parametrize("period", RETENTION, ids=lambda period: period.what[:30])
def test_the_register_says_each_period_as_it_is(period: Period) -> None:
    assert f"  - {period.what} : {period.how_long}\n" in REGISTER


def test_the_register_says_no_other_period() -> None:
    said = re.findall(r"^  - ([a-z].*?) : ", REGISTER, re.MULTILINE)
    assert set(said) == {period.what for period in RETENTION}


def test_each_table_belongs_to_a_processing_or_holds_nobody() -> None:
    annex = REGISTER.split("## Annexe")[1].split("La file des travaux")[0]
    assert sorted(re.findall(r"`(\w+)`", annex)) == sorted(Base.metadata.tables)


def is_there(name: str) -> bool:
    """Say whether a file is there, and a test in it where one is named after "::"."""
    path, _, test = name.partition("::")
    file = ROOT / path
    return file.exists() and (not test or f"def {test}(" in file.read_text("utf-8"))


def test_what_professionals_are_given_is_among_the_feared_events_and_in_the_72_hours() -> None:
    dossier = (FOLDER / "homologation.md").read_text("utf-8")
    feared, _, later = dossier.partition("### Pannes essayées")
    for name in ("tests/desk/test_contacts_revealed.py", "tests/attack/test_desk_revealed.py"):
        assert f"`{name}::" in feared, name
    hours = later.partition("72 heures")[2]
    for given in (Action.CONTACT_REVEALED, Action.CONTACT_GIVEN, Action.ADDRESS_REVEALED):
        assert f"« {LABELS[given]} »" in hours, given


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)
def test_files_and_commands_that_are_named_exist(page: Path) -> None:
    text = page.read_text("utf-8")
    files = set(re.findall(r"`((?:app|importers|tests)/[^`]*)`", text))
    assert [name for name in sorted(files) if not is_there(name)] == []
    commands = re.findall(r"mesure23 ([a-z]+)(?: (verify|export|prune|rehearse))?", text)
    assert [given for given in commands if not exists([each for each in given if each])] == []
