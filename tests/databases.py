"""A cluster of the tests, and databases in it, cloned from one migrated template.

`session` is a staff session that is rolled back; `databases` is a clone of its own for a test that
commits, and `runtime` what commands work with there; `cloned` makes one for a fixture that lives
longer.
"""

import fcntl
import hashlib
import os
import shutil
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager, suppress
from pathlib import Path
from uuid import uuid4

import pytest
from sqlalchemy import Connection, text
from sqlalchemy.exc import OperationalError
from sqlalchemy.orm import Session

from app.gazetteer.load import load
from app.gazetteer.prepare import prepare
from app.platform.cluster.directory import find_home
from app.platform.cluster.server import Cluster, open_cluster
from app.platform.database.engines import Databases, database_name, make_engine, role
from app.platform.database.logins import enable_logins
from app.platform.database.migrating import migrate
from app.runtime.staff import Runtime
from app.settings import ROOT
from app.vault.sealing import Vault
from tests.meanwhile import until
from tests.serving import offline_settings

TEST_DIR = ROOT / "var" / "test"
NATIONAL = ROOT / "var" / "national"
LEAN_TERRITORIES = ["01", "59", "69", "69M", "74", "75", "93", "974", "988"]
DECOUPAGE = ROOT / "node_modules" / "@etalab" / "decoupage-administratif" / "data"
# Clones lie in memory, where there is room: before ext4 makes a file, it looks at each one that was
# deleted of late, and a clone is five hundred files, which made it ten times as slow.
MEMORY = Path("/dev/shm")  # noqa: S108 - clones have a directory of their own in it
LEAST_FREE = 1_000_000_000
TABLESPACE = text("SELECT pg_tablespace_location(oid) FROM pg_tablespace WHERE spcname = 'memory'")
# What a role may do with which relation.
RELATIONS = """
SELECT n.nspname AS schema, c.relname AS relation, acl.privilege_type AS privilege
FROM pg_class c
JOIN pg_namespace n ON n.oid = c.relnamespace
CROSS JOIN LATERAL aclexplode(coalesce(c.relacl, acldefault('r', c.relowner))) acl
WHERE n.nspname NOT IN ('pg_catalog', 'information_schema', 'pg_toast')
  AND (acl.grantee = 0 OR pg_get_userbyid(acl.grantee) = :role)
"""


@contextmanager
def locked(name: str) -> Iterator[None]:
    """Let one worker at a time do what all of them need once."""
    TEST_DIR.mkdir(parents=True, exist_ok=True)
    with (TEST_DIR / name).open("w") as file:
        fcntl.flock(file, fcntl.LOCK_EX)
        yield


@pytest.fixture(scope="session")
def cluster() -> Iterator[Cluster]:
    """The cluster of the tests, shared by the workers and kept between runs."""
    with locked("memory.lock"):
        _remake_lost_memory()
    with open_cluster(TEST_DIR, fsync=False) as cluster:
        yield cluster


def _remake_lost_memory() -> None:
    """Make again what a restart of the machine emptied: the cluster starts without it no more."""
    data = find_home(TEST_DIR) / "data"
    for link in (data / "pg_tblspc").glob("*"):
        if not link.exists():
            link.readlink().mkdir(mode=0o700)
            os.chown(link.readlink(), data.stat().st_uid, data.stat().st_gid)


def _make_memory(cluster: Cluster, admin: Connection) -> None:
    known = admin.scalar(TABLESPACE)
    if known and not any(Path(known).iterdir()):
        admin.exec_driver_sql("DROP TABLESPACE memory")
        known = None
    if not known and _free() > LEAST_FREE:
        where = MEMORY / cluster.sockets.name
        if where.exists():
            shutil.rmtree(where)  # of a cluster that was removed since
        where.mkdir(mode=0o700)
        os.chown(where, cluster.data.stat().st_uid, cluster.data.stat().st_gid)
        admin.exec_driver_sql(f"CREATE TABLESPACE memory LOCATION '{where}'")


def _free() -> int:
    return shutil.disk_usage(MEMORY).free if MEMORY.is_dir() else 0


