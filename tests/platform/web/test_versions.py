"""What a process knows of versions is true a second ago at most, or is not known."""

import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from uuid import UUID

import httpx
import pytest
from sqlalchemy import Connection, text

from app.desk.application import create_desk
from app.main import create_app
from app.platform.cluster.server import Cluster
from app.platform.database.engines import Databases, make_engine
from app.platform.database.sessions import read
from app.platform.web import versions as module
from app.platform.web.versions import FRANCE, PERIOD, TRUSTED, Versions, version_seen
from app.settings import Settings
from app.vault.sealing import Vault
from tests.makers import add_actor
from tests.serving import serving

# A database that did not answer is asked again after 5 s at most.
SOON = 10.0
MARGIN = 1.0


@pytest.fixture
def versions(databases: Databases) -> Iterator[Versions]:
    versions = Versions(databases.public)
    yield versions
    versions.stop()


def until(wanted: Callable[[], bool]) -> float:
    """Wait for something to become true; return the seconds that it took."""
    begun = time.monotonic()
    while not wanted():
        assert time.monotonic() - begun < SOON
        time.sleep(0.005)
    return time.monotonic() - begun


def known(versions: Versions, territory: str = "93") -> UUID:
    until(lambda: versions.of(territory) is not None)
    version = versions.of(territory)
    assert version is not None
    return version


def pollers() -> list[threading.Thread]:
    return [thread for thread in threading.enumerate() if thread.name == "versions"]


def serving_polls(databases: Databases) -> int:
    """Return how many connections of such threads the database has."""
    with databases.public.connect() as connection:
        count = connection.scalar(
            text(
                "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database()"
                " AND application_name = 'mesure23 versions'"
            )
        )
    return count or 0


@contextmanager
def superuser(cluster: Cluster, database: str) -> Iterator[Connection]:
    """Yield a connection of the superuser that commits each statement."""
    engine = make_engine(cluster.url(cluster.superuser, database))
    with engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
        yield connection
    engine.dispose()


def end_connections(connection: Connection, databases: Databases) -> None:
    connection.execute(
        text("SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = :name"),
        {"name": databases.staff.url.database},
    )


def test_nothing_is_known_before_it_was_read(versions: Versions) -> None:
    assert versions.of("93") is None
    assert len({known(versions), known(versions, "59"), known(versions, FRANCE)}) == 3
    assert versions.of("inconnu") is None


@pytest.mark.slow
def test_a_change_is_known_within_a_second(databases: Databases, versions: Versions) -> None:
    before, elsewhere, france = known(versions), known(versions, "59"), known(versions, FRANCE)
    with databases.staff.begin() as connection:
        add_actor(connection)
    assert until(lambda: versions.of("93") not in {before, None}) < TRUSTED + MARGIN
    assert versions.of("59") == elsewhere
    assert versions.of(FRANCE) != france


def test_a_session_sees_the_version_of_what_it_reads(databases: Databases) -> None:
    with read(databases.public) as session:
        before = version_seen(session, "93")
        with databases.staff.begin() as connection:
            add_actor(connection)
        assert version_seen(session, "93") == before
    with read(databases.public) as session:
        assert version_seen(session, "93") not in {before, None}


@pytest.mark.slow
def test_what_is_not_committed_is_not_known(databases: Databases, versions: Versions) -> None:
    before = known(versions)
    with databases.staff.connect() as connection:
        add_actor(connection)
        time.sleep(2 * PERIOD)
        assert known(versions) == before
        connection.rollback()


@pytest.mark.slow
def test_a_reading_that_does_not_end_makes_the_last_one_old(
    cluster: Cluster, databases: Databases, versions: Versions
) -> None:
    before = known(versions)
    owner = make_engine(cluster.url(cluster.superuser, databases.staff.url.database or ""))
    with owner.begin() as connection:
        connection.execute(text("LOCK TABLE territory_version IN ACCESS EXCLUSIVE MODE"))
        assert until(lambda: versions.of("93") is None) < TRUSTED + MARGIN
        time.sleep(TRUSTED)
        assert versions.of("93") is None
    owner.dispose()
    assert known(versions) == before


