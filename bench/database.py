"""The databases that are measured: embedded, at head, filled once and left in var/bench.

One holds ACTORS, the others SOME and FEW of them over the same territories, for the same logins.
"""

import hashlib
import re
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import cast

import psycopg
from psycopg import sql
from rich.console import Console
from rich.progress import track
from sqlalchemy import Connection, text

from app.commands.territories import prepared
from app.gazetteer.load import load
from app.platform.cluster.server import Cluster, open_cluster
from app.platform.database.engines import make_engine
from app.platform.database.logins import create_database
from app.runtime.addresses import DATABASE
from app.runtime.staff import open_runtime
from app.settings import ROOT, Settings
from app.vault.sealing import parse_keys
from bench.actors import COLUMNS, MeasuredCommune, actors
from bench.documents import fill_resources
from bench.events import fill_events
from bench.sealed import fill_sealed
from bench.setting import (
    ACTORS,
    DATA_DIR,
    FEW,
    KEYS,
    MIDDLE,
    SEALED,
    SMALL,
    SOME,
    settings,
)

# Of each commune three registers name a court and a brigade, of its territory where there is one.
STATED = text("""
INSERT INTO competence (commune_code, register, category, key, public_id)
SELECT c.code, register, own.category, sha256(own.public_id::bytea), own.public_id
FROM commune c CROSS JOIN unnest(ARRAY['annuaire', 'communes', 'ministere']) AS register
JOIN (
    SELECT DISTINCT ON (territory_code, category) territory_code, category, public_id FROM actor
    WHERE category IN ('justice', 'gendarmerie') AND NOT protected ORDER BY 1, 2, 3
) AS own USING (territory_code)
""")


@contextmanager
def filled() -> Iterator[Cluster]:
    """The cluster with the measured databases; takes a minute where they must be filled first."""
    stamp = DATA_DIR / "filled"
    territories = prepared(Settings())
    want = _digest(territories)
    with open_cluster(DATA_DIR) as cluster:
        if not stamp.exists() or stamp.read_text() != want:
            stamp.unlink(missing_ok=True)
            _fill(cluster, territories)
            stamp.write_text(want)
        yield cluster


def connect(cluster: Cluster, user: str, name: str = DATABASE) -> psycopg.Connection:
    """Return a connection to a database, past the service, as a role."""
    return psycopg.connect(host=str(cluster.sockets), user=user, dbname=name, autocommit=True)


def _digest(territories: Path) -> str:
    """What the database was made from: another schema, source or generator makes another one."""
    made_from = [*(ROOT / "migrations").rglob("*.py"), *(ROOT / "app" / "models").glob("*.py")]
    made_from += [
        ROOT / "bench" / f"{each}.py" for each in ("actors", "sealed", "documents", "events")
    ]
    made_from += [*(ROOT / "app" / "resources").glob("*.toml")]
    made_from += [ROOT / "app/platform/database/preparation.py", ROOT / "importers/vocabulary.toml"]
    digest = hashlib.sha256(territories.name.encode())
    for path in sorted(made_from):
        digest.update(path.read_bytes())
    return digest.hexdigest()


def _fill(cluster: Cluster, territories: Path) -> None:
    maintenance = cluster.url(cluster.superuser, "postgres")
    for name in (DATABASE, MIDDLE, SMALL, SEALED):
        alone(maintenance, f"DROP DATABASE IF EXISTS {name}")
    create_database(maintenance, DATABASE)
    with open_runtime(settings()) as runtime, runtime.staff.begin() as connection:
        load(connection, territories)
    for name in (MIDDLE, SMALL, SEALED):
        alone(maintenance, f"CREATE DATABASE {name} TEMPLATE {DATABASE}")
    for name, count in ((DATABASE, ACTORS), (MIDDLE, SOME), (SMALL, FEW)):
        url = cluster.url(cluster.superuser, name)
        engine = make_engine(url)
        with engine.begin() as connection:
            _copy(connection, count)
        if count == ACTORS:
            fill_resources(engine)
            fill_events(engine)
        engine.dispose()
        alone(url, "VACUUM (FREEZE, ANALYZE)")
    url = cluster.url(cluster.superuser, SEALED)
    engine = make_engine(url)
    fill_sealed(engine, parse_keys(KEYS))
    engine.dispose()
    alone(url, "VACUUM (FREEZE, ANALYZE)")


def _copy(connection: Connection, count: int) -> None:
    known = connection.execute(
        text(
            "SELECT code, name, territory_code, epci_code, ST_X(point), ST_Y(point) FROM commune"
            " WHERE point IS NOT NULL ORDER BY code"
        )
    )
    places = [MeasuredCommune(*row) for row in known]
    driver = cast("psycopg.Connection", connection.connection.driver_connection)
    columns = sql.SQL(", ").join(map(sql.Identifier, COLUMNS))
    statement = sql.SQL("COPY actor ({}) FROM STDIN").format(columns)
    rows = track(actors(places, count), "Acteurs inventés", count, console=Console(stderr=True))
    with driver.cursor() as cursor, cursor.copy(statement) as copy:
        for row in rows:
            copy.write_row(row)
    connection.execute(STATED)


def alone(url: str, statement: str) -> None:
    """Run what refuses to be in a transaction."""
    engine = make_engine(url).execution_options(isolation_level="AUTOCOMMIT")
    with engine.connect() as connection:
        connection.exec_driver_sql(statement)
    engine.dispose()


def in_full(connection: psycopg.Connection, text: str, values: Sequence[object]) -> str:
    """Return a statement with its parameters $1, $2, … written in, as pgbench runs it."""
    literals = [sql.Literal(value).as_string(connection) for value in values]
    return re.sub(r"\$(\d+)", lambda found: literals[int(found[1]) - 1], text)