@pytest.fixture(scope="session")
def admin(cluster: Cluster) -> Iterator[Connection]:
    """A superuser connection that creates and drops databases."""
    engine = make_engine(cluster.url(cluster.superuser, "postgres"))
    with (
        engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection,
        (TEST_DIR / "clones.lock").open("w") as file,
    ):
        with suppress(BlockingIOError):
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
            # Nobody else makes clones: these are of runs that were killed.
            _drop_databases(connection, "clone")
        fcntl.flock(file, fcntl.LOCK_SH)
        yield connection
    engine.dispose()


@pytest.fixture(scope="session")
def prepared() -> Path:
    """The prepared file of territories, made once from the pinned sources."""
    with locked("prepare.lock"):
        return prepare(NATIONAL, DECOUPAGE, ROOT / "var" / "territories")


@pytest.fixture(scope="session")
def template(cluster: Cluster, admin: Connection, prepared: Path) -> str:
    """The name of a database at head with every territory, rebuilt when its makers change."""
    makers = [*(ROOT / "migrations").rglob("*.py"), *(ROOT / "app/gazetteer").rglob("*.py")]
    digest = hashlib.sha256(prepared.name.encode())
    for path in sorted(makers):
        digest.update(path.read_bytes())
    name = f"template_{digest.hexdigest()[:12]}"
    with locked("template.lock"):
        _make_memory(cluster, admin)
        known = text("SELECT datistemplate FROM pg_database WHERE datname = :name")
        if not admin.scalar(known, {"name": name}):
            _drop_databases(admin, "template|lean|clone")
            admin.exec_driver_sql(f'CREATE DATABASE "{name}"')
            _fill(cluster.url(cluster.superuser, name), prepared)
            # Only a finished template is marked as one.
            admin.exec_driver_sql(f'ALTER DATABASE "{name}" IS_TEMPLATE true')
    return name


@pytest.fixture(scope="session")
def lean_template(cluster: Cluster, admin: Connection, template: str) -> str:
    """The same with the communes of a few territories: cloned and read in a tenth of the time."""
    name = template.replace("template", "lean")
    with locked("template.lock"):
        known = text("SELECT datistemplate FROM pg_database WHERE datname = :name")
        if not admin.scalar(known, {"name": name}):
            admin.exec_driver_sql(f'DROP DATABASE IF EXISTS "{name}" WITH (FORCE)')
            admin.exec_driver_sql(f'CREATE DATABASE "{name}" TEMPLATE "{template}"')
            engine = make_engine(cluster.url(cluster.superuser, name))
            with engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
                outside = "SELECT code FROM commune WHERE territory_code <> ALL (%s)"
                for table, column in (("former_commune", "commune_code"), ("commune", "code")):
                    connection.exec_driver_sql(
                        f"DELETE FROM {table} WHERE {column} IN ({outside})", (LEAN_TERRITORIES,)
                    )
                connection.exec_driver_sql("VACUUM FULL ANALYZE")
            engine.dispose()
            admin.exec_driver_sql(f'ALTER DATABASE "{name}" IS_TEMPLATE true')
    return name


def _drop_databases(admin: Connection, prefixes: str) -> None:
    ours = text(f"SELECT datname FROM pg_database WHERE datname ~ '^({prefixes})_'")
    for name in admin.scalars(ours).all():
        admin.exec_driver_sql(f'ALTER DATABASE "{name}" IS_TEMPLATE false')
        # Another run beside this one may still be using it.
        with suppress(OperationalError):
            admin.exec_driver_sql(f'DROP DATABASE "{name}"')


def _fill(url: str, prepared: Path) -> None:
    migrate(url)
    enable_logins(url)
    engine = make_engine(url)
    with engine.begin() as connection:
        load(connection, prepared)
    engine.dispose()


# Clones of this worker that were dropped, by their roles: the next one has the name and the engines
# of one of them, since a new engine would compile each statement again.
_dropped: dict[str, list[Databases]] = {}


