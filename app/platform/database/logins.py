"""Makes the embedded database, and lets the roles of the service log in."""

from typing import cast

import psycopg
from psycopg import sql
from sqlalchemy import func, select, text
from sqlalchemy.exc import DBAPIError

from app.errors import DatabaseNotUpgraded
from app.platform.database.engines import database_name, make_engine, role
from app.platform.database.migrating import NOT_ALLOWED, hold_alone

# Of the embedded cluster as a whole: its database is made by one process.
CREATION_LOCK = 230041


def create_database(superuser_url: str, name: str) -> None:
    """Create the embedded database with its extensions and logins, if it is not there yet."""
    admin = make_engine(superuser_url).execution_options(isolation_level="AUTOCOMMIT")
    with admin.connect() as connection:
        # Until the connection is closed: who starts at the same time finds the database made.
        connection.execute(select(func.pg_advisory_lock(CREATION_LOCK)))
        found = connection.scalar(
            text("SELECT 1 FROM pg_database WHERE datname = :name"), {"name": name}
        )
        if not found:
            connection.execute(text(f'CREATE DATABASE "{name}"'))
            for other in ("postgres", "template1"):
                connection.execute(text(f"REVOKE CONNECT ON DATABASE {other} FROM PUBLIC"))
    admin.dispose()


def enable_logins(owner_url: str) -> None:
    """Let the embedded roles but the owner log in; the socket's directory says who may."""
    engine = make_engine(owner_url)
    with engine.connect() as connection:
        # Two that change one role at once are refused.
        hold_alone(connection)
        for login in ("staff", "public", "inbox"):
            name = role(database_name(engine), login)
            known = text("SELECT rolcanlogin FROM pg_roles WHERE rolname = :name")
            if not connection.scalar(known, {"name": name}):
                connection.exec_driver_sql(f'ALTER ROLE "{name}" LOGIN')
        connection.commit()
    engine.dispose()


def set_login(owner_url: str, login: str, password: str) -> str | None:
    """Let a role log in with a password, of which the server only ever sees the verifier.

    Return None, or the statement for a superuser to run where the login of owner_url may not.
    """
    engine = make_engine(owner_url)
    name = role(database_name(engine), login)
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
                hold_alone(connection)
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
