"""Brings a database to a revision, or says in SQL what an administrator must do first."""

import psycopg
from sqlalchemy import Connection, Engine, func, select, text
from sqlalchemy.exc import DBAPIError

from app.errors import DatabaseNotPrepared
from app.platform.database import preparation
from app.platform.database.engines import database_name, make_engine
from app.settings import ROOT

# An advisory lock, so that migrations wait for each other.
MIGRATION_LOCK = 230023
NOT_ALLOWED = psycopg.errors.InsufficientPrivilege.sqlstate


def _run(connection: Connection, revision: str, *, down: bool) -> None:
    # Imported here: it is 11 MB, which a command that migrates nothing does not need.
    from alembic import command
    from alembic.config import Config

    config = Config(ROOT / "alembic.ini")
    config.attributes["connection"] = connection
    if down:
        command.downgrade(config, revision)
    else:
        command.upgrade(config, revision)


def migrate(url: str, revision: str = "head") -> None:
    """Bring the database to a revision, as the login of url; raise DatabaseNotPrepared.

    The first migration creates the roles, which takes CREATEROLE, and needs PostGIS, which takes
    a superuser once; where either is missing the error carries the SQL to run. What was added to
    preparation.missing() since the database was made is done each time, or else is in the error.
    """
    engine = make_engine(url)
    down = revision == "base" or revision.startswith("-")
    try:
        with engine.begin() as connection:
            # Two processes may start at once; the second finds the work done.
            connection.execute(select(func.pg_advisory_xact_lock(MIGRATION_LOCK)))
            _run(connection, revision, down=down)
        if not down:
            _prepare(engine)
    except (DatabaseNotPrepared, DBAPIError) as error:
        state = getattr(error.orig, "sqlstate", "") if isinstance(error, DBAPIError) else ""
        if state not in {"", NOT_ALLOWED, "0A000", "58P01"}:
            raise
        # Asked again, since what the migration could do itself was rolled back.
        with engine.connect() as connection:
            if sql := preparation_sql(connection):
                raise DatabaseNotPrepared(sql=sql) from error
        raise
    finally:
        engine.dispose()


def _prepare(engine: Engine) -> None:
    """Run what is still missing and this login may run; raise DatabaseNotPrepared for the rest."""
    with engine.begin() as connection:
        connection.execute(select(func.pg_advisory_xact_lock(MIGRATION_LOCK)))
        for statement in preparation.missing(connection):
            try:
                with connection.begin_nested():
                    connection.exec_driver_sql(statement)
            except DBAPIError as error:
                if getattr(error.orig, "sqlstate", "") != NOT_ALLOWED:
                    raise
        # PostgreSQL only warns where a login revokes what another one granted.
        sql = preparation_sql(connection)
    if sql:
        raise DatabaseNotPrepared(sql=sql)


def preparation_sql(connection: Connection) -> str:
    """Return what a superuser must run once where the login may not, or nothing."""
    statements = preparation.missing(connection)
    if not statements:
        return ""
    version = connection.scalar(text("SELECT current_setting('server_version_num')::int / 10000"))
    absent = preparation.unavailable(connection)
    return preparation.script(database_name(connection.engine), statements, absent, version or 0)
