"""What docs/operations.md says of backups, tried: the dump restores, and grants come back."""

import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from uuid import UUID

import pytest
from sqlalchemy import Connection, make_url, select, text

from app.accounts import people
from app.audit.journal import Author
from app.models import Account, AuditEntry, Role
from app.operations.deleted_accounts import brought_back, delete_again, delete_for_good
from app.operations.erasure_register import deleted_accounts, register_path
from app.platform.cluster.directory import find_binaries
from app.platform.cluster.server import Cluster
from app.platform.database.engines import database_name
from app.platform.database.sessions import read, write
from app.runtime.staff import Runtime
from tests.databases import cloned
from tests.short_lists import ASE, CRIP, csv, run


@pytest.fixture
def dump(tmp_path: Path) -> Path:
    return tmp_path / "mesure23.dump"


def address(url: str) -> str:
    plain = make_url(url).set(drivername="postgresql")
    return plain.render_as_string(hide_password=False)


def back_up(cluster: Cluster, runtime: Runtime, dump: Path) -> None:
    pg_dump, source = find_binaries(cluster.data) / "pg_dump", address(runtime.owner_url)
    subprocess.run([pg_dump, "--format=custom", f"--file={dump}", source], check=True)


@contextmanager
def restored(
    cluster: Cluster, admin: Connection, template: str, runtime: Runtime, dump: Path
) -> Iterator[Runtime]:
    """A database at head into which a dump is restored, behind the keys and files of before."""
    with cloned(cluster, admin, template) as databases:
        pg_restore = str(find_binaries(cluster.data) / "pg_restore")
        target = address(cluster.url(cluster.superuser, database_name(databases.staff)))
        options = ("--clean", "--if-exists", "--exit-on-error", f"--dbname={target}")
        subprocess.run([pg_restore, *options, dump], check=True)
        yield Runtime(runtime.settings, databases, runtime.vault, "", None)


@pytest.mark.slow
def test_a_backup_restores_into_a_database_at_head(
    cluster: Cluster, admin: Connection, lean_template: str, runtime: Runtime, dump: Path
) -> None:
    run(runtime, csv(CRIP, ASE))
    back_up(cluster, runtime, dump)
    with restored(cluster, admin, lean_template, runtime, dump) as again:
        with again.databases.public.connect() as connection:
            names = connection.scalars(text("SELECT name FROM actor ORDER BY name")).all()
        assert names == ["ASE d'exemple", "CRIP d'exemple"]
        assert run(again, csv(CRIP, ASE)).unchanged == 2


@pytest.mark.slow
def test_an_account_that_was_deleted_does_not_come_back_with_a_backup(
    cluster: Cluster, admin: Connection, lean_template: str, runtime: Runtime, dump: Path
) -> None:
    with write(runtime.staff) as session:
        gone, stays = (
            people.create(
                session,
                runtime.vault,
                mail=f"{name}@example.org",
                name="Camille Exemple",
                role=role,
                by="os:essai",
            ).id
            for name, role in (("part", Role.ADMINISTRATEUR), ("reste", Role.CURATEUR))
        )
    back_up(cluster, runtime, dump)
    with write(runtime.staff) as session:
        account = people.get(session, gone)
        # Somebody else may come in meanwhile, and comes after the backup.
        account.role = Role.CURATEUR.value
        session.flush()
        author, now = Author("os:essai"), datetime.now(UTC)
        delete_for_good(session, runtime.vault, runtime.settings, account, author, now)
    with restored(cluster, admin, lean_template, runtime, dump) as again:
        assert accounts(again) == {gone, stays}
        # As each command does that opens the database.
        with write(again.staff) as session:
            back = brought_back(session, deleted_accounts(register_path(again.settings)))
            delete_again(session, again.vault, back, "os:essai")
        assert (back, accounts(again)) == ([gone], {stays})
        with read(again.staff) as session:
            noted = select(AuditEntry.subject).where(AuditEntry.action == "account_deleted")
            assert session.scalars(noted).all() == [str(gone)]
            assert brought_back(session, deleted_accounts(register_path(again.settings))) == []


def accounts(runtime: Runtime) -> set[UUID]:
    with read(runtime.staff) as session:
        return set(session.scalars(select(Account.id)))
