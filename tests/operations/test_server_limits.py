"""What a server outside lets the logins take is said, with what to do."""

from collections.abc import Iterator

import pytest
from sqlalchemy import Connection

from app.operations.server_limits import let_take
from app.platform.cluster.server import Cluster
from app.platform.database.engines import Databases, make_engine
from app.runtime.connections import needed
from app.settings import Settings

FEW = {"public": 18, "inbox": 4}


@pytest.fixture
def owner(cluster: Cluster, databases: Databases) -> Iterator[Connection]:
    engine = make_engine(cluster.url(cluster.superuser, databases.staff.url.database or ""))
    with engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
        yield connection
    engine.dispose()


def test_a_database_of_ours_lets_nobody_take_too_much(databases: Databases) -> None:
    assert let_take(databases, needed(Settings())) == []


def test_more_processes_than_their_login_may_connect_are_reported(databases: Databases) -> None:
    asked = needed(Settings(processes=7))
    assert asked == {"public": 72, "inbox": 16}
    (found,) = let_take(databases, asked)
    assert found.what == "connexions (public) : 60"
    assert "72" in found.todo
    assert "mesure23 release" in found.todo
    (_, server) = let_take(databases, {**FEW, "public": 1_000})
    assert server.what.startswith("max_connections = ")


def test_files_without_limit_are_reported(databases: Databases, owner: Connection) -> None:
    login, name = databases.public.url.username, databases.public.url.database
    owner.exec_driver_sql(f'ALTER ROLE "{login}" IN DATABASE "{name}" SET temp_file_limit = -1')
    databases.public.dispose()
    (found,) = let_take(databases, FEW)
    assert found.what == "temp_file_limit (public)"
    assert f"ALTER ROLE \"{login}\" SET temp_file_limit = '512MB';" in found.todo


@pytest.mark.parametrize(
    "function",
    [
        "pg_sleep(double precision)",
        "query_to_xml(text, boolean, boolean, text)",
        "pg_logical_emit_message(boolean, text, text, boolean)",
    ],
)
def test_functions_that_are_open_to_all_are_reported_with_the_statement(
    databases: Databases, owner: Connection, function: str
) -> None:
    owner.exec_driver_sql(f"GRANT EXECUTE ON FUNCTION {function} TO PUBLIC")
    (found,) = let_take(databases, FEW)
    assert found.what == "fonctions ouvertes à tous"
    _, _, statements = found.todo.partition("superutilisateur : ")
    name = function.partition("(")[0]
    assert statements.startswith(f"REVOKE ALL ON FUNCTION {name}(")
    owner.exec_driver_sql(statements)
    assert let_take(databases, FEW) == []
