"""Searches over the crowd, read from parameters or from an address of ours."""

from collections.abc import Callable, Iterator
from datetime import datetime
from typing import Any
from urllib.parse import parse_qs, urlsplit

import httpx
import pytest
from sqlalchemy.orm import Session

from app.hours import open_now
from app.platform.database.sessions import read
from app.search import queries
from app.search.counts import hours
from app.search.criteria import Search
from app.search.parameters import SEVERAL
from app.search.reading import read_search
from importers import vocabulary
from tests.crowd import NOW, Crowd

# Reads a search from its parameters.
Ask = Callable[..., Search]


@pytest.fixture(scope="session")
def client(crowd_client: httpx.Client) -> httpx.Client:
    """A client of the service over the crowd."""
    return crowd_client


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


def ids_of(session: Session, search: Search, at: datetime = NOW) -> set[str]:
    """Return the public ids of all actors of a search."""
    pairs = open_now(hours(session, search), at)
    statement = queries.everything(search, vocabulary.load().categories, pairs)
    return {row["public_id"] for row in session.execute(statement).mappings()}
