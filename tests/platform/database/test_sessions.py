"""How values are looked for in the database."""

from contextlib import suppress

from sqlalchemy import select, text
from sqlalchemy.dialects import postgresql
from sqlalchemy.exc import DBAPIError
from sqlalchemy.orm import Session

from app.models import ActorFingerprint
from app.platform.database.engines import Databases
from app.platform.database.sessions import among, read


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
    worker_databases: Databases,
) -> None:
    asked = "SELECT code FROM territory ORDER BY code LIMIT 1"
    for _ in range(7):
        with read(worker_databases.public) as session:
            session.scalar(text(asked))
    with read(worker_databases.public) as session:
        prepared = session.scalars(text("SELECT statement FROM pg_prepared_statements")).all()
    assert asked in prepared


def test_what_reads_on_after_an_error_ends_as_any_other(worker_databases: Databases) -> None:
    with read(worker_databases.public) as session, suppress(DBAPIError):
        session.scalar(text("SELECT 1 / 0"))
    with read(worker_databases.public) as session:
        assert session.scalar(text("SELECT 1")) == 1