@contextmanager
def cloned(
    cluster: Cluster, admin: Connection, template: str, roles: str | None = None
) -> Iterator[Databases]:
    """A clone of a template; roles keep the name of the one that they were made in."""
    roles = roles or template.replace("lean", "template")
    dropped = _dropped.setdefault(roles, [])
    databases = dropped.pop() if dropped else _engines(cluster, roles)
    name = database_name(databases.staff)
    if template.startswith("clone_"):
        # A thread that an application left behind goes within a minute.
        _expect_nobody(admin, template, "", seconds=75)
    where = "memory" if _free() > LEAST_FREE and admin.scalar(TABLESPACE) else "pg_default"
    admin.exec_driver_sql(
        f'CREATE DATABASE "{name}" TEMPLATE "{template}" STRATEGY file_copy TABLESPACE {where}'
    )
    # Grants of a database do not follow its clone.
    admin.exec_driver_sql(f'REVOKE ALL ON DATABASE "{name}" FROM PUBLIC')
    for login in ("staff", "public", "inbox"):
        admin.exec_driver_sql(f'GRANT CONNECT ON DATABASE "{name}" TO "{role(roles, login)}"')
    try:
        yield databases
    finally:
        databases.dispose()
        _expect_nobody(admin, name)
        admin.exec_driver_sql(f'DROP DATABASE "{name}" WITH (FORCE)')
    dropped.append(databases)


def _expect_nobody(
    admin: Connection, name: str, application: str = "mesure23 ", seconds: float = 10
) -> None:
    """Wait until no thread of an application is connected: it would come back to the next clone, or
    keep others from copying this one. Say who is there where somebody stays.
    """
    there = text(
        "SELECT application_name, usename, state, state_change, query FROM pg_stat_activity"
        " WHERE datname = :name AND backend_type = 'client backend'"
        " AND starts_with(application_name, :application)"
    )
    asked = {"name": name, "application": application}
    try:
        until(lambda: not admin.execute(there, asked).all(), seconds=seconds)
    except AssertionError:
        pytest.fail(f"Still connected to {name}: {admin.execute(there, asked).all()}")


def _engines(cluster: Cluster, roles: str) -> Databases:
    name = f"clone_{uuid4().hex[:12]}"
    logins = ("staff", "public", "inbox")
    return Databases(*(make_engine(cluster.url(role(roles, login), name)) for login in logins))


@pytest.fixture(scope="session")
def worker_databases(cluster: Cluster, admin: Connection, template: str) -> Iterator[Databases]:
    """One clone per worker, into which nothing is ever committed."""
    with cloned(cluster, admin, template) as databases:
        yield databases


@pytest.fixture
def session(worker_databases: Databases) -> Iterator[Session]:
    """A staff session; commits inside it end a savepoint, and all is rolled back."""
    with worker_databases.staff.connect() as connection, connection.begin() as transaction:
        with Session(connection, join_transaction_mode="create_savepoint") as session:
            yield session
        transaction.rollback()


@pytest.fixture
def databases(cluster: Cluster, admin: Connection, lean_template: str) -> Iterator[Databases]:
    """A clone of its own, with few communes, for a test that commits or uses both logins."""
    with cloned(cluster, admin, lean_template) as databases:
        yield databases


@pytest.fixture(scope="session")
def vault() -> Vault:
    """Keys of the tests, the same in every worker."""
    return Vault("tests", {"tests": hashlib.sha256(b"keys of the tests").digest()})


@pytest.fixture
def runtime(cluster: Cluster, databases: Databases, vault: Vault, tmp_path: Path) -> Runtime:
    """What commands work with, on a clone of its own; no geocoder answers there."""
    return _runtime(cluster, databases, vault, tmp_path)


@pytest.fixture(scope="module")
def module_runtime(
    cluster: Cluster,
    admin: Connection,
    lean_template: str,
    vault: Vault,
    tmp_path_factory: pytest.TempPathFactory,
) -> Iterator[Runtime]:
    """The same for all tests of a module, which only read what a fixture wrote there."""
    with cloned(cluster, admin, lean_template) as databases:
        yield _runtime(cluster, databases, vault, tmp_path_factory.mktemp("module"))


Copy = Callable[[Runtime], Runtime]


@pytest.fixture
def copy_of(cluster: Cluster, admin: Connection, tmp_path: Path) -> Iterator[Copy]:
    """Give a test a clone of its own of what a fixture of its module wrote, which nobody uses."""
    with ExitStack() as copies:

        def copy(written: Runtime) -> Runtime:
            written.databases.dispose()
            source = written.staff.url
            roles = (source.username or "").removesuffix("_staff")
            databases = cloned(cluster, admin, source.database or "", roles)
            return _runtime(cluster, copies.enter_context(databases), written.vault, tmp_path)

        yield copy


def _runtime(cluster: Cluster, databases: Databases, vault: Vault, folder: Path) -> Runtime:
    owner = cluster.url(cluster.superuser, databases.staff.url.database or "")
    return Runtime(offline_settings(folder), databases, vault, owner, None)
