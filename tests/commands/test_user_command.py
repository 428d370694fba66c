"""`mesure23 user …` as people type it: an account from its making to its end."""

import json
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import psycopg
import pytest
import structlog

from app.platform.logs import of_command
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


def flip_the_newest_account(command: Command) -> None:
    """Change one bit of who an account is of, or change it back."""
    with psycopg.connect(command("db", "url").out.strip()) as connection:
        done = connection.execute(
            "UPDATE account SET person = set_byte(person, length(person) - 1,"
            " get_byte(person, length(person) - 1) # 1)"
            " WHERE made_at = (SELECT max(made_at) FROM account)"
        )
        assert done.rowcount == 1


@pytest.fixture
def lines_apart() -> Iterator[None]:
    """What is said beside the output goes where it does of a command that is typed."""
    former = structlog.get_config()
    of_command()
    yield
    structlog.configure(**former)


@pytest.mark.slow
def test_of_a_damaged_value_the_rest_is_written_and_its_status_says_so(
    command: Command, lines_apart: None
) -> None:
    made = command("user", "create", "abime@example.org", "--name", "Dominique Exemple")
    assert made.code == 0, made.err
    flip_the_newest_account(command)
    answer = command("user", "export", "abime@example.org")
    said = json.loads(answer.out)
    assert said["compte"]["nom"].startswith("illisible")
    assert [each["geste"] for each in said["journal"]] == ["Invitation envoyée"]
    assert answer.code == 1
    assert "n’ont pas pu être lues : 1" in answer.err
    # As it was: lists of all accounts open each of them.
    flip_the_newest_account(command)
    assert command("user", "export", "abime@example.org").code == 0


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
