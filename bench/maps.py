"""GeoJSON of a département: as it is made, and as it is cached."""

import json
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from functools import partial
from pathlib import Path
from urllib.request import urlopen

from app.platform.cluster.server import Cluster
from app.platform.database.engines import role
from app.runtime.addresses import DATABASE
from app.search.criteria import Search
from app.search.geojson import statement
from bench.actors import IN_TERRITORY, TERRITORY
from bench.database import connect, in_full
from bench.service import EMPTY, NO_CACHE
from bench.tools import (
    BenchFailed,
    Measure,
    in_turns,
    pgbench,
    ratio_at_least,
    service,
    wrk,
)

MADE = "geojson_made_requests_per_second"
CACHED = "geojson_cached_requests_per_second"
CACHED_PACKED = "geojson_cached_packed_requests_per_second"
AIM = 0.80
PATH = f"/api/departements/{TERRITORY}/actors.geojson"


def made(cluster: Cluster) -> Iterator[Measure]:
    """Measure what is not cached, beside pgbench with the same statement; not compressed."""
    with service(NO_CACHE) as base, _script(cluster) as script:
        _check(base)
        turns = in_turns(partial(wrk, base + PATH), partial(pgbench, cluster, script))
    yield ratio_at_least(MADE, turns, AIM)


def cached() -> Iterator[Measure]:
    """Measure what is cached, plain and compressed, beside a route that does nothing."""
    with service() as base:
        _check(base)
        for name, encoding in ((CACHED, "identity"), (CACHED_PACKED, "gzip")):
            turns = in_turns(
                partial(wrk, base + PATH, encoding), partial(wrk, base + EMPTY, encoding)
            )
            yield ratio_at_least(name, turns, AIM)


def _check(base: str) -> None:
    with urlopen(base + PATH) as answer:  # noqa: S310 - our own service on loopback
        drawn = len(json.load(answer)["features"])
    # Some more cover it from elsewhere.
    if not IN_TERRITORY <= drawn < 2 * IN_TERRITORY:
        raise BenchFailed(f"{drawn} acteurs au lieu de {IN_TERRITORY}.")


@contextmanager
def _script(cluster: Cluster) -> Iterator[Path]:
    """Yield a file with the statement and its parameters, as pgbench runs it."""
    written = statement(Search(territory=TERRITORY))
    with connect(cluster, role(DATABASE, "public")) as connection:
        text = in_full(connection, written.text, written.values)
    with tempfile.NamedTemporaryFile("w", suffix=".sql") as file:
        file.write(text.replace("\n", " ") + ";\n")
        file.flush()
        yield Path(file.name)
