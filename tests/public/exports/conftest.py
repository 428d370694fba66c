"""Hostile actors among others, and a client of a service over them."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from typing import Any

import httpx
import pytest
from sqlalchemy import Connection

from app.main import create_app
from app.platform.cluster.server import Cluster
from tests.databases import cloned
from tests.hostile import NOW, hostile, several
from tests.serving import serving, settings_in
from tests.world import World, people


@pytest.fixture(scope="session")
def world(cluster: Cluster, admin: Connection, lean_template: str) -> Iterator[World]:
    """The actors of the web tests, hostile ones and a crowd, committed, and only read."""
    with cloned(cluster, admin, lean_template) as databases:
        with databases.staff.begin() as connection:
            ids = people(connection) | hostile(connection)
            several(connection)
        yield World(databases, ids)


@pytest.fixture(scope="session")
def client(world: World, tmp_path_factory: pytest.TempPathFactory) -> Iterator[httpx.Client]:
    """A client of a service over that world, where it is NOW; it follows no redirect by itself."""
    with asking(world, tmp_path_factory.mktemp("files")) as client:
        yield client


@contextmanager
def asking(world: World, folder: Path, **more: Any) -> Iterator[httpx.Client]:
    """Yield the same of a service of its own. more: of its settings."""
    settings = settings_in(folder, rate_limit=0, public_url="https://carte.exemple", **more)
    app = create_app(settings, world.databases)
    app.state.site = replace(app.state.site, now=lambda: NOW)
    with (
        serving(app) as address,
        httpx.Client(base_url=address, timeout=60, trust_env=False) as client,
    ):
        yield client
