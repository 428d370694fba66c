"""The database that is measured: embedded, at head, filled once and kept in var/bench."""

import base64
import hashlib
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import cast

import psycopg
from psycopg import sql
from pydantic import SecretStr
from rich.console import Console
from rich.progress import track
from sqlalchemy import Connection, text

from app.cluster import Cluster, open_cluster
from app.commands.territories import prepared
from app.db import ROOT, create_database, make_engine
from app.runtime import DATABASE, open_runtime
from app.settings import Settings
from app.territories.load import load
from bench.actors import ACTORS, COLUMNS, Place, actors

DATA_DIR = ROOT / "var" / "bench"
# Nothing here is secret, and no key is to be made for it among those of the user.
KEYS = "bench:" + base64.b64encode(bytes(32)).decode()
ENVIRONMENT = {
    "MESURE23_DATA_DIR": str(DATA_DIR),
    "MESURE23_KEYS": KEYS,
    "MESURE23_RATE_LIMIT": "0",
}


def settings() -> Settings:
    """Those of the measured service: its own cluster, whatever the environment says."""
    return Settings(
        data_dir=DATA_DIR,
        keys=SecretStr(KEYS),
        database_url=None,
        owner_database_url=None,
        public_database_url=None,
        keys_file=None,
    )


@contextmanager
def filled() -> Iterator[Cluster]:
    """The cluster with the measured database; takes some 30 s where it must be filled first."""
    stamp = DATA_DIR / "filled"
    territories = prepared(Settings())
    want = _digest(territories)
    with open_cluster(DATA_DIR) as cluster:
        if not stamp.exists() or stamp.read_text() != want:
            stamp.unlink(missing_ok=True)
            _fill(cluster, territories)
            stamp.write_text(want)
        yield cluster


def _digest(territories: Path) -> str:
    """What the database was made from: another schema, source or generator makes another one."""
    made_from = [*(ROOT / "migrations").rglob("*.py"), *(ROOT / "app" / "models").glob("*.py")]
    made_from += [ROOT / "bench" / "actors.py", ROOT / "importers" / "vocabulary.toml"]
    digest = hashlib.sha256(territories.name.encode())
    for path in sorted(made_from):
        digest.update(path.read_bytes())
    return digest.hexdigest()


def _fill(cluster: Cluster, territories: Path) -> None:
    maintenance = cluster.url(cluster.superuser, "postgres")
    _alone(maintenance, f"DROP DATABASE IF EXISTS {DATABASE}")
    create_database(maintenance, DATABASE)
    with open_runtime(settings()) as runtime, runtime.staff.begin() as connection:
        load(connection, territories)
        _copy(connection)
    _alone(cluster.url(cluster.superuser, DATABASE), "VACUUM (FREEZE, ANALYZE)")


def _copy(connection: Connection) -> None:
    known = connection.execute(
        text(
            "SELECT code, name, territory_code, ST_X(point), ST_Y(point) FROM commune"
            " WHERE point IS NOT NULL ORDER BY code"
        )
    )
    places = [Place(*row) for row in known]
    driver = cast("psycopg.Connection", connection.connection.driver_connection)
    columns = sql.SQL(", ").join(map(sql.Identifier, COLUMNS))
    statement = sql.SQL("COPY actor ({}) FROM STDIN").format(columns)
    with driver.cursor() as cursor, cursor.copy(statement) as copy:
        for row in track(actors(places), "Acteurs inventés", ACTORS, console=Console(stderr=True)):
            copy.write_row(row)


def _alone(url: str, statement: str) -> None:
    """Run what refuses to be in a transaction."""
    engine = make_engine(url).execution_options(isolation_level="AUTOCOMMIT")
    with engine.connect() as connection:
        connection.exec_driver_sql(statement)
    engine.dispose()
