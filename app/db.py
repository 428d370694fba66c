"""Engines, sessions and migrations: the only module that opens a connection to PostgreSQL."""

from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any, cast

import psycopg
from alembic import command
from alembic.config import Config
from psycopg import sql
from sqlalchemy import (
    ARRAY,
    ColumnElement,
    Connection,
    Engine,
    any_,
    create_engine,
    event,
    func,
    literal,
    select,
    text,
)
from sqlalchemy.engine import ExceptionContext
from sqlalchemy.exc import DBAPIError
from sqlalchemy.orm import InstrumentedAttribute, Session

from app import preparation
from app.errors import DatabaseNotPrepared, DatabaseNotUpgraded

ROOT = Path(__file__).resolve().parent.parent

# Advisory locks: migrations wait for each other, and so do writers of actors, since two lists
# may write to one actor and hide one another's.
MIGRATION_LOCK = 230023
IMPORT_LOCK = 230024
# And those who note what was erased, so that none of it is noted twice.
PURGE_LOCK = 230025

NOT_ALLOWED = psycopg.errors.InsufficientPrivilege.sqlstate


def make_engine(url: str, *, pool_size: int = 5, application: str = "mesure23") -> Engine:
    """Return an engine whose errors and logs never carry a parameter or a value of a row."""
    engine = create_engine(
        url,
        hide_parameters=True,
        pool_size=pool_size,
        max_overflow=0,
        pool_timeout=10,
        connect_args={"application_name": application, "connect_timeout": 5},
    )
    event.listen(engine, "handle_error", _quote_nothing)
    return engine


def _quote_nothing(context: ExceptionContext) -> None:
    """Take from an error of the server what quotes a row, a key or a value.

    The detail quotes rows ("Failing row contains (…)"), and so does the message itself where a
    value cannot be read ("invalid input syntax for type integer: …", PostGIS's "parse error").
    """
    error, shown = context.original_exception, context.sqlalchemy_exception
    if not isinstance(error, psycopg.Error) or error.diag.message_primary is None:
        return
    quotes = (error.sqlstate or "XX")[:2] in {"22", "XX"}
    told = f"SQLSTATE {error.sqlstate}" if quotes else error.diag.message_primary
    error.args = (told,)
    if isinstance(shown, DBAPIError):
        shown.args = (f"({type(error).__name__}) {told}",)


@dataclass(frozen=True, slots=True)
class Databases:
    """The two logins of the service: staff writes, public reads its views and nothing else."""

    staff: Engine
    public: Engine

    def dispose(self) -> None:
        """Close every pooled connection of both engines."""
        self.staff.dispose()
        self.public.dispose()


@dataclass(frozen=True, slots=True)
class PublicDatabase:
    """The login of public pages alone, for a process that must not hold the other one."""

    public: Engine

    def dispose(self) -> None:
        """Close every pooled connection."""
        self.public.dispose()


@contextmanager
def read(engine: Engine) -> Iterator[Session]:
    """Open a READ ONLY session on one snapshot, so that list, map and counts of a page agree."""
    options = {"isolation_level": "REPEATABLE READ", "postgresql_readonly": True}
    with Session(engine.execution_options(**options)) as session:
        yield session


@contextmanager
def read_once(engine: Engine) -> Iterator[Session]:
    """Open a session for one statement, or for several that need not agree: none waits for BEGIN.

    Of the login that reads only.
    """
    with Session(engine.execution_options(isolation_level="AUTOCOMMIT")) as session:
        yield session


@contextmanager
def write(engine: Engine) -> Iterator[Session]:
    """Open a session that commits once, at the end, or not at all."""
    with Session(engine) as session, session.begin():
        yield session


def among(column: InstrumentedAttribute[Any], values: Iterable[Any]) -> ColumnElement[bool]:
    """Return "column is one of values" as one bound array, whatever their number."""
    return column == any_(literal(list(values), ARRAY(column.type)))


def role(database: str, kind: str) -> str:
    """Return the name of a role of a database: roles belong to the whole cluster."""
    return f"{database}_{kind}"


def database_name(engine: Engine) -> str:
    """Return the name of the database that an engine connects to."""
    return engine.url.database or ""


def _alembic(connection: Connection) -> Config:
    config = Config(ROOT / "alembic.ini")
    config.attributes["connection"] = connection
    return config


def migrate(url: str, revision: str = "head") -> None:
    """Bring the database to a revision, as the login of url; raise DatabaseNotPrepared.

    The first migration creates the roles, which takes CREATEROLE, and needs PostGIS, which takes
    a superuser once; where either is missing the error carries the SQL to run. So does whatever
    was added to preparation.missing() since the database was made: it is done, or told, each time.
    """
    engine = make_engine(url)
    down = revision == "base" or revision.startswith("-")
    try:
        with engine.begin() as connection:
            # Two processes may start at once; the second finds the work done.
            connection.execute(select(func.pg_advisory_xact_lock(MIGRATION_LOCK)))
            config = _alembic(connection)
            if down:
                command.downgrade(config, revision)
            else:
                command.upgrade(config, revision)
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


def create_database(superuser_url: str, name: str) -> None:
    """Create the embedded database with its extensions and logins, if it is not there yet."""
    admin = make_engine(superuser_url).execution_options(isolation_level="AUTOCOMMIT")
    with admin.connect() as connection:
        found = connection.scalar(
            text("SELECT 1 FROM pg_database WHERE datname = :name"), {"name": name}
        )
        if not found:
            connection.execute(text(f'CREATE DATABASE "{name}"'))
            for other in ("postgres", "template1"):
                connection.execute(text(f"REVOKE CONNECT ON DATABASE {other} FROM PUBLIC"))
    admin.dispose()


def enable_logins(owner_url: str) -> None:
    """Let the embedded staff and public roles log in; the socket's directory says who may."""
    engine = make_engine(owner_url)
    with engine.begin() as connection:
        for kind in ("staff", "public"):
            name = role(database_name(engine), kind)
            known = text("SELECT rolcanlogin FROM pg_roles WHERE rolname = :name")
            if not connection.scalar(known, {"name": name}):
                connection.exec_driver_sql(f'ALTER ROLE "{name}" LOGIN')
    engine.dispose()


def set_login(owner_url: str, kind: str, password: str) -> str | None:
    """Let a role log in with a password, of which the server only ever sees the verifier.

    Return None, or the statement for a superuser to run where the login of owner_url may not.
    """
    engine = make_engine(owner_url)
    name = role(database_name(engine), kind)
    try:
        with engine.connect() as connection:
            driver = cast("psycopg.Connection", connection.connection.driver_connection)
            verifier = driver.pgconn.encrypt_password(
                password.encode(), name.encode(), b"scram-sha-256"
            ).decode()
            statement = (
                sql.SQL("ALTER ROLE {} LOGIN PASSWORD {}")
                .format(sql.Identifier(name), sql.Literal(verifier))
                .as_string(driver)
            )
            try:
                connection.exec_driver_sql(statement)
            except DBAPIError as error:
                state = getattr(error.orig, "sqlstate", "")
                if state == psycopg.errors.UndefinedObject.sqlstate:
                    raise DatabaseNotUpgraded from None
                if state != NOT_ALLOWED:
                    raise
                return statement
            connection.commit()
    finally:
        engine.dispose()
    return None
