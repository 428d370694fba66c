"""The page of points to be checked in a slowed browser: several hundred of them wait.

By hand: `python -m bench.points`.
"""

import sys
from collections.abc import Iterable, Iterator
from datetime import UTC, datetime
from pathlib import Path
from tempfile import TemporaryDirectory

from app.accounts import people, sessions
from app.desk.actors.points_page import HERE
from app.gazetteer.load import cached_gazetteer
from app.geocoding.answers import judge_batch, save
from app.geocoding.asking import Asked, waiting
from app.models import Role
from app.platform.cluster.server import Cluster
from app.platform.database.engines import make_engine, role
from app.platform.database.sessions import write
from app.records.history import History
from app.records.listing import PAGE
from app.records.writing import Writer
from app.runtime.addresses import DATABASE
from app.vault.digests import index_key
from app.vault.sealing import parse_keys
from bench.browser import actors_of, chromium, in_turns, slowed
from bench.database import alone, filled
from bench.imports import run_child, write_list
from bench.plain import folium_page
from bench.service import DESK, POINTS
from bench.setting import KEYS, SMALL
from bench.tools import BenchFailed, Measure, figure_at_most, service
from geo.gazetteer import Gazetteer
from geo.geocoder import Answer

READY = "points_page_ready_milliseconds"
READY_AIM_MS = 1_000.0
LINES = 500
LEAST = 300
PIN = ".desk-pins .desk-pin"


def points(cluster: Cluster) -> Iterator[Measure]:
    """Measure a full page of the list, beside plain Folium's in the same rounds."""
    token = _fill(cluster)
    with (
        chromium() as browser,
        service() as base,
        folium_page(actors_of(base)) as plain,
        service(DESK) as desk,
    ):
        address = desk.replace("127.0.0.1", "localhost") + HERE
        ours, beside = in_turns(slowed(browser, plain), address, plain, (PIN, PAGE), token)
    sys.stderr.write(f"{HERE} : {ours}\n")
    yield figure_at_most(READY, (ours.ready, beside.ready), READY_AIM_MS)
    alone(cluster.url(cluster.superuser, "postgres"), f"DROP DATABASE {POINTS}")


def _fill(cluster: Cluster) -> str:
    """Import a list whose addresses a geocoder doubts; return the session of a curateur."""
    maintenance = cluster.url(cluster.superuser, "postgres")
    alone(maintenance, f"DROP DATABASE IF EXISTS {POINTS}")
    alone(maintenance, f"CREATE DATABASE {POINTS} TEMPLATE {SMALL}")
    url = cluster.url(role(DATABASE, "staff"), POINTS)
    with TemporaryDirectory() as directory:
        path = Path(directory) / "liste.csv"
        write_list(cluster, path, LINES)
        run_child(path, url, "import")
    engine, vault, now = make_engine(url), parse_keys(KEYS), datetime.now(UTC)
    with write(engine) as session:
        key, gazetteer = index_key(session, vault), cached_gazetteer(session.connection())
        writer = Writer(session, vault, key, gazetteer)
        asked = list(waiting(session, key, writer))
        judged = list(judge_batch(asked, _answers(asked, gazetteer), gazetteer))
        if len(judged) < LEAST:
            raise BenchFailed(f"{len(judged)} adresses seulement.")
        save(session, vault, key, writer, judged, History(session, vault, "bench", "geocoding"))
        given = {"mail": "banc@example.org", "name": "Camille Exemple", "by": "os:bench"}
        account = people.create(session, vault, role=Role.CURATEUR, territories=[], **given)
        token = sessions.open_session(
            session, vault, account, "passkey", device="", network=b"", now=now
        )
    engine.dispose()
    return token


def _answers(asked: Iterable[Asked], gazetteer: Gazetteer) -> Iterator[Answer]:
    """Yield the street of each address without its number, of one in five another street."""
    for number, each in enumerate(asked):
        commune = gazetteer.by_insee(each.query.citycode or "")
        if commune is None or commune.lon is None or commune.lat is None:
            raise BenchFailed("une adresse n’a pas de commune.")
        street = (each.query.street or "").partition(" ")[2]
        yield Answer(
            label=f"{street}, {commune.name}",
            score=0.7,
            type="street",
            citycode=commune.code,
            postcode=each.query.postcode or "",
            city=commune.name,
            name=street if number % 5 else "Voie sans rapport",
            housenumber=None,
            lon=commune.lon + 0.004,
            lat=commune.lat + 0.004,
        )


def main() -> None:
    """Print how long the page takes."""
    with filled() as cluster:
        for each in points(cluster):
            print(each, flush=True)  # noqa: T201


if __name__ == "__main__":
    main()
