"""`mesure23 user …` as people type it: an account from its making to its end."""

import json
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest

from geo.zones import paris_day
from tests.commands.conftest import Command, Installation

MAIL = "camille@example.org"


@pytest.fixture(scope="module", autouse=True)
def service(installation: Installation) -> Iterator[None]:
    """A running service, which has territories."""
    started, _ = installation.serve("--no-worker")
    yield
    assert started.poll() is None, "a command stopped the service"


@pytest.mark.slow
def test_an_account_is_made_handed_out_and_deleted(command: Command) -> None:
    made = command(
        *("user", "create", MAIL, "--name", "Camille Exemple", "--chief", "chef@example.org"),
        *("--role", "referent_departement", "--territory", "93"),
    )
    assert made.code == 0, made.err
    said = json.loads(command("user", "export", MAIL).out)
    assert said["compte"]["adresse_du_responsable"] == "chef@example.org"
    assert [each["geste"] for each in said["journal"]] == ["Invitation envoyée"]
    gone = command("user", "delete", MAIL, "--yes")
    assert gone.code == 0, gone.err
    assert said["compte"]["identifiant"] in gone.out
    assert MAIL not in command("user", "list").out
    for again in (("export", MAIL), ("delete", MAIL, "--yes")):
        answer = command("user", *again)
        assert answer.code == 1
        assert "n’existe pas" in answer.err
    assert command("audit", "verify").code == 0


@pytest.mark.slow
@pytest.mark.parametrize(("days", "unfinished"), [(0, True), (-2, False)])
def test_a_day_of_the_journal_that_is_not_over_is_said_when_it_is_exported(
    command: Command, tmp_path: Path, days: int, unfinished: bool
) -> None:
    day = paris_day() + timedelta(days=days)
    done = command("audit", "export", str(tmp_path), "--day", day.isoformat())
    assert done.code == 0, done.err
    assert (tmp_path / f"journal-{day}.jsonl").exists()
    assert ("Ce jour n’est pas fini" in done.out) is unfinished
