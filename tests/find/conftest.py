"""A crowd of invented actors, written once per worker, and only read."""

from collections.abc import Callable, Iterator
from dataclasses import replace
from typing import Any
from urllib.parse import parse_qs, urlsplit
from uuid import uuid4

import httpx
import pytest
from sqlalchemy import Connection
from sqlalchemy.orm import Session

from app.main import create_app
from app.platform.cluster.server import Cluster
from app.platform.database.sessions import read
from app.search.criteria import Search
from app.search.reading import read_search
from tests.conftest import cloned, offline_settings
from tests.find.world import NOW, Crowd, populate
from tests.web.conftest import serving

SEVERAL = ("dans", "categorie", "fonction", "public", "sans")
# Reads a search from its parameters.
Ask = Callable[..., Search]


@pytest.fixture(scope="session")
def crowd(cluster: Cluster, admin: Connection, lean_template: str) -> Iterator[Crowd]:
    """The département of 2,000 actors and its neighbours, committed."""
    with cloned(cluster, admin, lean_template, f"demo_{uuid4().hex[:12]}") as databases:
        with databases.staff.begin() as connection:
            rows = populate(connection)
        yield Crowd(databases, rows)


@pytest.fixture(scope="session")
def client(crowd: Crowd, tmp_path_factory: pytest.TempPathFactory) -> Iterator[httpx.Client]:
    """A client of the whole service over the crowd, where it is NOW; it follows no redirect."""
    offline = offline_settings(tmp_path_factory.mktemp("find"))
    app = create_app(offline.model_copy(update={"rate_limit": 0}), crowd.databases)
    app.state.site = replace(app.state.site, now=lambda: NOW)
    with serving(app) as address, httpx.Client(base_url=address, trust_env=False) as client:
        yield client


@pytest.fixture(scope="module")
def reading(crowd: Crowd) -> Iterator[Session]:
    """A session of the public login over the crowd."""
    with read(crowd.databases.public) as session:
        yield session


@pytest.fixture(scope="module")
def ask(reading: Session) -> Ask:
    """What reads a search, given as an address gives it."""

    def asked(**given: Any) -> Search:
        return read_search(reading, **given)

    return asked


@pytest.fixture(scope="module")
def follow(reading: Session) -> Callable[[str], Search]:
    """What reads the search of an address of ours."""

    def followed(url: str) -> Search:
        parts = urlsplit(url)
        given: dict[str, Any] = {
            name: values if name in SEVERAL else values[-1]
            for name, values in parse_qs(parts.query, strict_parsing=bool(parts.query)).items()
        }
        if parts.path.startswith("/departements/"):
            given["territory"] = parts.path.removeprefix("/departements/")
        elif "territoire" in given:
            given["territory"] = given.pop("territoire")
        return read_search(reading, **given)

    return followed
