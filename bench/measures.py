"""What is measured, beside its reference in the same run and in turns: both meet one machine."""

import json
import os
import re
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from random import Random
from urllib.request import urlopen

import psycopg
from sqlalchemy import (
    ColumnElement,
    Float,
    FromClause,
    bindparam,
    create_engine,
    func,
    literal_column,
    make_url,
    select,
)

from app.actors.queries import GEOJSON_SQL
from app.cluster import Cluster
from app.cluster_place import find_binaries
from app.db import role
from app.models import Actor
from app.runtime import DATABASE
from app.visibility import published
from bench.actors import IN_TERRITORY, SEED, TERRITORY
from bench.database import ENVIRONMENT

CLIENTS = 8
ROUNDS = 3
SECONDS = 5
NEIGHBOURS = 20
POINTS = 1_000
GEOJSON = "geojson_300_requests_per_second"
GEOJSON_AIM = 0.60
NEAREST = "nearest_20_of_100000_p99_milliseconds"
NEAREST_AIM_MS = 15.0

Round = Callable[[], float]
Points = list[tuple[float, float]]


@dataclass(frozen=True, slots=True)
class Measure:
    """figure and reference in the unit that name ends with; ratio: figure / reference.

    aim: of the ratio for requests per second (at least), of the figure for milliseconds (at most).
    """

    name: str
    figure: float
    reference: float
    ratio: float
    aim: float
    met: bool


class BenchFailed(Exception):
    """La mesure n'a pas de sens :"""

    def __init__(self, why: str) -> None:
        super().__init__(f"{self.__class__.__doc__}{why}")


def measure(cluster: Cluster) -> list[Measure]:
    """Run every measure, about a minute; raises BenchFailed where a tool says that it failed."""
    return [_geojson(cluster), _nearest(cluster)]


def _geojson(cluster: Cluster) -> Measure:
    """Requests a second for the GeoJSON of one département, from the service and from pgbench."""
    with _service() as base, tempfile.NamedTemporaryFile("w", suffix=".sql") as script:
        script.write(_for_pgbench(GEOJSON_SQL))
        script.flush()
        url = f"{base}/api/departements/{TERRITORY}/actors.geojson"
        with urlopen(url) as answer:  # noqa: S310 - our own service on loopback
            drawn = len(json.load(answer)["features"])
        if drawn != IN_TERRITORY:
            raise BenchFailed(f"{drawn} acteurs au lieu de {IN_TERRITORY}.")
        figure, reference = _in_turns(
            lambda: _wrk(url), lambda: _pgbench(cluster, Path(script.name))
        )
    ratio = figure / reference
    return Measure(GEOJSON, figure, reference, ratio, GEOJSON_AIM, ratio >= GEOJSON_AIM)


def _nearest(cluster: Cluster) -> Measure:
    """p99 of the 20 nearest of 100,000: as the public login reads them, and plain KNN as owner."""
    public = make_url(cluster.url(role(DATABASE, "public"), DATABASE))
    owner = make_url(cluster.url(cluster.superuser, DATABASE))
    actor = published()
    ours = _knn(actor, [c for c in actor.c if c.name != "point"])
    table = Actor.__table__
    plain = _knn(table, [table.c.public_id])
    connect = psycopg.connect
    with (
        connect(public.set(drivername="postgresql").render_as_string(False)) as reader,
        connect(owner.set(drivername="postgresql").render_as_string(False)) as bare,
    ):
        points = bare.execute(
            "SELECT ST_X(point), ST_Y(point) FROM actor ORDER BY md5(public_id) LIMIT %s", [POINTS]
        ).fetchall()
        Random(SEED).shuffle(points)  # noqa: S311
        figure, reference = _in_turns(
            lambda: _p99(reader, ours, points), lambda: _p99(bare, plain, points)
        )
    ratio = figure / reference
    return Measure(NEAREST, figure, reference, ratio, NEAREST_AIM_MS, figure <= NEAREST_AIM_MS)


