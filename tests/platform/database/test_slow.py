"""A statement that takes long is logged by the function that asked for it, and by nothing else."""

import json
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
from sqlalchemy import Engine, event, literal, select, text
from sqlalchemy.exc import DBAPIError
from sqlalchemy.orm import Session
from structlog.testing import capture_logs

from app.platform.cluster.server import Cluster
from app.platform.database import slow
from app.platform.database.driver import compiled, read_rows
from app.platform.database.engines import Databases, make_engine
from app.platform.database.sessions import read
from app.platform.queue import reading
from app.registers.competences import state
from app.settings import ROOT
from tests.meanwhile import is_blocked, until
from tests.releases import Release

SECRET = "12 rue Cachée"


@pytest.fixture
def watched(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """Statements are watched, and all of them are slow."""
    monkeypatch.setattr(slow, "SLOW", 0.0)
    slow.watch()
    yield
    event.remove(Engine, "before_cursor_execute", slow._begin)
    event.remove(Engine, "after_cursor_execute", slow._end)


@pytest.mark.usefixtures("watched")
def test_a_slow_statement_is_named_by_the_function_that_asked_for_it(
    worker_databases: Databases,
) -> None:
    with capture_logs() as said, read(worker_databases.staff) as session:
        reading.count_by_state(session)
    [line] = [each for each in said if each.get("query") != "-"]
    assert line["query"] == "app.platform.queue.reading.count_by_state"
    assert line["event"] == "slow statement"
    assert line["ms"] >= 0


@pytest.mark.usefixtures("watched")
def test_nothing_of_a_slow_statement_is_logged(worker_databases: Databases) -> None:
    with capture_logs() as said, read(worker_databases.staff) as session:
        session.scalar(text("SELECT CAST(:secret AS text)"), {"secret": SECRET})
        read_rows(session, compiled(select(literal(SECRET))))
    assert len([each for each in said if each["event"] == "slow statement"]) >= 2
    assert "Cach" not in json.dumps(said, ensure_ascii=False)
    assert "SELECT" not in json.dumps(said)


@pytest.mark.usefixtures("watched")
def test_rows_that_are_copied_are_named_by_the_function_that_wrote_them(
    worker_databases: Databases,
) -> None:
    with capture_logs() as said, Session(worker_databases.staff) as session:
        state(session, "essai", [("93008", "police", SECRET.encode())])
    assert said[-1]["query"] == "app.registers.competences.state"
    assert "Cach" not in json.dumps(said, ensure_ascii=False)


@pytest.mark.slow
def test_whoever_types_a_command_is_told_which_of_its_statements_was_slow(
    cluster: Cluster, databases: Databases, tmp_path: Path
) -> None:
    owner = make_engine(cluster.url(cluster.superuser, databases.staff.url.database or ""))
    url = owner.url.set(drivername="postgresql").render_as_string(hide_password=False)
    given = {"MESURE23_OWNER_DATABASE_URL": url, "MESURE23_DATA_DIR": str(tmp_path)}
    with owner.connect() as other, Release(ROOT, given).started("db", "upgrade") as command:
        other.execute(text("LOCK TABLE alembic_version IN ACCESS EXCLUSIVE MODE"))
        until(lambda: is_blocked(owner))
        time.sleep(slow.SLOW)
        other.rollback()
        _, err = command.communicate(timeout=60)
    owner.dispose()
    lines = [json.loads(line) for line in err.splitlines() if line.startswith("{")]
    waited = next(line for line in lines if line["query"] == "app.commands.db.upgrade")
    assert (waited["event"], waited["ms"] >= 1000 * slow.SLOW) == ("slow statement", True)
    assert command.returncode == 0


def test_a_quick_statement_is_not_logged_nor_any_where_nobody_watches(
    worker_databases: Databases, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(slow, "SLOW", 0.0)
    with capture_logs() as said, read(worker_databases.staff) as session:
        reading.count_by_state(session)
    assert said == []


def test_a_statement_that_was_stopped_is_named_as_well(worker_databases: Databases) -> None:
    with read(worker_databases.staff) as session, worker_databases.staff.begin() as other:
        other.execute(text("LOCK TABLE jobs.procrastinate_jobs IN ACCESS EXCLUSIVE MODE"))
        session.execute(text("SET LOCAL statement_timeout = '50ms'"))
        with pytest.raises(DBAPIError) as stopped:
            reading.count_by_state(session)
    named = slow.query_of(stopped.value.__traceback__)
    assert named == "app.platform.queue.reading.count_by_state"
