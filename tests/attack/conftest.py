"""The generated world, written once per session, and the whole service over it."""

import re
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from hashlib import sha256
from pathlib import Path
from urllib.parse import unquote_plus

import httpx
import pytest
from fastapi import FastAPI
from sqlalchemy import Connection, text
from sqlalchemy.orm import Session

from app.gazetteer.load import read_gazetteer
from app.inbox.opening import publish_key
from app.main import create_app
from app.places.grid import position_code, read_position
from app.platform.cluster.server import Cluster
from app.platform.database.engines import Databases
from app.runtime.staff import Runtime
from app.settings import Settings
from app.vault.sealing import Vault
from tests.attack.dataset import LISTS, Dataset, changed, send, write
from tests.attack.sentinels import Projected, Sentinels, plain_text
from tests.attack.unpacking import unpack
from tests.attack.values import values_of
from tests.attack.walk import (
    HOST,
    Answer,
    Asked,
    Paths,
    ask,
    endpoints,
    path_of,
    requests,
    walk,
)
from tests.databases import cloned
from tests.serving import offline_settings, serving

# A working day: what is open then does not change between two walks.
NOW = datetime(2026, 6, 10, 10, tzinfo=UTC)
ID = re.compile(rb"[0-9a-f]{16}")
POSITION = re.compile(r"-?\d+(?:\.\d+)?\s*,\s*-?\d+(?:\.\d+)?")
# The parameters of a search that say where it is, and not for what.
WHERE = ("lieu=", "rayon=", "loin=", "ecart=", "cadre=", "territoire=", "zoom=", "bbox=", "ou=")
# Of all that is asked one in so many was, what was found, and a digest of each answer.
Walked = tuple[int, set[str], dict[Asked, str]]


@dataclass(frozen=True)
class Attacked:
    """A database full of secrets, and what they are."""

    runtime: Runtime
    dataset: Dataset
    sentinels: Sentinels

    @property
    def databases(self) -> Databases:
        """Its logins."""
        return self.runtime.databases


@pytest.fixture(scope="session")
def written(
    cluster: Cluster,
    admin: Connection,
    template: str,
    vault: Vault,
    tmp_path_factory: pytest.TempPathFactory,
) -> Iterator[Attacked]:
    """The generated world, committed, and only read; any of its points counts as found."""
    with cloned(cluster, admin, template) as databases:
        owner = cluster.url(cluster.superuser, databases.staff.url.database or "")
        settings = offline_settings(tmp_path_factory.mktemp("attack"))
        runtime = Runtime(settings, databases, vault, owner, None)
        dataset = write(runtime)
        with Session(runtime.staff) as session, session.begin():
            # As a desk that runs: the form of a report is open, in each copy with the same key.
            publish_key(session, vault)
        with databases.staff.connect() as connection:
            projected = project(connection, dataset)
        yield Attacked(runtime, dataset, Sentinels(dataset.secrets, projected))


@pytest.fixture(scope="session")
def attacked(written: Attacked, worker_databases: Databases) -> Attacked:
    """The same, but for points of boundaries and drawings, which take minutes to look for."""
    dataset = written.dataset
    with written.databases.staff.connect() as connection:
        projected = project(connection, dataset)
    # Of its own: what other tests find of an actor is no reference.
    everywhere = Sentinels(dataset.secrets, projected)
    note_reference(worker_databases, dataset, everywhere, written.runtime.settings)
    known = frozenset(everywhere.seen)
    return replace(written, sentinels=Sentinels(dataset.secrets, projected, known))


def note_reference(
    empty: Databases, dataset: Dataset, sentinels: Sentinels, settings: Settings
) -> None:
    """Look for points where there are no actors: what is found is in boundaries and drawings."""
    app = service(empty, settings.data_dir)
    paths: Paths = {(): [()], ("code",): [(code,) for code in dataset.territories]}
    with client_of(app) as client:
        # Whatever else is asked of them, they show the same boundaries.
        for each in endpoints(app):
            for given in paths.get(each.names, []):
                answer = ask(client, ("GET", path_of(each, given), ()))
                sentinels.note(answer.body, answer.encoding)
        # Pages hand to their map what is asked for, and the bounds around it: once for each place.
        around: dict[tuple[str, ...], Asked] = {}
        for asked in requests(app, values_of(dataset)):
            path, _, query = asked[1].partition("?")
            if path in ("/autour", "/integration/autour") and query and not asked[2]:
                where = (pair for pair in query.split("&") if pair.startswith(WHERE))
                around.setdefault((path, *sorted(where)), asked)
        for asked in around.values():
            sentinels.note(ask(client, asked).body)


def project(connection: Connection, dataset: Dataset) -> dict[int, Projected]:
    """Return the points of hidden places in Lambert-93 and Web Mercator, in metres."""
    points = [p for p in dataset.secrets if p.lon is not None]
    statement = text(
        "SELECT number, srid, ST_X(point), ST_Y(point) FROM"
        " (SELECT number, srid, ST_Transform(ST_SetSRID(ST_Point(lon, lat), 4326), srid) AS point"
        " FROM unnest(:numbers, :lons, :lats) AS place(number, lon, lat),"
        # Lambert-93 ends with the mainland.
        " (VALUES (2154), (3857)) AS into_(srid) WHERE srid = 3857 OR lat > 41) AS projected"
    )
    values = {
        "numbers": [p.number for p in points],
        "lons": [p.lon for p in points],
        "lats": [p.lat for p in points],
    }
    found: dict[int, Projected] = {}
    for number, srid, x, y in connection.execute(statement, values):
        found.setdefault(number, {})[srid] = (x, y)
    return found


