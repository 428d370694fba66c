"""How alembic runs here: on a connection it is given, as the owner role once that role exists."""

from alembic import context
from geoalchemy2 import alembic_helpers
from sqlalchemy import text

from app.models import Base

connection = context.config.attributes["connection"]

context.configure(
    connection=connection,
    target_metadata=Base.metadata,
    # Only our tables: schema open holds views, and PostGIS has tables of its own.
    include_name=lambda name, kind, _parents: kind != "table" or name in Base.metadata.tables,
    include_object=alembic_helpers.include_object,
    process_revision_directives=alembic_helpers.writer,
    render_item=alembic_helpers.render_item,
    compare_server_default=True,
)

with context.begin_transaction():
    owner = connection.scalar(text("SELECT current_database() || '_owner'"))
    known = connection.scalar(
        text("SELECT pg_has_role(oid, 'SET') FROM pg_roles WHERE rolname = :owner"),
        {"owner": owner},
    )
    created = connection.scalar(text("SELECT to_regclass('public.alembic_version')"))
    if known and created:
        connection.exec_driver_sql(f'SET LOCAL ROLE "{owner}"')
    context.run_migrations()
