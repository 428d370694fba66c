"""A database that fails during an import: one sentence, and nothing half written."""

from collections.abc import Iterator
from pathlib import Path

import psycopg
import pytest

from app import cli
from tests.commands.conftest import Command, Installation
from tests.short_lists import CRIP, SHELTER, csv

pytestmark = pytest.mark.slow

FULL = "RAISE EXCEPTION 'could not extend file' USING ERRCODE = '53100'"
LOST = "PERFORM pg_terminate_backend(pg_backend_pid())"
# In the order in which an import writes them: what was received, what it changes, its lines.
TABLES = ("source_file", "actor", "actor_protected", "revision", "source_record", "source_row")
CHANGED = ("actor", "actor_protected", "actor_fingerprint", "revision", "batch", "source_record")


@pytest.fixture(scope="module")
def served(installation: Installation) -> Iterator[str]:
    service, address = installation.serve("--no-worker")
    yield address
    assert service.poll() is None


@pytest.fixture
def database(command: Command, served: str) -> Iterator[psycopg.Connection]:
    with psycopg.connect(
        command("db", "url", "--owner").out.strip(), autocommit=True
    ) as connection:
        yield connection


@pytest.fixture
def list_of(tmp_path: Path) -> Path:
    path = tmp_path / "liste.csv"
    path.write_bytes(csv(CRIP, SHELTER))
    return path


def rows(database: psycopg.Connection, *tables: str) -> list[int]:
    counted = [database.execute(f"SELECT count(*) FROM {table}") for table in tables]
    return [row[0] for each in counted if (row := each.fetchone())]


@pytest.mark.parametrize("table", TABLES)
@pytest.mark.parametrize(("failure", "sentence"), [(FULL, cli.DISK_FULL), (LOST, cli.LOST)])
def test_a_failure_of_the_database_is_one_sentence_and_writes_nothing(
    command: Command,
    database: psycopg.Connection,
    list_of: Path,
    table: str,
    failure: str,
    sentence: str,
) -> None:
    before = rows(database, *CHANGED, "source_row")
    database.execute(
        "CREATE FUNCTION fails() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER"
        f" AS $$ BEGIN {failure}; RETURN NEW; END $$"
    )
    database.execute(
        f"CREATE TRIGGER fails BEFORE INSERT ON {table} FOR EACH ROW EXECUTE FUNCTION fails()"
    )
    try:
        done = command("import", list_of, "--territory", "93", "--no-geocode")
    finally:
        database.execute("DROP FUNCTION fails() CASCADE")
    assert (done.code, done.out) == (1, "")
    assert " ".join(done.err.split()) == sentence
    assert "Cachée" not in done.err
    assert rows(database, *CHANGED, "source_row") == before


def test_the_list_is_imported_once_the_database_is_well_again(
    command: Command, database: psycopg.Connection, list_of: Path
) -> None:
    assert command("import", list_of, "--territory", "93", "--no-geocode").code == 0
    assert rows(database, "actor", "source_row") == [2, 2]


def test_a_report_that_finds_no_room_is_no_failure_of_the_import(
    command: Command, database: psycopg.Connection, tmp_path: Path
) -> None:
    path = tmp_path / "rapport.csv"
    path.write_bytes(csv("Antenne;Association;5 rue X;93000;Bobigny;;", "Sans;ASE;;;Nulle part;;"))
    done = command("import", path, "--no-geocode", "--report", "/dev/full")
    assert done.code == 1
    assert "mais le compte rendu ne peut pas être écrit" in " ".join(done.err.split())
    assert cli.DISK_FULL not in done.err
    assert "1 créé" in done.out
