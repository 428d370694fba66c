"""How values are looked for in the database."""

from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from pathlib import Path
from time import monotonic

import pytest
from sqlalchemy import Engine, select, text
from sqlalchemy.dialects import postgresql
from sqlalchemy.exc import DBAPIError
from sqlalchemy.exc import TimeoutError as PoolTimeout
from sqlalchemy.orm import Session

from app.models import ActorFingerprint
from app.platform.database.engines import Databases
from app.platform.database.patience import BeingWritten, Patience, waiting_at_most
from app.platform.database.sessions import among, hold, read, write
from app.runtime.public import open_public
from tests.meanwhile import is_blocked, until
from tests.serving import settings_in

# Of nobody else.
LOCK = 230999


def test_many_digests_are_read_once_even_where_the_whole_table_is_walked(
    worker_databases: Databases,
) -> None:
    digests = [bytes([number]) * 32 for number in range(20)]
    wanted = select(ActorFingerprint.actor_id).where(among(ActorFingerprint.digest, digests))
    dialect = postgresql.dialect()  # type: ignore[no-untyped-call]
    statement = wanted.compile(dialect=dialect, compile_kwargs={"literal_binds": True})
    with Session(worker_databases.staff) as session:
        session.execute(text("SET LOCAL enable_indexscan = off"))
        session.execute(text("SET LOCAL enable_bitmapscan = off"))
        explained = session.connection().exec_driver_sql(f"EXPLAIN {statement}".replace("%", "%%"))
        plan = "\n".join(row[0] for row in explained)
    assert "Seq Scan on actor_fingerprint" in plan
    # A filter is worked out for each row, with the text of all digests that stands in it.
    assert "Filter" not in plan


def test_a_statement_of_a_page_is_prepared_for_the_pages_that_follow(
    databases: Databases,
) -> None:
    # A pool of its own: each connection of a larger one would prepare after seven of its own.
    asked = "SELECT code FROM territory ORDER BY code LIMIT 1"
    for _ in range(7):
        with read(databases.public) as session:
            session.scalar(text(asked))
    with read(databases.public) as session:
        prepared = session.scalars(text("SELECT statement FROM pg_prepared_statements")).all()
    assert asked in prepared


def test_whoever_waits_for_a_connection_waits_no_longer_than_for_a_turn(
    databases: Databases, tmp_path: Path
) -> None:
    address = databases.public.url.render_as_string(hide_password=False)
    settings = settings_in(
        tmp_path, public_database_url=address, pool_size=1, wait_most=0.1, lag_most=3600
    )
    with open_public(settings) as opened, opened.databases.public.connect():
        begun = monotonic()
        with pytest.raises(PoolTimeout), opened.databases.public.connect():
            pass
        assert monotonic() - begun < 2


def test_what_reads_on_after_an_error_ends_as_any_other(worker_databases: Databases) -> None:
    with read(worker_databases.public) as session, suppress(DBAPIError):
        session.scalar(text("SELECT 1 / 0"))
    with read(worker_databases.public) as session:
        assert session.scalar(text("SELECT 1")) == 1


def test_who_waits_longer_than_they_would_is_told_who_writes(worker_databases: Databases) -> None:
    named = Patience(0.1, lambda _, who: who or "nobody")
    staff, waiting = worker_databases.staff, waiting_at_most(worker_databases.staff, named)
    for who, said in (("os:root", "os:root écrit"), ("", "nobody écrit")):
        with write(staff) as first:
            hold(first, LOCK, who=who)
            with pytest.raises(BeingWritten, match=said), write(waiting) as second:
                hold(second, LOCK)
    with write(waiting) as session:
        hold(session, LOCK)
        # As long as it takes, for what is no lock of these.
        assert session.scalar(text("SHOW lock_timeout")) == "0"
    with write(staff) as session:
        assert session.scalar(text("SHOW application_name")) == "mesure23"


def test_who_is_let_in_in_time_goes_on_in_the_same_transaction(worker_databases: Databases) -> None:
    patient = Patience(20, lambda *_: "nobody")
    waiting = waiting_at_most(worker_databases.staff, patient)
    with ThreadPoolExecutor(1) as threads, write(worker_databases.staff) as first:
        hold(first, LOCK)
        later = threads.submit(_held, waiting)
        until(lambda: is_blocked(worker_databases.staff))
        first.commit()
        assert later.result() == "0"


def _held(engine: Engine) -> object:
    with write(engine) as session:
        hold(session, LOCK)
        return session.scalar(text("SHOW lock_timeout"))
