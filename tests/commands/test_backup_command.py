"""Backups as people type of them: who still holds a place, which keys stay, what a copy shows."""

import re
from pathlib import Path

import psycopg
import pytest

from tests.commands.conftest import Command, Installation
from tests.short_lists import ASE, CRIP, csv

pytestmark = pytest.mark.slow

WHY = ("--reason", "essai")
NAMES = {"withdrawals": "retraits", "erasures": "effacements"}
MOVED = "UPDATE database_origin SET system = 'ailleurs'"


@pytest.fixture(scope="module", autouse=True)
def service(installation: Installation) -> None:
    """A service that holds the database open, with its territories."""
    installation.serve("--no-worker")


def asked(command: Command, statement: str) -> list[tuple[object, ...]]:
    address = command("db", "url", "--owner").out.split()[0]
    with psycopg.connect(address) as connection:
        done = connection.execute(statement.encode())
        return done.fetchall() if done.description else []


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """Where somebody puts dumps of their own."""
    made = tmp_path / "sauvegardes"
    made.mkdir()
    (made / "novembre.dump").touch()
    return made


def test_whoever_protects_is_told_which_backups_still_hold_the_place(
    command: Command, folder: Path, tmp_path: Path
) -> None:
    path = tmp_path / "liste.csv"
    path.write_bytes(csv(CRIP, ASE))
    assert command("import", path, "--territory", "93").code == 0
    ((public_id,),) = asked(command, "SELECT public_id FROM actor WHERE name LIKE 'ASE%'")
    done = command("protect", str(public_id), *WHY, MESURE23_BACKUP_DIR=str(folder))
    assert done.code == 0, done.err
    assert re.search(r"^  novembre\.dump \(du .*, à détruire avant le .*\)$", done.out, re.M)
    assert "withdrawals" not in done.out


def test_an_erased_actor_that_a_backup_brought_back_is_shown_by_no_command(
    command: Command, tmp_path: Path
) -> None:
    path = tmp_path / "liste.csv"
    path.write_bytes(csv(CRIP, ASE))
    assert command("import", path, "--territory", "93").code == 0
    ((public_id,),) = asked(command, "SELECT public_id FROM actor WHERE name LIKE 'CRIP%'")
    assert command("erase", str(public_id), *WHY, "--yes").code == 0
    for each in ("DELETE FROM erased_mark", "DELETE FROM erasure_request", MOVED):
        asked(command, each)
    replayed = command("backup", "replay")
    assert (replayed.code, "« mesure23 purge »" in replayed.err) == (1, True)
    assert replayed.err.count("cette base vient d'une sauvegarde") == 1
    accepted = command("backup", "accept", *WHY)
    assert (accepted.code, "« mesure23 purge »" in accepted.err) == (1, True)
    assert command("serve", "--public", PORT="0").code == 1
    assert command("purge").code == 0
    assert command("backup", "replay").code == 0


def test_a_former_key_goes_once_neither_the_database_nor_a_backup_needs_it(
    command: Command, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (former,) = re.findall(r"(\w+) \(actuelle\)", command("keys", "status").out)
    assert "keys rotate" in command("keys", "forget", former).err
    assert command("keys", "rotate").code == 0
    refused = command("keys", "forget", former, MESURE23_BACKUP_DIR=str(folder))
    assert (refused.code, "novembre.dump" in refused.err) == (1, True)
    (folder / "novembre.dump").unlink()
    monkeypatch.delenv("MESURE23_BACKUP_DIR")
    unknown = command("keys", "forget", former)
    assert (unknown.code, "MESURE23_BACKUP_DIR" in unknown.err) == (1, True)
    assert former in command("keys", "status").out
    done = command("keys", "forget", former, "--no-backup-needs-it")
    assert (done.code, done.err) == (0, "")
    assert former not in command("keys", "status").out
    assert "Aucune clé" in command("keys", "forget", former).err


@pytest.mark.parametrize("name", ["withdrawals", "erasures"])
def test_a_register_that_cannot_be_read_stops_a_restored_database_alone(
    command: Command, installation: Installation, name: str
) -> None:
    register = installation.home / "var" / name
    there = register.rename(register.with_name("aside"))
    register.mkdir()
    done = command("hidden")
    assert (done.code, f"Attention : Le registre des {NAMES[name]}" in done.err) == (0, True)
    asked(command, MOVED)
    refused = command("hidden")
    assert (refused.code, "ne peut pas être lu" in refused.err) == (1, True)
    register.rmdir()
    there.rename(register)
    assert command("backup", "replay").code == 0


def test_a_copy_is_shown_once_its_register_is_there_or_somebody_answers_for_it(
    command: Command, installation: Installation
) -> None:
    register = installation.home / "var" / "withdrawals"
    asked(command, MOVED)
    assert command("backup", "replay").code == 0
    asked(command, MOVED)
    register.unlink()
    refused = command("serve", "--public", PORT="0")
    assert (refused.code, "sauvegarde restaurée" in refused.err) == (1, True)
    replayed = command("backup", "replay")
    assert (replayed.code, "backup accept" in replayed.err) == (1, True)
    assert command("backup", "accept", *WHY).code == 0
    assert command("backup", "replay").code == 0
    noted = asked(command, "SELECT count(*) FROM audit_entry WHERE action LIKE 'restoration%'")
    assert noted == [(1,)]