@pytest.mark.slow
def test_a_lost_connection_is_made_again(
    cluster: Cluster, databases: Databases, versions: Versions
) -> None:
    before = known(versions)
    with superuser(cluster, "postgres") as connection:
        end_connections(connection, databases)
    databases.dispose()
    with databases.staff.begin() as connection:
        add_actor(connection)
    until(lambda: versions.of("93") not in {before, None})


@pytest.mark.slow
def test_a_database_that_refuses_leaves_nothing_known(
    cluster: Cluster, databases: Databases, versions: Versions
) -> None:
    before = known(versions)
    with superuser(cluster, "postgres") as connection:
        name = databases.staff.url.database
        connection.exec_driver_sql(f'ALTER DATABASE "{name}" WITH ALLOW_CONNECTIONS false')
        end_connections(connection, databases)
        assert until(lambda: versions.of("93") is None) < TRUSTED + MARGIN
        time.sleep(2 * PERIOD)
        assert versions.of("93") is None
        connection.exec_driver_sql(f'ALTER DATABASE "{name}" WITH ALLOW_CONNECTIONS true')
    databases.dispose()
    assert known(versions) == before


def test_a_clock_that_goes_on_without_readings_ends_trust(
    databases: Databases, versions: Versions, monkeypatch: pytest.MonkeyPatch
) -> None:
    known(versions)
    now = time.monotonic() + TRUSTED
    monkeypatch.setattr(module, "monotonic", lambda: now)
    assert versions.of("93") is None


def test_one_thread_and_one_connection_serve_all_who_ask(
    databases: Databases, versions: Versions
) -> None:
    before = set(pollers())
    askers = [threading.Thread(target=versions.of, args=("93",)) for _ in range(20)]
    for each in askers:
        each.start()
    for each in askers:
        each.join()
    known(versions)
    assert len(set(pollers()) - before) == 1
    assert serving_polls(databases) == 1


@pytest.mark.slow
def test_the_thread_ends_when_told_and_when_nobody_asks(
    databases: Databases, versions: Versions, monkeypatch: pytest.MonkeyPatch
) -> None:
    others = set(pollers())
    known(versions)
    versions.stop()
    until(lambda: set(pollers()) <= others)
    known(versions)
    monkeypatch.setattr(module, "IDLE", 0.1)
    until(lambda: set(pollers()) <= others)
    monkeypatch.undo()
    known(versions)


def test_the_thread_ends_with_its_application(databases: Databases, tmp_path: Path) -> None:
    before = set(pollers())
    app = create_app(Settings(data_dir=tmp_path, rate_limit=0), databases)
    with serving(app) as address:
        httpx.get(f"{address}/api/departements/93/actors.geojson", timeout=60, trust_env=False)
        assert len(set(pollers()) - before) == 1
    until(lambda: set(pollers()) <= before)
    until(lambda: serving_polls(databases) == 0)


def test_the_thread_ends_with_the_desk_that_monitors_asked(
    databases: Databases, vault: Vault, tmp_path: Path
) -> None:
    before = set(pollers())
    with serving(create_desk(Settings(data_dir=tmp_path), databases, vault)) as address:
        httpx.get(f"{address}/readyz", timeout=60, trust_env=False)
        assert len(set(pollers()) - before) == 1
    until(lambda: set(pollers()) <= before)
    until(lambda: serving_polls(databases) == 0)


class Once(threading.Event):
    """Ends what waits for it after its first round."""

    def wait(self, timeout: float | None = None) -> bool:
        """Let nobody wait twice."""
        self.set()
        return True


def test_its_connection_is_left_as_it_was_for_whoever_has_it_next(databases: Databases) -> None:
    url = databases.public.url.render_as_string(hide_password=False)
    engine = make_engine(url, pool_size=1)
    with engine.connect() as connection:
        before = connection.scalar(text("SHOW statement_timeout"))
    versions = Versions(databases.public)
    versions._poll(engine, Once())
    with engine.connect() as connection:
        assert connection.scalar(text("SHOW statement_timeout")) == before
    engine.dispose()
    assert versions._known[1]