def service(databases: Databases, folder: Path) -> FastAPI:
    """Return the whole application over a database, at NOW."""
    offline = offline_settings(folder)
    # The walk says the id of its requests, so that no answer differs by it.
    own = {"rate_limit": 0, "tiles": "offered", "public_url": f"http://{HOST}"}
    own["trusted_proxies"] = ("127.0.0.1",)
    app = create_app(offline.model_copy(update=own), databases)
    app.state.site = replace(app.state.site, now=lambda: NOW)
    return app


@contextmanager
def client_of(app: FastAPI) -> Iterator[httpx.Client]:
    """Yield a client of an application behind a real server; it follows no redirect by itself."""
    with serving(app) as address:
        # Not compressed unless a request says so: what is compressed is searched more slowly.
        headers = {"accept-encoding": "identity", "host": HOST, "x-request-id": "0a" * 16}
        # A workbook of all of France, on a machine that does much else.
        with httpx.Client(base_url=address, headers=headers, trust_env=False, timeout=60) as client:
            yield client


def leaks(
    client: httpx.Client,
    app: FastAPI,
    attacked: Attacked,
    known: Mapping[Asked, str] | None = None,
    one_in: int = 1,
) -> tuple[set[str], dict[Asked, str]]:
    """Walk an application; return what was found of hidden places, and a digest of each answer.

    known: digests of answers that were searched before. one_in: see walk.
    """
    found: set[str] = set()
    digests: dict[Asked, str] = {}
    # By digest: all that was answered takes a gigabyte.
    searched: dict[bytes, set[str]] = {}
    for asked, answer in walk(client, app, values_of(attacked.dataset), one_in):
        digests[asked] = answer.digest
        if known and known.get(asked) == answer.digest:
            continue
        # Of answers without a body, headers are all that differs.
        hits = attacked.sentinels.in_text(answer.searched, "", asked[1])
        hits |= hidden_ids_of([answer.searched], attacked)
        body = sha256(answer.body).digest()
        if body not in searched:
            ids = hidden_ids_in(answer, attacked)
            searched[body] = ids | attacked.sentinels.in_text(answer.body, answer.encoding)
        hits |= searched[body]
        if hits:
            echo = echo_of(asked[1])
            found |= {f"{asked[0]} {asked[1]}: {hit}" for hit in hits if not said_again(hit, echo)}
    return found, digests


def echo_of(address: str) -> str:
    """Return the text that an answer may say again: what was asked, and its points on the grid."""
    # Twice, since an address of ours may stand in it.
    text = plain_text(unquote_plus(unquote_plus(address)))
    at = [read_position(each) for each in POSITION.findall(text)]
    return " ".join([text, *(position_code(*each) for each in at if each)])


def said_again(hit: str, echo: str) -> bool:
    """Say that what was found in an answer was in what was asked: a word, or both its numbers."""
    _, point, numbers = hit.partition(": ")
    return hit in echo or (bool(point) and all(each in echo for each in numbers.split()))


def hidden_ids_in(answer: Answer, attacked: Attacked) -> set[str]:
    """Return the ids in an answer that lead to nothing any more, or never did."""
    return hidden_ids_of([*unpack(answer.body, answer.encoding), answer.searched], attacked)


def hidden_ids_of(parts: Iterable[bytes], attacked: Attacked) -> set[str]:
    ids = {each.decode() for part in parts for each in ID.findall(part)}
    return ids & attacked.dataset.hidden_ids


@pytest.fixture(scope="session", params=[4, pytest.param(1, marks=pytest.mark.long)])
def walked(
    request: pytest.FixtureRequest, attacked: Attacked, tmp_path_factory: pytest.TempPathFactory
) -> Walked:
    """What was found in answers of the service, a quarter of them or all, and their digests."""
    app, one_in = service(attacked.databases, tmp_path_factory.mktemp("walk")), request.param
    with client_of(app) as client:
        return one_in, *leaks(client, app, attacked, one_in=one_in)


@pytest.fixture(scope="session")
def elsewhere(
    attacked: Attacked, cluster: Cluster, admin: Connection, template: str
) -> Iterator[Runtime]:
    """The same world, in which every hidden place has another name, address, point and numbers.

    And is something else, does other things, for others: of its family as before.
    """
    # A template may have no other connection.
    attacked.databases.dispose()
    source = attacked.databases.staff.url.database or ""
    with cloned(cluster, admin, source, template) as databases:
        runtime = replace(attacked.runtime, databases=databases)
        with Session(runtime.staff) as session:
            gazetteer = read_gazetteer(session.connection())
        hidden = changed(attacked.dataset.secrets, gazetteer)
        for name, cases in LISTS.items():
            send(runtime, name, [place for place in hidden if place.case in cases])
        yield runtime


@pytest.fixture
def own(
    attacked: Attacked, cluster: Cluster, admin: Connection, template: str
) -> Iterator[Runtime]:
    """A copy of the world for a test that changes it."""
    attacked.databases.dispose()
    source = attacked.databases.staff.url.database or ""
    with cloned(cluster, admin, source, template) as databases:
        owner = cluster.url(cluster.superuser, databases.staff.url.database or "")
        yield replace(attacked.runtime, databases=databases, owner_url=owner)
