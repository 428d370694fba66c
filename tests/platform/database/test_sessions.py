"""How values are looked for in the database."""

from sqlalchemy import select, text
from sqlalchemy.dialects import postgresql
from sqlalchemy.orm import Session

from app.models import ActorFingerprint
from app.platform.database.engines import Databases
from app.platform.database.sessions import among


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