def _in_turns(ours: Round, reference: Round) -> tuple[float, float]:
    """Medians of both, measured one after the other ROUNDS times after a first that is dropped."""
    rounds = [(ours(), reference()) for _ in range(ROUNDS + 1)][1:]
    return statistics.median(a for a, _ in rounds), statistics.median(b for _, b in rounds)


def _knn(rows: FromClause, columns: list[ColumnElement[object]]) -> str:
    lon, lat = bindparam("lon", type_=Float), bindparam("lat", type_=Float)
    here = func.ST_SetSRID(func.ST_MakePoint(lon, lat), literal_column("4326"))
    statement = (
        select(*columns)
        .where(rows.c.status == literal_column("'published'"))
        .order_by(rows.c.point.bool_op("<->")(here))
        .limit(literal_column(str(NEIGHBOURS)))
    )
    return str(statement.compile(dialect=create_engine("postgresql+psycopg://").dialect))


def _p99(
    connection: psycopg.Connection, statement: str, points: list[tuple[float, float]]
) -> float:
    times = []
    for lon, lat in points:
        begin = time.perf_counter()
        rows = connection.execute(statement, {"lon": lon, "lat": lat}, prepare=True).fetchall()
        times.append(time.perf_counter() - begin)
        if len(rows) != NEIGHBOURS:
            raise BenchFailed(f"{len(rows)} voisins au lieu de {NEIGHBOURS}.")
    return statistics.quantiles(times, n=100)[98] * 1000


@contextmanager
def _service() -> Iterator[str]:
    """Base URL of the service on a free port of loopback, on the measured database."""
    clean = {k: v for k, v in os.environ.items() if not k.startswith("MESURE23_")}
    command = [str(Path(sys.executable).with_name("mesure23")), "serve", "--port", "0"]
    process = subprocess.Popen(
        command,
        env=clean | ENVIRONMENT | {"PYTHONUNBUFFERED": "1"},
        stdout=subprocess.PIPE,
        text=True,
    )
    try:
        found = process.stdout and re.search(r"http://\S+", process.stdout.readline())
        if not found:
            raise BenchFailed("le service n'a pas démarré.")
        yield found[0]
    finally:
        process.terminate()
        process.wait(30)


def _wrk(url: str) -> float:
    command = ["wrk", "-t", "2", "-c", str(CLIENTS), "-d", f"{SECONDS}s"]
    command += ["-H", "Accept-Encoding: identity", url]
    out = subprocess.run(command, capture_output=True, text=True, check=True).stdout
    if "Non-2xx" in out or "Socket errors" in out:
        raise BenchFailed("le service a répondu par des erreurs.")
    return _number(r"Requests/sec:\s+([\d.]+)", out)


def _for_pgbench(statement: str) -> str:
    """The statement without filters, as pgbench writes parameters."""
    statement = statement.replace("%(territory)s", ":territory")
    return re.sub(r"%\((categories|functions|audiences)\)s", "NULL", statement) + ";\n"


def _pgbench(cluster: Cluster, script: Path) -> float:
    pgbench = str(find_binaries(cluster.data) / "pgbench")
    command = [pgbench, "--no-vacuum", "--protocol=prepared"]
    command += [f"--client={CLIENTS}", "--jobs=2", f"--time={SECONDS}", f"--file={script}"]
    command += [f"--define=territory={TERRITORY}", f"--host={cluster.sockets}", "--port=5432"]
    command += [f"--username={role(DATABASE, 'public')}", DATABASE]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    if done.returncode != 0:
        raise BenchFailed(done.stderr)
    return _number(r"tps = ([\d.]+) \(without initial", done.stdout)


def _number(pattern: str, text: str) -> float:
    found = re.search(pattern, text)
    if not found:
        raise BenchFailed(text)
    return float(found[1])
