"""The queue of the worker, as its library makes it, in a schema of its own."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy import text

revision = "0031"
down_revision = "0030"

# SHA-256 of the SQL of the library that this migration runs: another release of it whose SQL is
# not the same needs a migration for the databases that have this one.
LIBRARY_SQL = "c70ec4b400a60ad9592787653aae5ae77ae41bf801d56b5bd2712751a07f2009"
TABLES = {
    "procrastinate_jobs": "SELECT, INSERT, UPDATE, DELETE",
    "procrastinate_events": "SELECT, INSERT",
    "procrastinate_periodic_defers": "SELECT, INSERT, UPDATE, DELETE",
    "procrastinate_workers": "SELECT, INSERT, UPDATE, DELETE",
}
SEQUENCES = (
    "procrastinate_jobs_id_seq",
    "procrastinate_events_id_seq",
    "procrastinate_periodic_defers_id_seq",
)
# Read by more people than a record: nothing but ids, short codes, and when a periodic one was due.
ONLY_IDS = """
ALTER TABLE jobs.procrastinate_jobs ADD CONSTRAINT only_ids CHECK (
    args - 'ids' - 'timestamp' = '{}'
    AND jsonb_typeof(coalesce(args -> 'timestamp', '0')) = 'number'
    AND jsonb_typeof(coalesce(args -> 'ids', '[]')) = 'array'
    AND NOT jsonb_path_exists(coalesce(args -> 'ids', '[]'), 'strict $[*] ? (@.type() != "string"
        || !(@ like_regex "^([0-9A-Z]{1,5}|[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12})$"))')
)
"""
FUNCTIONS = text(
    "SELECT oid::regprocedure::text FROM pg_proc WHERE pronamespace = 'jobs'::regnamespace"
)


def upgrade() -> None:
    """Run the library's own SQL in schema jobs; staff add and do jobs, the public sees none."""
    from procrastinate.schema import SchemaManager

    connection = op.get_bind()
    database = connection.scalar(text("SELECT current_database()"))
    staff = f'"{database}_staff"'
    op.execute("CREATE SCHEMA jobs")
    before = connection.scalar(text("SELECT current_setting('search_path')"))
    _look_into("jobs")
    connection.execution_options(no_parameters=True).exec_driver_sql(SchemaManager.get_schema())
    _look_into(before)
    for function in connection.scalars(FUNCTIONS).all():
        # Whoever calls one may look elsewhere; and nobody else may call it.
        op.execute(f"ALTER FUNCTION {function} SET search_path = jobs, pg_temp")
        op.execute(f"REVOKE ALL ON FUNCTION {function} FROM PUBLIC")
        op.execute(f"GRANT EXECUTE ON FUNCTION {function} TO {staff}")
    op.execute(ONLY_IDS)
    op.execute(f"GRANT USAGE ON SCHEMA jobs TO {staff}")
    for table, rights in TABLES.items():
        op.execute(f"GRANT {rights} ON jobs.{table} TO {staff}")
    for sequence in SEQUENCES:
        op.execute(f"GRANT USAGE ON SEQUENCE jobs.{sequence} TO {staff}")
    # An invitation that ended is nothing that was received.
    op.execute(f"GRANT DELETE ON invitation TO {staff}")


def _look_into(path: str) -> None:
    op.get_bind().execute(sa.select(sa.func.set_config("search_path", path, True)))


def downgrade() -> None:
    """Drop the queue, and what waits in it."""
    database = op.get_bind().scalar(text("SELECT current_database()"))
    op.execute(f'REVOKE DELETE ON invitation FROM "{database}_staff"')
    op.execute("DROP SCHEMA jobs CASCADE")
