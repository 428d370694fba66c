"""The desk over a database of its own for a whole module."""

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import httpx
import pytest
from sqlalchemy import Connection

from app.desk.application import create_desk
from app.models import Role
from app.platform.cluster.server import Cluster
from app.records import acts
from app.vault.sealing import Vault
from tests.databases import cloned
from tests.desk.asked import due_actors, runtime
from tests.desk.bureau import ORIGIN, Browser, Bureau, Clock
from tests.desk.home import Home
from tests.desk.service import Service
from tests.makers import decide
from tests.serving import offline_settings, serving


@pytest.fixture(scope="module")
def bureau(
    cluster: Cluster,
    admin: Connection,
    lean_template: str,
    vault: Vault,
    tmp_path_factory: pytest.TempPathFactory,
) -> Iterator[Bureau]:
    folder: Path = tmp_path_factory.mktemp("bureau")
    settings = offline_settings(folder).model_copy(
        update={"desk_url": ORIGIN, "rate_limit": 0, "trusted_proxies": ("127.0.0.1/32",)}
    )
    with cloned(cluster, admin, lean_template) as databases:
        app = create_desk(settings, databases, vault)
        clock = Clock()
        app.state.desk = replace(app.state.desk, now=clock)
        with serving(app) as address, httpx.Client(base_url=address, timeout=30) as client:
            yield Bureau(app, client, databases, vault, clock, settings)


@pytest.fixture
def month_before(bureau: Bureau) -> dict[str, str]:
    """Public ids by name of three actors that are to be confirmed in a month."""
    return due_actors(bureau)


@pytest.fixture
def home(bureau: Bureau) -> Home:
    return Home(bureau)


@pytest.fixture
def curateur(bureau: Bureau) -> Browser:
    return bureau.signed_in()


@pytest.fixture
def place(bureau: Bureau, home: Home) -> Home:
    """A home that somebody protected, of which nobody chose anything."""
    decide(runtime(bureau), acts.protect, home.public_id, who="essai", why="Foyer d’exemple.")
    return home


@pytest.fixture
def service(bureau: Bureau) -> Service:
    return Service(bureau)


@pytest.fixture
def professional(bureau: Bureau) -> Browser:
    return bureau.signed_in(Role.PROFESSIONNEL)
