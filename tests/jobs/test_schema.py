"""Schema jobs is what the library of the queue makes, plus what our migration adds to it."""

import hashlib
import importlib
from collections.abc import Iterator
from typing import Any

import pytest
from procrastinate.schema import SchemaManager
from sqlalchemy import Connection, text

from app.platform.cluster.server import Cluster
from app.platform.database.engines import Databases, make_engine, role

# Everything of a schema, its own name taken out.
WHAT_IS_THERE = """
SELECT 'column', table_name || '.' || column_name,
       concat_ws(' ', data_type, udt_name, is_nullable, column_default, is_identity)
FROM information_schema.columns WHERE table_schema = :schema
UNION ALL
SELECT 'index', indexname, indexdef FROM pg_indexes WHERE schemaname = :schema
UNION ALL
SELECT 'constraint', conname, pg_get_constraintdef(c.oid)
FROM pg_constraint c WHERE connamespace = CAST(:schema AS regnamespace)
UNION ALL
SELECT 'function', proname || '(' || pg_get_function_identity_arguments(p.oid) || ')',
       pg_get_function_result(p.oid) || prosrc
FROM pg_proc p WHERE pronamespace = CAST(:schema AS regnamespace)
UNION ALL
SELECT 'trigger', tgname, pg_get_triggerdef(t.oid)
FROM pg_trigger t JOIN pg_class c ON c.oid = tgrelid
WHERE NOT tgisinternal AND relnamespace = CAST(:schema AS regnamespace)
UNION ALL
SELECT 'value', typname, string_agg(enumlabel, ' ' ORDER BY enumsortorder)
FROM pg_type t JOIN pg_enum e ON e.enumtypid = t.oid
WHERE typnamespace = CAST(:schema AS regnamespace) GROUP BY typname
"""


@pytest.fixture
def owner(cluster: Cluster, databases: Databases) -> Iterator[Connection]:
    engine = make_engine(cluster.url(cluster.superuser, databases.staff.url.database or ""))
    with engine.connect() as connection:
        yield connection
    engine.dispose()


def made(connection: Connection, schema: str) -> dict[tuple[str, str], str]:
    # What lies there is named without its schema then, but by definitions of indexes and triggers.
    connection.exec_driver_sql(f"SET LOCAL search_path TO {schema}, public")
    rows = connection.execute(text(WHAT_IS_THERE), {"schema": schema})
    return {
        (what, name): said if what == "function" else said.replace(f" {schema}.", " ")
        for what, name, said in rows
    }


def test_what_is_migrated_is_what_the_library_makes(owner: Connection) -> None:
    migrated = made(owner, "jobs")
    owner.exec_driver_sql("CREATE SCHEMA afresh")
    owner.exec_driver_sql("SET LOCAL search_path TO afresh")
    plain: Any = owner.execution_options(no_parameters=True)
    plain.exec_driver_sql(SchemaManager.get_schema())
    afresh = made(owner, "afresh")
    assert len(afresh) > 60
    assert migrated.pop(("constraint", "only_ids"))
    assert migrated == afresh


def test_another_sql_of_the_library_needs_a_migration() -> None:
    migration = importlib.import_module("migrations.versions.0031_jobs")
    found = hashlib.sha256(SchemaManager.get_schema().encode()).hexdigest()
    # A new database would have the new SQL, and those that are there the former one.
    assert found == migration.LIBRARY_SQL


def test_functions_of_the_queue_are_for_staff_alone_and_look_into_their_schema(
    owner: Connection, template: str
) -> None:
    rows = owner.execute(
        text(
            "SELECT proname, proconfig, has_function_privilege(:public, oid, 'EXECUTE'),"
            " has_function_privilege(:staff, oid, 'EXECUTE')"
            " FROM pg_proc WHERE pronamespace = 'jobs'::regnamespace"
        ),
        {"public": role(template, "public"), "staff": role(template, "staff")},
    ).all()
    assert len(rows) > 15
    assert {tuple(row)[1:] for row in map(_hashable, rows)} == {
        (("search_path=jobs, pg_temp",), False, True)
    }


def _hashable(row: Any) -> tuple[object, ...]:
    return tuple(tuple(each) if isinstance(each, list) else each for each in row)


@pytest.mark.parametrize("schema", ["jobs"])
def test_the_public_login_may_not_look_into_the_queue(
    owner: Connection, template: str, schema: str
) -> None:
    may = text("SELECT has_schema_privilege(:login, :schema, 'USAGE')")
    assert owner.scalar(may, {"login": role(template, "public"), "schema": schema}) is False
    assert owner.scalar(may, {"login": role(template, "staff"), "schema": schema}) is True
