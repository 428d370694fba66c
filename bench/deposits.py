"""A long list at the desk: read, reviewed, applied and undone, beside a bare copy of the same file.

Each step is done by a process of its own, as the worker does it. By hand, for any number of lines:
`python -m bench.deposits [LINES]`.
"""

import sys
from collections.abc import Iterator
from itertools import cycle, islice
from pathlib import Path
from tempfile import TemporaryDirectory
from uuid import UUID

from psycopg import Connection

from app.desk.shell.gate import HOME
from app.platform.cluster.server import Cluster
from app.platform.database.engines import role
from app.runtime.addresses import DATABASE
from app.vault.sealing import parse_keys
from bench.database import KEYS, SMALL, alone, connect, filled
from bench.desk import search, signed_in
from bench.import_child import Cost
from bench.imports import run_child, write_list
from bench.tools import PACE, Measure, Work, figure_at_most, p95, timed

LINES = 10_000
COPY = f"{DATABASE}_deposit"
STEPS = ("check", "apply", "undo")
TOOK = f"desk_{{}}_of_{LINES}_lines_seconds"
SECONDS = 15.0
MEMORY = f"desk_list_of_{LINES}_lines_megabytes"
MEGABYTES = 600.0
REVIEWED = f"review_page_of_{LINES}_lines_p95_milliseconds"
REVIEWED_MS = 300.0
ASKED = (
    "",
    "?page=100",
    "?page=200",
    "?resultat=created",
    "?etat=none&page=50",
    "?champ=phones",
    "?categorie=mecs",
)
PAGES = 14
PAGE = "SELECT * FROM deposit_line ORDER BY number LIMIT 50"


def deposits(cluster: Cluster) -> Iterator[Measure]:
    """Measure one list, in a copy of the small database."""
    with TemporaryDirectory() as directory:
        path = Path(directory) / "liste.csv"
        yield from _measures(cluster, path, PACE.part(LINES))


def _measures(cluster: Cluster, path: Path, lines: int) -> Iterator[Measure]:
    maintenance = cluster.url(cluster.superuser, "postgres")
    write_list(cluster, path, lines)
    alone(maintenance, f"DROP DATABASE IF EXISTS {COPY}")
    alone(maintenance, f"CREATE DATABASE {COPY} TEMPLATE {SMALL}")
    bare = run_child(path, cluster.url(cluster.superuser, COPY), "copy")
    costs: list[Cost] = []
    for step in STEPS:
        costs.append(run_child(path, cluster.url(role(DATABASE, "staff"), COPY), step))
        yield figure_at_most(TOOK.format(step), (costs[-1].seconds, bare.seconds), SECONDS)
        if step == "check":
            yield _reviewed(cluster)
    most = max(cost.megabytes for cost in costs)
    yield figure_at_most(MEMORY, (most, bare.megabytes), MEGABYTES)
    alone(maintenance, f"DROP DATABASE {COPY}")


def _reviewed(cluster: Cluster) -> Measure:
    """Measure the pages of the lines of the list, asked for in turns."""
    with (
        signed_in(cluster, parse_keys(KEYS), COPY) as (browser, _, _),
        connect(cluster, cluster.superuser, COPY) as owner,
    ):
        [(deposit,)] = owner.execute("SELECT file_id FROM deposit").fetchall()
        pages = [search(browser, each, _lines_of(deposit)) for each in islice(cycle(ASKED), PAGES)]
        [turns] = timed(pages, [_bare(owner)] * PAGES, p95)
    return figure_at_most(REVIEWED, turns, REVIEWED_MS)


def _lines_of(deposit: UUID) -> str:
    return f"{HOME}/imports/{deposit}/relire"


def _bare(owner: Connection) -> Work:
    return lambda: owner.execute(PAGE, prepare=True).fetchall()


def main() -> None:
    """Print what a list of so many lines takes."""
    with filled() as cluster, TemporaryDirectory() as directory:
        lines = int(sys.argv[1]) if sys.argv[1:] else LINES
        for each in _measures(cluster, Path(directory) / "liste.csv", lines):
            print(each, flush=True)  # noqa: T201


if __name__ == "__main__":
    main()
