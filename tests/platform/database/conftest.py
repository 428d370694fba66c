"""A server that is not ours: the cluster of the tests plays it, by commands as people type them."""

import os
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import urlencode
from uuid import uuid4

import pytest
from sqlalchemy import Connection, text

from app.platform.cluster.server import Cluster
from app.platform.database.engines import make_engine, role
from app.platform.database.preparation import LOGINS
from tests import forking


@dataclass(frozen=True)
class Outside:
    """An empty database and a login without any right; environment of a command that uses it."""

    cluster: Cluster
    admin: Connection
    database: str
    login: str
    home: Path

    def url(self, user: str, password: str = "") -> str:
        where = urlencode({"host": str(self.cluster.sockets), "port": "5432"})
        secret = f":{password}" if password else ""
        return f"postgresql://{user}{secret}@/{self.database}?{where}"

    def mesure23(self, *arguments: str, **settings: str) -> subprocess.CompletedProcess[str]:
        environment = {k: v for k, v in os.environ.items() if not k.startswith("MESURE23_")}
        given = {"MESURE23_DATA_DIR": str(self.home), "XDG_CONFIG_HOME": str(self.home)}
        given |= {f"MESURE23_{name.upper()}": value for name, value in settings.items()}
        return forking.run(arguments, environment | given, timeout=60)

    def as_superuser(self, sql: str) -> None:
        """Run SQL as an administrator pastes it into psql."""
        subprocess.run(
            ["psql", "-v", "ON_ERROR_STOP=1", "-qX", "-d", self.url("postgres"), "-f", "-"],
            input=sql,
            text=True,
            check=True,
            capture_output=True,
        )

    def rows(self, sql: str, **values: str) -> list[tuple[Any, ...]]:
        engine = make_engine(self.url("postgres").replace("://", "+psycopg://"))
        with engine.connect() as connection:
            found = [tuple(row) for row in connection.execute(text(sql), values)]
        engine.dispose()
        return found


@pytest.fixture
def outside(cluster: Cluster, admin: Connection, tmp_path: Path) -> Iterator[Outside]:
    with outside_server(cluster, admin, tmp_path) as made:
        yield made


@contextmanager
def outside_server(cluster: Cluster, admin: Connection, home: Path) -> Iterator[Outside]:
    """An empty database and its login, for as long as the block lasts."""
    name, login = f"out_{uuid4().hex[:8]}", f"login_{uuid4().hex[:8]}"
    admin.exec_driver_sql(f'CREATE DATABASE "{name}"')
    admin.exec_driver_sql(f'CREATE ROLE "{login}" LOGIN')
    yield Outside(cluster, admin, name, login, home)
    admin.exec_driver_sql(f'DROP DATABASE "{name}" WITH (FORCE)')
    for each in (*(role(name, each) for each in LOGINS), login):
        admin.exec_driver_sql(f'DROP ROLE IF EXISTS "{each}"')
