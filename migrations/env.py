"""How alembic runs here: on a connection it is given, each migration a transaction of its own, as
the owner role once the tables are its own.
"""

from collections.abc import Collection, Mapping
from typing import Any

from alembic import context
from alembic.runtime.migration import MigrationContext, MigrationInfo
from alembic.script import Script
from geoalchemy2 import alembic_helpers
from sqlalchemy import Connection, event, text

from app.models import Base
from app.platform.database.migrating import GOES_ON, UNUSED_SINCE

AS_OWNER = text("""
SELECT set_config('role', rolname, true) FROM pg_roles r
JOIN pg_class c ON c.oid = to_regclass('public.alembic_version') AND c.relowner = r.oid
WHERE rolname = current_database() || '_owner' AND pg_has_role(r.oid, 'SET')
""")
connection: Connection = context.config.attributes["connection"]


@event.listens_for(connection, "begin")
def as_owner(connection: Connection) -> None:
    """Begin each transaction as the owner role."""
    connection.execute(AS_OWNER)


def oldest_beside(step: Script) -> str:
    """Return the migration whose release is the oldest that goes on with a step; "" for any."""
    if not getattr(step.module, GOES_ON, True):
        return str(step.revision)
    return str(getattr(step.module, UNUSED_SINCE, ""))


def note_oldest(
    ctx: MigrationContext, step: MigrationInfo, heads: Collection[Any], run_args: Mapping[str, Any]
) -> None:
    """Note which release is the oldest that goes on, where a migration changes that."""
    moved = context.script.get_revision(str(step.up_revision_id))
    if moved is None or not oldest_beside(moved):
        return
    reached = max(heads, default="")
    oldest = max(
        (
            oldest_beside(each)
            for each in context.script.walk_revisions()
            if each.revision <= reached
        ),
        default="",
    )
    connection.exec_driver_sql(f"COMMENT ON TABLE public.alembic_version IS '{oldest}'")


context.configure(
    connection=connection,
    target_metadata=Base.metadata,
    # Only our tables: schema open holds views, and PostGIS has tables of its own.
    include_name=lambda name, kind, _parents: kind != "table" or name in Base.metadata.tables,
    include_object=alembic_helpers.include_object,
    process_revision_directives=alembic_helpers.writer,
    render_item=alembic_helpers.render_item,
    compare_server_default=True,
    # One that waits for its lock holds none of those before it.
    transaction_per_migration=True,
    on_version_apply=note_oldest,
)

try:
    with context.begin_transaction():
        context.run_migrations()
finally:
    event.remove(connection, "begin", as_owner)
