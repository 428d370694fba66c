"""Brings a database to a revision, or says in SQL what an administrator must do first."""

from collections.abc import Callable, Mapping
from time import monotonic, sleep

import psycopg
from sqlalchemy import Connection, Engine, func, select, text
from sqlalchemy.exc import DBAPIError, OperationalError

from app.errors import DatabaseNotPrepared, OperatorError
from app.platform.database import preparation
from app.platform.database.engines import database_name, make_engine
from app.settings import ROOT

# An advisory lock, so that migrations wait for each other.
MIGRATION_LOCK = 230023
# Whoever reads a table queues behind a migration that waits for it. So it waits for less than a
# visitor does for a turn, lets all of them pass, and tries again for as long as an import takes.
LOCK_TIMEOUT = "1s"
PAUSE, PATIENCE = 2.0, 300.0
NOT_ALLOWED = psycopg.errors.InsufficientPrivilege.sqlstate


class TableInUse(OperatorError):
    """La mise à jour attend depuis plusieurs minutes une table qu'une autre connexion utilise : un
    import, une sauvegarde, ou un outil d'analyse. Rien n'est changé. Attendez qu'elle finisse,
    ou fermez-la (pg_stat_activity la montre), puis relancez la commande.
    """


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


def migrate(
    url: str,
    revision: str = "head",
    needed: Mapping[str, int] | None = None,
    on_wait: Callable[[], None] | None = None,
) -> None:
    """Bring the database to a revision, as the login of url; raise DatabaseNotPrepared, TableInUse.

    The first migration creates the roles, which takes CREATEROLE, and needs PostGIS, which takes
    a superuser once; where either is missing the error carries the SQL to run. What was added to
    preparation.missing() since the database was made is done each time, or else is in the error.
    needed: as there. on_wait is called once where a table is in use.
    """
    engine = make_engine(url)
    down = revision == "base" or revision.startswith("-")
    try:
        _try_on(engine, revision, down=down, on_wait=on_wait)
        if not down:
            prepare(engine, needed)
    except (DatabaseNotPrepared, DBAPIError) as error:
        state = getattr(error.orig, "sqlstate", "") if isinstance(error, DBAPIError) else ""
        if state not in {"", NOT_ALLOWED, "0A000", "58P01"}:
            raise
        # Asked again, since what the migration could do itself was rolled back.
        with engine.connect() as connection:
            if sql := preparation_sql(connection, needed):
                raise DatabaseNotPrepared(sql=sql) from error
        raise
    finally:
        engine.dispose()


def _try_on(
    engine: Engine, revision: str, *, down: bool, on_wait: Callable[[], None] | None
) -> None:
    """Run migrations, all of them or none, until no table that they change is in use."""
    until = monotonic() + PATIENCE
    while True:
        try:
            with engine.begin() as connection:
                # Two processes may start at once; the second finds the work done.
                connection.execute(select(func.pg_advisory_xact_lock(MIGRATION_LOCK)))
                connection.exec_driver_sql(f"SET LOCAL lock_timeout = '{LOCK_TIMEOUT}'")
                _run(connection, revision, down=down)
                return
        except OperationalError as error:
            if not isinstance(error.orig, psycopg.errors.LockNotAvailable):
                raise
            if monotonic() > until:
                raise TableInUse from error
        if on_wait is not None:
            on_wait()
            on_wait = None
        sleep(PAUSE)


def prepare(engine: Engine, needed: Mapping[str, int] | None = None) -> None:
    """Run what is still missing and this login may run; raise DatabaseNotPrepared for the rest."""
    with engine.begin() as connection:
        connection.execute(select(func.pg_advisory_xact_lock(MIGRATION_LOCK)))
        for statement in preparation.missing(connection, needed):
            try:
                with connection.begin_nested():
                    connection.exec_driver_sql(statement)
            except DBAPIError as error:
                if getattr(error.orig, "sqlstate", "") != NOT_ALLOWED:
                    raise
        # PostgreSQL only warns where a login revokes what another one granted.
        sql = preparation_sql(connection, needed)
    if sql:
        raise DatabaseNotPrepared(sql=sql)


def preparation_sql(connection: Connection, needed: Mapping[str, int] | None = None) -> str:
    """Return what a superuser must run once where the login may not, or nothing."""
    statements = preparation.missing(connection, needed)
    if not statements:
        return ""
    version = connection.scalar(text("SELECT current_setting('server_version_num')::int / 10000"))
    absent = preparation.unavailable(connection)
    return preparation.script(database_name(connection.engine), statements, absent, version or 0)
