"""What opens the keys ends before it serves or writes, where keys or tables are not right."""

import base64
from pathlib import Path

import pytest
from sqlalchemy import text

from app.platform.cluster.server import Cluster
from app.platform.database.engines import Databases, make_engine
from app.vault.sealing import Vault, new_key, parse_keys
from app.vault.verifying import verify
from tests.commands.conftest import Command, Done
from tests.short_lists import CRIP, csv

# The name stands for the path of a list.
COMMANDS = (
    ("serve",),
    ("serve", "--desk"),
    ("worker",),
    ("import", "list", "--territory", "93", "--no-geocode"),
    ("keys", "rotate"),
    ("hidden",),
)


def asked(
    command: Command, arguments: tuple[str, ...], databases: Databases, keys: str, folder: Path
) -> Done:
    """Run a command on the database of a test, as if it were on a server outside."""
    path = folder / "liste.csv"
    path.write_bytes(csv(CRIP))
    given = [path if each == "list" else each for each in arguments]
    staff, public = (
        engine.url.render_as_string(hide_password=False)
        for engine in (databases.staff, databases.public)
    )
    return command(
        *given,
        PORT="0",
        MESURE23_DATABASE_URL=staff,
        MESURE23_PUBLIC_DATABASE_URL=public,
        MESURE23_KEYS=keys,
    )


def written(databases: Databases) -> tuple[int, ...]:
    with databases.staff.connect() as connection:
        tables = ("sealed_secret", "source_file", "actor", "audit_entry")
        count = "SELECT count(*) FROM "
        return tuple(connection.scalars(text(count + each)).one() for each in tables)


@pytest.mark.slow
@pytest.mark.parametrize("arguments", COMMANDS, ids=" ".join)
def test_a_wrong_or_missing_key_ends_the_start(
    command: Command, databases: Databases, vault: Vault, tmp_path: Path, arguments: tuple[str, ...]
) -> None:
    verify(databases.staff, vault)
    before = written(databases)
    wrong = f"{vault.primary}:{base64.b64encode(bytes(32)).decode()}"
    refused = asked(command, arguments, databases, wrong, tmp_path)
    assert (refused.code, refused.out) == (1, "")
    assert f"La clé « {vault.primary} » n'ouvre pas cette base" in refused.err
    refused = asked(command, arguments, databases, new_key(), tmp_path)
    assert (refused.code, refused.out) == (1, "")
    assert f"La clé « {vault.primary} » est introuvable" in refused.err
    assert written(databases) == before


def test_the_right_key_starts(command: Command, databases: Databases, tmp_path: Path) -> None:
    key = new_key()
    verify(databases.staff, parse_keys(key))
    done = asked(command, COMMANDS[3], databases, key, tmp_path)
    assert done.code == 0, done.err


@pytest.mark.parametrize("arguments", COMMANDS[:4], ids=" ".join)
def test_tables_of_a_former_release_end_the_start_with_what_to_do(
    command: Command,
    cluster: Cluster,
    databases: Databases,
    tmp_path: Path,
    arguments: tuple[str, ...],
) -> None:
    owner = make_engine(cluster.url(cluster.superuser, databases.staff.url.database or ""))
    with owner.begin() as connection:
        connection.execute(text("UPDATE alembic_version SET version_num = '0100'"))
    owner.dispose()
    refused = asked(command, arguments, databases, new_key(), tmp_path)
    assert (refused.code, refused.out) == (1, "")
    assert "Exécutez « mesure23 release »" in refused.err
    assert written(databases)[0] == 0
