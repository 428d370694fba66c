"""A real PostGIS for every test that wants one, cloned from one migrated template.

`session` is a staff session that is rolled back; `databases` is a clone of its own for tests that
commit; `demo` holds the demonstration lists, committed, and is only read.
"""

import fcntl
import hashlib
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from uuid import uuid4

import hypothesis
import pytest
import uvicorn
from sqlalchemy import Connection, text
from sqlalchemy.exc import OperationalError
from sqlalchemy.orm import Session

from app.gazetteer.load import load
from app.gazetteer.prepare import prepare
from app.lists.demo import load_demo
from app.main import create_app
from app.platform.cluster.server import Cluster, open_cluster
from app.platform.database.engines import Databases, make_engine, role
from app.platform.database.logins import enable_logins
from app.platform.database.migrating import migrate
from app.runtime.staff import Runtime
from app.settings import ROOT, Settings
from app.vault.sealing import Vault

# The fixtures `world` and `crowd`, and clients of a service over each.
pytest_plugins = ["tests.world", "tests.crowd"]
TEST_DIR = ROOT / "var" / "test"
NATIONAL = ROOT / "var" / "national"
LEAN_TERRITORIES = ["01", "59", "69", "69M", "74", "75", "93", "974"]
DECOUPAGE = ROOT / "node_modules" / "@etalab" / "decoupage-administratif" / "data"

# How long an example takes says most of all what else the machine does.
hypothesis.settings.register_profile("unhurried", deadline=None)
hypothesis.settings.load_profile("unhurried")


@contextmanager
def locked(name: str) -> Iterator[None]:
    """Let one worker at a time do what all of them need once."""
    TEST_DIR.mkdir(parents=True, exist_ok=True)
    with (TEST_DIR / name).open("w") as file:
        fcntl.flock(file, fcntl.LOCK_EX)
        yield


@pytest.fixture(scope="session")
def vault() -> Vault:
    """Keys of the tests, the same in every worker."""
    return Vault("tests", {"tests": hashlib.sha256(b"keys of the tests").digest()})


@pytest.fixture(scope="session")
def cluster() -> Iterator[Cluster]:
    """The cluster of the tests, shared by the workers and kept between runs."""
    TEST_DIR.mkdir(parents=True, exist_ok=True)
    with open_cluster(TEST_DIR, fsync=False) as cluster:
        yield cluster


@pytest.fixture(scope="session")
def admin(cluster: Cluster) -> Iterator[Connection]:
    """A superuser connection that creates and drops databases."""
    engine = make_engine(cluster.url(cluster.superuser, "postgres"))
    with engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
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
        known = text("SELECT datistemplate FROM pg_database WHERE datname = :name")
        if not admin.scalar(known, {"name": name}):
            _drop_all_databases(admin)
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


def _drop_all_databases(admin: Connection) -> None:
    ours = text("SELECT datname FROM pg_database WHERE datname ~ '^(template|lean|clone|demo)_'")
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


@contextmanager
def cloned(cluster: Cluster, admin: Connection, template: str, name: str) -> Iterator[Databases]:
    """A clone of a template; roles keep the name of the one that they were made in."""
    roles = template.replace("lean", "template")
    admin.exec_driver_sql(f'CREATE DATABASE "{name}" TEMPLATE "{template}" STRATEGY file_copy')
    # Grants of a database do not follow its clone.
    admin.exec_driver_sql(f'REVOKE ALL ON DATABASE "{name}" FROM PUBLIC')
    for kind in ("staff", "public"):
        admin.exec_driver_sql(f'GRANT CONNECT ON DATABASE "{name}" TO "{role(roles, kind)}"')
    databases = Databases(
        make_engine(cluster.url(role(roles, "staff"), name)),
        make_engine(cluster.url(role(roles, "public"), name)),
    )
    try:
        yield databases
    finally:
        databases.dispose()
        admin.exec_driver_sql(f'DROP DATABASE "{name}" WITH (FORCE)')


@pytest.fixture(scope="session")
def worker_databases(cluster: Cluster, admin: Connection, template: str) -> Iterator[Databases]:
    """One clone per worker, into which nothing is ever committed."""
    with cloned(cluster, admin, template, f"clone_{uuid4().hex[:12]}") as databases:
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
    with cloned(cluster, admin, lean_template, f"clone_{uuid4().hex[:12]}") as databases:
        yield databases


@pytest.fixture
def runtime(cluster: Cluster, databases: Databases, vault: Vault, tmp_path: Path) -> Runtime:
    """What commands work with, on a clone of its own; no geocoder answers there."""
    owner = cluster.url(cluster.superuser, databases.staff.url.database or "")
    return Runtime(offline_settings(tmp_path), databases, vault, owner, None)


def offline_settings(data_dir: Path) -> Settings:
    """Settings whose geocoder refuses connections at once."""
    return Settings(data_dir=data_dir, geocoder_url="http://127.0.0.1:9", tiles="none")


@pytest.fixture(scope="session")
def demo(
    cluster: Cluster,
    admin: Connection,
    template: str,
    vault: Vault,
    tmp_path_factory: pytest.TempPathFactory,
) -> Iterator[Databases]:
    """The demonstration lists, imported as `bin/run` does; only read."""
    name = f"demo_{uuid4().hex[:12]}"
    with cloned(cluster, admin, template, name) as databases:
        settings = offline_settings(tmp_path_factory.mktemp("demo"))
        load_demo(Runtime(settings, databases, vault, "", None))
        yield databases


@pytest.fixture(scope="session")
def live_server(demo: Databases, tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The address of the whole service over the demonstration lists, for a real browser."""
    offline = offline_settings(tmp_path_factory.mktemp("live"))
    settings = offline.model_copy(update={"tiles": "ign"})
    server = uvicorn.Server(
        uvicorn.Config(create_app(settings, demo), host="127.0.0.1", port=0, log_level="warning")
    )
    thread = threading.Thread(target=server.run, daemon=True)
    thread.start()
    while not server.started:
        if not thread.is_alive():
            pytest.fail("The service did not start.")
        time.sleep(0.01)
    port = server.servers[0].sockets[0].getsockname()[1]
    yield f"http://127.0.0.1:{port}"
    server.should_exit = True
    thread.join()
