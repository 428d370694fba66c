"""Brings a database to a revision, or says in SQL what an administrator must do first."""

from collections.abc import Callable, Mapping
from time import monotonic, sleep
from typing import Any

import psycopg
from sqlalchemy import Connection, Engine, func, select, text
from sqlalchemy.exc import DBAPIError, OperationalError

from app.errors import DatabaseNotPrepared, OperatorError
from app.platform.database import preparation
from app.platform.database.engines import database_name, make_engine
from app.platform.database.schema import newest_revision
from app.settings import ROOT

# An advisory lock, so that migrations wait for each other.
MIGRATION_LOCK = 230023
# Whoever reads a table queues behind a migration that waits for it. So it waits for less than a
# visitor does for a turn, lets all of them pass, and tries again for as long as an import takes.
LOCK_TIMEOUT = "1s"
PAUSE, PATIENCE = 2.0, 300.0
# Seconds between two looks whether somebody else still migrates.
ASKED_AGAIN = 0.2
# What the head of a migration says of the release before it.
GOES_ON = "former_release_goes_on"
# And one that takes something away, of the migration since whose release nothing uses it.
UNUSED_SINCE = "unused_since"
# By what whoever migrates, or is about to, is told from processes at work.
MIGRATING = "mesure23 migration"
_AT_WORK = text(
    "SELECT EXISTS (SELECT FROM pg_stat_activity WHERE datname = current_database()"
    " AND starts_with(application_name, 'mesure23') AND application_name <> :migrating)"
)
NOT_ALLOWED = psycopg.errors.InsufficientPrivilege.sqlstate


class TableInUse(OperatorError):
    """La mise à jour attend depuis plusieurs minutes une table qu'une autre connexion utilise : un
    import, une sauvegarde, ou un outil d'analyse. Ce qui la précède est fait, elle n'a encore rien
    changé. Attendez que cette connexion finisse, ou fermez-la (pg_stat_activity la montre), puis
    relancez la commande, qui reprend là.
    """


class FormerReleaseStops(OperatorError):
    """La mise à jour {revisions} ne laisse pas continuer la version précédente : ses pages
    échoueraient, et ce qu'elle écrirait serait faux. Rien n'est changé. Arrêtez tous ses processus
    (« mesure23 serve », « mesure23 worker », imports), puis relancez la même commande avec
    « --stopped ».
    """


class FormerReleaseAtWork(OperatorError):
    """La version précédente travaille encore sur cette base, et la mise à jour {revisions} ne la
    laisse pas continuer : ses pages échoueraient, et ce qu'elle écrirait serait faux. Rien n'est
    changé. Arrêtez tous ses processus (« mesure23 serve », « mesure23 worker », imports), puis
    relancez la même commande.
    """


def _config(connection: Connection | None = None) -> Any:
    # Imported here: it is 11 MB, which a command that migrates nothing does not need.
    from alembic.config import Config

    config = Config(ROOT / "alembic.ini")
    config.attributes["connection"] = connection
    return config


def _run(connection: Connection, revision: str, *, down: bool) -> None:
    from alembic import command

    if down:
        command.downgrade(_config(connection), revision)
    else:
        command.upgrade(_config(connection), revision)


def refuse_former_release(url: str) -> None:
    """Raise FormerReleaseStops where a migration that is to be run says that it does not go on."""
    engine = make_engine(url, application=MIGRATING)
    with engine.connect() as connection:
        stops = _stops(connection)
    engine.dispose()
    if stops:
        raise FormerReleaseStops(revisions=", ".join(stops))


def refuse_former_at_work(url: str) -> None:
    """Raise FormerReleaseAtWork where it does not go on, and is connected; as who sees all."""
    engine = make_engine(url, application=MIGRATING)
    with engine.connect() as connection:
        # Asked first: who of this release is connected by then has migrated before.
        at_work = connection.scalar(_AT_WORK, {"migrating": MIGRATING})
        stops = _stops(connection)
    engine.dispose()
    if at_work and stops:
        raise FormerReleaseAtWork(revisions=", ".join(stops))


def _stops(connection: Connection) -> list[str]:
    """Return the migrations to be run with which the release of this database does not go on.

    They say so, or take away what that release, which is more than one behind, may use still.
    """
    reached = _reached(connection)
    # Of an empty database there is no former release, and whoever is ahead runs nothing.
    if not reached or reached >= newest_revision():
        return []
    from alembic.script import ScriptDirectory

    steps = ScriptDirectory.from_config(_config()).iterate_revisions("head", reached)
    # What stood before anybody said so was served by nobody.
    stops = [
        each.revision
        for each in steps
        if not getattr(each.module, GOES_ON, True)
        or getattr(each.module, UNUSED_SINCE, reached) > reached
    ]
    return stops[::-1]


def _reached(connection: Connection) -> str | None:
    """Return the revision of a database, None where it has no tables yet."""
    if connection.scalar(text("SELECT to_regclass('public.alembic_version')")) is None:
        return None
    found: str | None = connection.scalar(text("SELECT version_num FROM public.alembic_version"))
    return found


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
    needed: as there. on_wait is called once where a table is in use. Each migration is a
    transaction: what is done stays, and a command that is run again goes on from there.
    """
    engine = make_engine(url, application=MIGRATING)
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
    """Run migrations, one after the other, until no table that the next one changes is in use."""
    with engine.connect() as connection:
        try:
            # Two processes may start at once; the second finds the work done.
            hold_alone(connection, func.pg_try_advisory_lock)
            connection.exec_driver_sql(f"SET lock_timeout = '{LOCK_TIMEOUT}'")
            # Of a later release, whose tables this one goes on with.
            ahead = revision == "head" and (_reached(connection) or "") > newest_revision()
            connection.commit()
            if not ahead:
                _run_until_free(connection, revision, down=down, on_wait=on_wait)
        finally:
            # Closed for good, and the lock and the setting with it.
            connection.invalidate()


def _run_until_free(
    connection: Connection, revision: str, *, down: bool, on_wait: Callable[[], None] | None
) -> None:
    until = monotonic() + PATIENCE
    while True:
        try:
            _run(connection, revision, down=down)
            return
        except OperationalError as error:
            if not isinstance(error.orig, psycopg.errors.LockNotAvailable):
                raise
            if monotonic() > until:
                raise TableInUse from error
        connection.rollback()
        if on_wait is not None:
            on_wait()
            on_wait = None
        sleep(PAUSE)


def hold_alone(
    connection: Connection, lock: Callable[[int], Any] = func.pg_try_advisory_xact_lock
) -> None:
    """Wait for migrations, and let none begin until the transaction ends.

    It asks again and again, in a transaction each time: who waits in one has a snapshot, for whose
    end an index that is made CONCURRENTLY waits in turn.
    """
    while not connection.scalar(select(lock(MIGRATION_LOCK))):
        connection.rollback()
        sleep(ASKED_AGAIN)


def prepare(engine: Engine, needed: Mapping[str, int] | None = None) -> None:
    """Run what is still missing and this login may run; raise DatabaseNotPrepared for the rest."""
    with engine.connect() as connection:
        hold_alone(connection)
        for statement in preparation.missing(connection, needed):
            try:
                with connection.begin_nested():
                    connection.exec_driver_sql(statement)
            except DBAPIError as error:
                if getattr(error.orig, "sqlstate", "") != NOT_ALLOWED:
                    raise
        # PostgreSQL only warns where a login revokes what another one granted.
        sql = preparation_sql(connection, needed)
        connection.commit()
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
