"""History written before it had numbers and batches is taken along, in its order, and back."""

from collections.abc import Iterator
from uuid import UUID

import pytest
from sqlalchemy import Connection, Engine, text

from app.platform.cluster.server import Cluster
from app.platform.database.engines import Databases, make_engine, role
from app.platform.database.migrating import migrate
from app.platform.database.preparation import LOGINS

BEFORE, AFTER = "0012", "0013"
FIRST, SECOND = UUID(int=1), UUID(int=2)
# Actor, day of November, who, action; one transaction of root wrote to both actors.
WRITTEN = (
    (FIRST, 3, "root", "protect"),
    (FIRST, 1, "root", "create"),
    (SECOND, 1, "root", "create"),
    (FIRST, 2, "alice", "protect"),
    (FIRST, 4, "root", "purge"),
    (SECOND, 5, "root", "protect"),
    (SECOND, 6, "root", "purge"),
)


@pytest.fixture
def former(cluster: Cluster, databases: Databases) -> Iterator[Engine]:
    """A database as the last version without numbers left it, with some history."""
    admin = make_engine(cluster.url(cluster.superuser, "postgres"), pool_size=1)
    name = f"former_{databases.staff.url.database}"[:60]
    url = cluster.url(cluster.superuser, name)
    with admin.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
        connection.exec_driver_sql(f'CREATE DATABASE "{name}"')
        try:
            migrate(url, BEFORE)
            engine = make_engine(url)
            with engine.begin() as filled:
                fill(filled)
            yield engine
            engine.dispose()
        finally:
            connection.exec_driver_sql(f'DROP DATABASE "{name}" WITH (FORCE)')
            for login in LOGINS:
                connection.exec_driver_sql(f'DROP ROLE "{role(name, login)}"')
    admin.dispose()


def fill(connection: Connection) -> None:
    connection.exec_driver_sql(
        "INSERT INTO territory (code, name, slug, kind, region_code, region_name)"
        " VALUES ('93', 'Seine-Saint-Denis', 'seine-saint-denis', 'departement', '11', 'x')"
    )
    for number, actor_id in enumerate((FIRST, SECOND)):
        connection.exec_driver_sql(
            "INSERT INTO actor (id, public_id, slug, status, protected, category, name,"
            " territory_code) VALUES (%s, %s, 'a', 'draft', true, 'mecs', 'a', '93')",
            (actor_id, str(number)),
        )
    for number, (actor_id, day, who, action) in enumerate(WRITTEN):
        connection.exec_driver_sql(
            "INSERT INTO revision (id, actor_id, at, who, action, why, change)"
            " VALUES (%s, %s, make_timestamptz(2026, 11, %s, 8, 0, 0, 'UTC'), %s, %s, '', '')",
            (UUID(int=100 + number), actor_id, day, who, action),
        )


def test_former_history_is_numbered_in_its_order_and_gathered_into_batches(former: Engine) -> None:
    url = former.url.render_as_string(hide_password=False)
    migrate(url, AFTER)
    with former.connect() as connection:
        rows = connection.execute(
            text("SELECT actor_id, number, action, who FROM revision ORDER BY actor_id, number")
        ).all()
        batches = connection.execute(
            text(
                "SELECT cause, count(*) FROM batch JOIN revision ON batch_id = batch.id"
                " GROUP BY batch.id, cause ORDER BY count(*)"
            )
        ).all()
        # One of the two protections of the first is not answered by a purge: the last one.
        owed = connection.scalars(text("SELECT revision_id FROM erasure_debt")).all()
        with pytest.raises(Exception, match="append-only"):
            connection.execute(text("UPDATE revision SET number = 9"))
    assert [tuple(row) for row in rows] == [
        (FIRST, 1, "create", "os:root"),
        (FIRST, 2, "protect", "os:alice"),
        (FIRST, 3, "protect", "os:root"),
        (FIRST, 4, "purge", "os:root"),
        (SECOND, 1, "create", "os:root"),
        (SECOND, 2, "protect", "os:root"),
        (SECOND, 3, "purge", "os:root"),
    ]
    assert [tuple(each) for each in batches] == [*[("former", 1)] * 5, ("former", 2)]
    assert owed == [UUID(int=100)]


def test_history_goes_back_as_it_was(former: Engine) -> None:
    url = former.url.render_as_string(hide_password=False)
    everything = text("SELECT to_jsonb(revision) FROM revision ORDER BY id")
    with former.connect() as connection:
        before = connection.scalars(everything).all()
    migrate(url, AFTER)
    migrate(url, "-1")
    with former.connect() as connection:
        assert connection.scalars(everything).all() == before
        with pytest.raises(Exception, match="append-only"):
            connection.execute(text("UPDATE revision SET who = 'x'"))
