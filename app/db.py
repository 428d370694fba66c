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
    func,
    literal,
    make_url,
    select,
    text,
)
from sqlalchemy.exc import ProgrammingError
from sqlalchemy.orm import InstrumentedAttribute, Session

from app.errors import DatabaseNotPrepared

ROOT = Path(__file__).resolve().parent.parent

# Advisory locks: migrations wait for each other, and so do writers of actors, since two lists
# may write to one actor and hide one another's.
MIGRATION_LOCK = 230023
IMPORT_LOCK = 230024


def make_engine(url: str, *, pool_size: int = 5, application: str = "mesure23") -> Engine:
    """Return an engine whose errors and logs never carry a parameter."""
    return create_engine(
        url,
        hide_parameters=True,
        pool_size=pool_size,
        max_overflow=0,
        pool_timeout=10,
        connect_args={"application_name": application, "connect_timeout": 5},
    )


@dataclass(frozen=True, slots=True)
class Databases:
    """The two logins of the service: staff writes, public reads its views and nothing else."""

    staff: Engine
    public: Engine

    def dispose(self) -> None:
        """Close every pooled connection of both engines."""
        self.staff.dispose()
        self.public.dispose()


@contextmanager
def read(engine: Engine) -> Iterator[Session]:
    """Open a READ ONLY session on one snapshot, so that list, map and counts of a page agree."""
    options = {"isolation_level": "REPEATABLE READ", "postgresql_readonly": True}
    with Session(engine.execution_options(**options)) as session:
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
    a superuser once; where either is missing the error carries the SQL to run.
    """
    engine = make_engine(url)
    try:
        with engine.begin() as connection:
            # Two processes may start at once; the second finds the work done.
            connection.execute(select(func.pg_advisory_xact_lock(MIGRATION_LOCK)))
            config = _alembic(connection)
            if revision == "base" or revision.startswith("-"):
                command.downgrade(config, revision)
            else:
                command.upgrade(config, revision)
    except ProgrammingError as error:
        if getattr(error.orig, "sqlstate", "") not in {"42501", "0A000", "58P01"}:
            raise
        raise DatabaseNotPrepared(sql=preparation_sql(url)) from error
    finally:
        engine.dispose()


def preparation_sql(url: str) -> str:
    """Return what a superuser must run once where the login of url may not do it itself."""
    parsed = make_url(url)
    database, login = parsed.database, parsed.username
    lines = [f"-- en superutilisateur, dans la base {database} :"]
    lines += [f"CREATE EXTENSION IF NOT EXISTS {name};" for name in EXTENSIONS]
    lines += [
        f'CREATE ROLE "{role(database or "", kind)}" NOLOGIN;'
        for kind in ("owner", "staff", "public")
    ]
    lines += [
        f'GRANT "{role(database or "", "owner")}" TO "{login}";',
        f'ALTER DATABASE "{database}" OWNER TO "{role(database or "", "owner")}";',
    ]
    return "\n".join(lines)


EXTENSIONS = ("postgis", "pg_trgm", "unaccent")


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


def set_login(owner_url: str, kind: str, password: str) -> None:
    """Let a role log in with a password, of which the server only ever sees the verifier."""
    engine = make_engine(owner_url)
    name = role(database_name(engine), kind)
    with engine.begin() as connection:
        driver = cast("psycopg.Connection", connection.connection.driver_connection)
        verifier = driver.pgconn.encrypt_password(
            password.encode(), name.encode(), b"scram-sha-256"
        ).decode()
        statement = sql.SQL("ALTER ROLE {} LOGIN PASSWORD {}").format(
            sql.Identifier(name), sql.Literal(verifier)
        )
        connection.exec_driver_sql(statement.as_string(driver))
    engine.dispose()
