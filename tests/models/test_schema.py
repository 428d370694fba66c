"""What the migrations make is what models and app/models/privileges.py say, up and down."""

from collections.abc import Iterator

import pytest
from alembic import command
from alembic.config import Config
from alembic.script import ScriptDirectory
from sqlalchemy import Connection, text

from app.models import Base
from app.models.privileges import (
    INBOX_RELATIONS,
    JOBS_RELATIONS,
    PUBLIC_VIEWS,
    STAFF_TABLES,
)
from app.models.triggers import TRIGGERS
from app.platform.cluster.server import Cluster
from app.platform.database.engines import Databases, make_engine, role
from app.platform.database.migrating import migrate
from app.platform.database.preparation import LOGINS
from app.settings import ROOT
from tests.databases import RELATIONS

# Migrations that are run one by one: the last of so many releases.
ALONE = 4
COLUMNS = """
SELECT c.relname, a.attname, acl.privilege_type
FROM pg_attribute a
JOIN pg_class c ON c.oid = a.attrelid
JOIN pg_namespace n ON n.oid = c.relnamespace
CROSS JOIN LATERAL aclexplode(a.attacl) acl
WHERE n.nspname NOT IN ('pg_catalog', 'information_schema', 'pg_toast')
  AND (acl.grantee = 0 OR pg_get_userbyid(acl.grantee) IN (:staff, :public, :inbox))
"""


@pytest.fixture
def owner(cluster: Cluster, databases: Databases) -> Iterator[Connection]:
    engine = make_engine(cluster.url(cluster.superuser, databases.staff.url.database or ""))
    with engine.connect() as connection:
        yield connection
    engine.dispose()


def test_models_and_migrations_agree(owner: Connection, template: str) -> None:
    config = Config(ROOT / "alembic.ini")
    config.attributes["connection"] = owner
    command.check(config)


def test_public_login_may_read_its_views_and_nothing_else(owner: Connection, template: str) -> None:
    found = {
        (row.schema, row.relation, row.privilege)
        for row in owner.execute(text(RELATIONS), {"role": role(template, "public")})
    }
    readable = {("open", view) for view in PUBLIC_VIEWS} | {("public", "spatial_ref_sys")}
    assert found == {(*each, "SELECT") for each in readable}


def test_staff_login_holds_the_declared_privileges_and_no_other(
    owner: Connection, template: str
) -> None:
    found = {
        (row.schema, row.relation, row.privilege)
        for row in owner.execute(text(RELATIONS), {"role": role(template, "staff")})
    }
    assert found == {
        (schema, relation, privilege)
        for schema, declared in (("public", STAFF_TABLES), ("jobs", JOBS_RELATIONS))
        for relation, privileges in declared.items()
        for privilege in privileges
    }


def test_inbox_login_may_add_a_message_and_nothing_else(owner: Connection, template: str) -> None:
    assert owner.execute(text(RELATIONS), {"role": role(template, "inbox")}).all() == []
    logins = {each: role(template, each) for each in ("staff", "public", "inbox")}
    found = {tuple(row) for row in owner.execute(text(COLUMNS), logins)}
    assert found == {
        (relation, column, "INSERT")
        for relation, columns in INBOX_RELATIONS.items()
        for column in columns
    }


def test_no_login_may_become_another_role(owner: Connection, template: str) -> None:
    members = text(
        "SELECT pg_get_userbyid(member) FROM pg_auth_members"
        " WHERE pg_get_userbyid(member) IN (:staff, :public, :inbox)"
    )
    logins = {each: role(template, each) for each in ("staff", "public", "inbox")}
    assert owner.scalars(members, logins).all() == []


def test_views_are_plain_and_show_the_declared_columns(owner: Connection) -> None:
    columns = owner.execute(
        text(
            "SELECT table_name, column_name FROM information_schema.columns"
            " WHERE table_schema = 'open' ORDER BY ordinal_position"
        )
    )
    found: dict[str, list[str]] = {}
    for table, column in columns:
        found.setdefault(table, []).append(column)
    assert {name: tuple(names) for name, names in found.items()} == PUBLIC_VIEWS
    options = "SELECT relname FROM pg_class WHERE relkind = 'v' AND reloptions IS NOT NULL"
    assert owner.scalars(text(options + " AND relnamespace = 'open'::regnamespace")).all() == []


def test_every_table_of_the_database_has_a_model(owner: Connection) -> None:
    tables = owner.scalars(
        text("SELECT tablename FROM pg_tables WHERE schemaname IN ('public', 'open')")
    )
    assert set(tables) == set(Base.metadata.tables) | {"alembic_version", "spatial_ref_sys"}


def test_triggers_are_those_declared(owner: Connection) -> None:
    rows = owner.execute(
        text(
            "SELECT tgrelid::regclass::text, tgname FROM pg_trigger"
            " JOIN pg_class c ON c.oid = tgrelid"
            " WHERE NOT tgisinternal AND relnamespace <> 'jobs'::regnamespace"
        )
    )
    found: dict[str, set[str]] = {}
    for table, name in rows:
        found.setdefault(table, set()).add(name)
    assert found == {table: set(names) for table, names in TRIGGERS.items()}


@pytest.mark.slow
def test_migrations_go_down_and_up_again(cluster: Cluster, owner: Connection) -> None:
    name = f"clone_down_{owner.engine.url.database}"[:60]
    owner.rollback()
    admin = owner.execution_options(isolation_level="AUTOCOMMIT")
    admin.exec_driver_sql(f'CREATE DATABASE "{name}"')
    url = cluster.url(cluster.superuser, name)
    script = ScriptDirectory.from_config(Config(ROOT / "alembic.ini"))
    try:
        # The latest as an installation takes them, one release after the other: what one leaves
        # to its connection is gone by the next.
        for revision in ("head", "base", "head", f"-{ALONE}", *["+1"] * ALONE):
            migrate(url, revision)
        engine = make_engine(url)
        with engine.connect() as connection:
            reached = connection.scalar(text("SELECT version_num FROM alembic_version"))
        engine.dispose()
        assert reached == script.get_current_head()
    finally:
        admin.exec_driver_sql(f'DROP DATABASE "{name}" WITH (FORCE)')
        for login in LOGINS:
            admin.exec_driver_sql(f'DROP ROLE "{role(name, login)}"')
