"""A resource centre, and a client of a service over it."""

from collections.abc import Iterator
from dataclasses import replace

import httpx
import pytest
from fastapi import FastAPI
from sqlalchemy import Connection

from app.main import create_app
from app.platform.cluster.server import Cluster
from app.platform.database.engines import Databases
from tests.databases import cloned
from tests.makers import add_actor
from tests.resource_contents import sheet
from tests.resource_world import fill, put
from tests.serving import serving, settings_in
from tests.world import NOW, people

SITE = "https://carte.exemple"


@pytest.fixture(scope="module")
def world(
    cluster: Cluster, admin: Connection, lean_template: str
) -> Iterator[tuple[Databases, dict[str, str]]]:
    """Databases with the centre and an actor that a practice names, and public ids by a word."""
    with cloned(cluster, admin, lean_template) as databases:
        with databases.staff.begin() as connection:
            people(connection)
            add_actor(
                connection, public_id="0123456789abcdef", name="Association d’exemple", slug="asso"
            )
            ids = fill(connection)
        yield databases, ids


@pytest.fixture(scope="module")
def ids(world: tuple[Databases, dict[str, str]]) -> dict[str, str]:
    """Public ids by a word of our own."""
    return world[1]


@pytest.fixture(scope="module")
def citing(world: tuple[Databases, dict[str, str]]) -> str:
    """The public id of a sheet whose sources are resources, one of them for professionals."""
    databases, ids = world
    hidden = {"resource_id": ids["professional"]}
    sources = [
        {"title": "Source lue", "resource_id": ids["document"], "url": "https://exemple.fr/lue"},
        {"title": "Source réservée", **hidden},
        {"title": "Source ailleurs", "url": "https://exemple.fr/ailleurs", **hidden},
    ]
    with databases.staff.begin() as connection:
        return put(connection, sheet(title="Fiche à sources", sources=sources))


@pytest.fixture(scope="module")
def app(
    world: tuple[Databases, dict[str, str]], tmp_path_factory: pytest.TempPathFactory
) -> FastAPI:
    """A service over it."""
    settings = settings_in(tmp_path_factory.mktemp("files"), rate_limit=0, public_url=SITE)
    app = create_app(settings, world[0])
    app.state.site = replace(app.state.site, now=lambda: NOW)
    return app


@pytest.fixture(scope="module")
def client(app: FastAPI) -> Iterator[httpx.Client]:
    """A client of the service; it follows no redirect by itself."""
    with (
        serving(app) as address,
        httpx.Client(base_url=address, timeout=60, trust_env=False) as client,
    ):
        yield client
