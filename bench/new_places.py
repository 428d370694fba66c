"""Pages around places that nobody asked for before, so that nothing of them is in a cache."""

import asyncio
import statistics
import tempfile
from collections.abc import Iterable, Iterator
from contextlib import ExitStack, contextmanager
from itertools import islice
from pathlib import Path
from unittest.mock import patch

import httpx
import psutil
import psycopg
from sqlalchemy import event

from app.main import create_app
from app.places.grid import position_code
from app.platform.cluster.server import Cluster
from app.runtime.staff import open_runtime
from bench.database import connect, in_full
from bench.service import EMPTY
from bench.setting import settings
from bench.tools import (
    CLIENTS,
    PACE,
    BenchFailed,
    Measure,
    figure_at_most,
    pgbench,
    ratio_at_least,
    serving,
    wrk_each,
)

WORK = "page_around_a_new_place_processor_milliseconds"
WORK_AIM_MS = 25.0
MADE = "pages_around_new_places_per_second"
MADE_AIM = 0.5
SLOWEST = "page_around_a_new_place_4_clients_p99_milliseconds"
SLOWEST_AIM_MS = 150.0
DRAWN = "geojson_around_new_places_per_second"
DRAWN_AIM = 0.8
MEMORY = "service_after_new_places_own_megabytes"
MEMORY_AIM_MB = 200.0
FEW_CLIENTS = 4
# More than are answered in a run, and as many as pgbench takes scripts.
A_RUN, REPLAYED = 2_000, 100
MEGABYTE = 1e6

# Where people are, and with them actors: one place in seven is Paris or beside it.
_POINTS = "SELECT ST_Y(point), ST_X(point) FROM actor WHERE point IS NOT NULL ORDER BY md5(slug)"


def new_places(cluster: Cluster) -> Iterator[Measure]:
    """Measure pages by HTTP beside their own statements and beside a route that does nothing, then
    what their maps ask for.
    """
    paths = new_paths(cluster)
    rounds: list[tuple[float, ...]] = []
    with statements_of(list(islice(paths, REPLAYED))) as files, serving() as (base, process):
        idle = own_memory(process)
        for _ in range(PACE.rounds + 1):
            work, made, _ = run(process, base, islice(paths, A_RUN), CLIENTS)
            sql = pgbench(cluster, *files, protocol="simple")
            _, _, slowest = run(process, base, islice(paths, A_RUN), FEW_CLIENTS)
            least, _, quick = run(process, base, [EMPTY], FEW_CLIENTS)
            rounds.append((work, least, made, sql, slowest, quick))
        busy = own_memory(process)
    work, least, made, sql, slowest, quick = map(statistics.median, zip(*rounds[1:], strict=True))
    yield figure_at_most(WORK, (work, least), WORK_AIM_MS)
    yield ratio_at_least(MADE, (made, sql), MADE_AIM)
    yield figure_at_most(SLOWEST, (slowest, quick), SLOWEST_AIM_MS)
    yield figure_at_most(MEMORY, (busy, idle), MEMORY_AIM_MB)
    yield _drawn(cluster)


def _drawn(cluster: Cluster) -> Measure:
    """Measure the GeoJSON of places, each once, beside its own statements."""
    addresses = (path.replace("/autour?", "/api/actors.geojson?") for path in new_paths(cluster))
    rounds: list[tuple[float, float]] = []
    with statements_of(list(islice(addresses, REPLAYED))) as files, serving() as (base, process):
        for _ in range(PACE.rounds + 1):
            _, made, _ = run(process, base, islice(addresses, A_RUN), CLIENTS)
            rounds.append((made, pgbench(cluster, *files, protocol="simple")))
    made, sql = map(statistics.median, zip(*rounds[1:], strict=True))
    return ratio_at_least(DRAWN, (made, sql), DRAWN_AIM)


def new_paths(cluster: Cluster) -> Iterator[str]:
    """Yield the page of each point of the grid where an actor stands, once."""
    with connect(cluster, cluster.superuser) as owner:
        codes = [position_code(lat, lon) for lat, lon in owner.execute(_POINTS)]
    # A position is in no address that is cached; see app.search.cache.
    return (f"/autour?lieu={code}" for code in dict.fromkeys(codes))


def run(
    process: psutil.Process, base: str, paths: Iterable[str], clients: int
) -> tuple[float, float, float]:
    """Return milliseconds of processor an answer, answers per second, and their p99 in ms."""
    before = process.cpu_times()
    answers, per_second, p99 = wrk_each(base, list(paths), clients)
    after = process.cpu_times()
    spent = after.user - before.user + after.system - before.system
    return spent * 1000 / answers, per_second, p99


def own_memory(process: psutil.Process) -> float:
    """Return what is of the process alone: how much of its libraries is mapped, 30 to 45 MB,
    depends on what else the machine has in its cache of files.
    """
    return process.memory_full_info().uss / MEGABYTE


@contextmanager
def statements_of(paths: Iterable[str]) -> Iterator[list[Path]]:
    """Yield a file for each page, with the statements that it sends and their parameters.

    Each is parsed and planned when it is run, as pages are fastest that way too: pgbench takes
    longer with statements that it prepares, and so does the service.
    """
    with ExitStack() as stack:
        directory = Path(stack.enter_context(tempfile.TemporaryDirectory()))
        files = []
        for number, statements in enumerate(asyncio.run(_statements(paths))):
            lines = ["BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY", *statements, "ROLLBACK"]
            files.append(directory / f"{number}.sql")
            files[-1].write_text("".join(line.replace("\n", " ") + ";\n" for line in lines))
        yield files


async def _statements(paths: Iterable[str]) -> list[list[str]]:
    """Return what the driver sends for each page, whoever asks it to, parameters written in."""
    sent: list[str] = []

    class Recording(psycopg.Cursor[psycopg.rows.TupleRow]):
        def execute(self, query, params=None, **options):  # type: ignore[no-untyped-def]
            sent.append(psycopg.ClientCursor(self.connection).mogrify(query, params))
            return super().execute(query, params, **options)

    class RecordingRaw(psycopg.RawCursor[psycopg.rows.TupleRow]):
        def execute(self, query, params=None, **options):  # type: ignore[no-untyped-def]
            sent.append(in_full(self.connection, query, params or ()))
            return super().execute(query, params, **options)

    def record(connection: psycopg.Connection, *_: object) -> None:
        connection.cursor_factory = Recording

    pages = []
    with open_runtime(settings()) as runtime, patch.object(psycopg, "RawCursor", RecordingRaw):
        event.listen(runtime.databases.public, "connect", record)
        app = httpx.ASGITransport(create_app(runtime.settings, runtime.databases))
        async with httpx.AsyncClient(transport=app, base_url="http://127.0.0.1") as client:
            for path in paths:
                sent.clear()
                answer = await client.get(path)
                if answer.status_code != 200 or not sent:
                    raise BenchFailed(f"{path} : {answer.status_code}.")
                pages.append(list(sent))
    return pages
