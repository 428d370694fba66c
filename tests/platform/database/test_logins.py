"""What each login is refused, tried through real connections."""

import traceback
from datetime import date
from uuid import uuid4

import psycopg
import pytest
from sqlalchemy import select, text
from sqlalchemy.exc import DBAPIError, IntegrityError
from sqlalchemy.orm import Session

from app.models import Actor, Base, SourceRow
from app.platform.database.copying import RowsMissing, copy_in, update_in
from app.platform.database.engines import Databases
from tests.makers import add_actor

PROTECTED_TABLES = sorted(
    set(Base.metadata.tables) - {"actor", "territory", "commune", "epci", "former_commune"}
)


@pytest.mark.parametrize("table", [*PROTECTED_TABLES, "actor"])
def test_public_login_is_refused_every_table(worker_databases: Databases, table: str) -> None:
    with (
        worker_databases.public.connect() as connection,
        pytest.raises(DBAPIError, match="permission denied"),
    ):
        connection.execute(text(f"SELECT * FROM public.{table}"))


@pytest.mark.parametrize(
    "statement",
    [
        "INSERT INTO actor (public_id) VALUES ('x')",
        "UPDATE actor SET name = 'x'",
        "DELETE FROM actor",
        "CREATE TABLE mine (x int)",
        "CREATE TEMP TABLE mine (x int)",
        "CREATE TABLE open.mine (x int)",
        "SET ROLE postgres",
        "SELECT pg_read_file('/etc/passwd')",
        "SELECT lo_import('/etc/passwd')",
        "COPY actor TO PROGRAM 'cat'",
        "SELECT * FROM pg_authid",
    ],
)
@pytest.mark.parametrize("read_only", ["on", "off"])
def test_public_login_is_refused_anything_but_reading(
    worker_databases: Databases, statement: str, read_only: str
) -> None:
    with worker_databases.public.connect() as connection:
        # The default is a courtesy that a client can lift: privileges must hold without it.
        connection.exec_driver_sql(f"SET default_transaction_read_only = {read_only}")
        connection.commit()
        with pytest.raises(DBAPIError):
            connection.exec_driver_sql(statement)


def test_public_login_reads_published_actors_only(databases: Databases) -> None:
    with databases.staff.begin() as connection:
        for status in ("draft", "published", "archived"):
            add_actor(connection, name=f"Acteur {status}", status=status)
    with databases.public.connect() as connection:
        assert connection.scalars(text("SELECT name FROM actor")).all() == ["Acteur published"]


def test_revisions_only_grow(worker_databases: Databases) -> None:
    with worker_databases.staff.connect() as connection:
        for statement in ("UPDATE revision SET who = 'x'", "DELETE FROM revision"):
            with pytest.raises(DBAPIError, match="permission denied"):
                connection.exec_driver_sql(statement)
            connection.rollback()


def test_a_protected_actor_that_could_be_placed_or_known_is_refused_by_the_database(
    worker_databases: Databases,
) -> None:
    for column, value in {
        "address": "1 rue de l'Exemple",
        "commune_code": "93008",
        "email": "contact@example.org",
        "website": "https://example.org",
        "description": "texte libre",
        "acronym": "EX",
        "covers_communes": ["93008"],
        "covers_epcis": ["200054781"],
        "covers_territories": ["93"],
        "covers_national": True,
        "audiences": ["mineurs"],
        "age_min": 0,
        "age_max": 17,
        "opening_hours": "24/7",
        "verified_on": date(2026, 1, 1),
    }.items():
        with pytest.raises(IntegrityError), worker_databases.staff.begin() as connection:
            add_actor(connection, protected=True, **{column: value})


def test_lists_are_sorted_as_in_french(databases: Databases) -> None:
    with databases.staff.begin() as connection:
        for name in ("Zoo", "École", "Ecole", "eau", "Évry", "Étampes"):
            add_actor(connection, name=name)
    with databases.public.connect() as connection:
        names = connection.scalars(text("SELECT name FROM actor ORDER BY name")).all()
    assert names == ["eau", "Ecole", "École", "Étampes", "Évry", "Zoo"]


def test_errors_of_the_database_carry_no_parameter(worker_databases: Databases) -> None:
    statement = text("SELECT CAST(:secret AS text), 1 / :zero")
    with worker_databases.staff.begin() as connection, pytest.raises(DBAPIError) as caught:
        connection.execute(statement, {"secret": "12 rue Cachée", "zero": 0})
    assert "rue Cachée" not in str(caught.value)


@pytest.mark.parametrize(
    "statement",
    [
        "SELECT CAST(CAST(:secret AS text) AS integer)",
        "SELECT CAST(CAST(:secret AS text) AS geometry)",
        "INSERT INTO territory (code, name, slug, kind, region_code, region_name)"
        " VALUES (:secret, NULL, 'x', 'x', 'x', 'x')",
        "INSERT INTO former_commune (code, name, kind, commune_code, postcodes)"
        " VALUES ('x', 'x', 'x', :secret, '{}')",
    ],
)
def test_errors_of_the_database_quote_no_value_and_no_row(
    worker_databases: Databases, statement: str
) -> None:
    with worker_databases.staff.connect() as connection, pytest.raises(DBAPIError) as caught:
        connection.execute(text(statement), {"secret": "12 rue Cachée"})
    assert "Cachée" not in str(caught.value)
    assert "Cachée" not in str(caught.value.__cause__)
    # Where to look is still said.
    assert caught.value.orig is not None
    assert str(caught.value.orig)


@pytest.mark.parametrize("line", ["1", "12 rue Cachée"])
def test_a_copy_of_rows_quotes_none_either(worker_databases: Databases, line: str) -> None:
    row = {"id": uuid4(), "source_file_id": uuid4(), "line": line, "outcome": "Cachée"}
    with Session(worker_databases.staff) as session, pytest.raises(psycopg.Error) as caught:
        copy_in(session, SourceRow, [row | {"content": b"Cach\xc3\xa9e"}])
    assert "Cachée" not in "".join(traceback.format_exception(caught.value))
    assert str(caught.value)


@pytest.mark.parametrize("line", ["1", "12 rue Cachée"])
def test_an_update_of_rows_quotes_none_either(worker_databases: Databases, line: str) -> None:
    with Session(worker_databases.staff) as session:
        actor = add_actor(session.connection())
        row = {"id": actor, "name": "Cachée", "status": "Cachée", "age_min": line}
        with pytest.raises(psycopg.Error) as caught:
            update_in(session, Actor, [row])
    assert "Cachée" not in "".join(traceback.format_exception(caught.value))
    assert str(caught.value)


def test_rows_that_are_there_are_written_anew_and_one_that_is_gone_is_said(
    worker_databases: Databases,
) -> None:
    with Session(worker_databases.staff) as session:
        actor = add_actor(session.connection())
        row = {"id": actor, "name": "Autre « nom »", "phones": ["119", "3919"], "age_min": None}
        update_in(session, Actor, [row])
        now = select(Actor.name, Actor.phones, Actor.age_min).where(Actor.id == actor)
        assert session.execute(now).one() == ("Autre « nom »", ["119", "3919"], None)
        with pytest.raises(RowsMissing):
            update_in(session, Actor, [row, row | {"id": uuid4()}])
