"""Long lists at the desk, one of new actors and one in which all of them change: read, reviewed,
applied and undone, beside a bare copy of the first one.

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
from bench.database import alone, connect, filled
from bench.desk import search, signed_in
from bench.imports import run_child, write_changed, write_list
from bench.setting import KEYS, SMALL
from bench.tools import PACE, Measure, Work, figure_at_most, p95, timed

LINES = 10_000
COPY = f"{DATABASE}_deposit"
# What names of measures say of each list.
NEW, KNOWN = "", "known_"
TOOK = f"desk_{{}}_of_{LINES}_{{}}lines_seconds"
SECONDS = 15.0
MEMORY = f"desk_list_of_{LINES}_{{}}lines_megabytes"
MEGABYTES = 600.0
REVIEWED = f"review_page_of_{LINES}_{{}}lines_p95_milliseconds"
REVIEWED_MS = 300.0
ASKED = (
    *("", "?page=100", "?page=200", "?etat=none&page=50", "?champ=phones", "?categorie=mecs"),
    "?resultat={}",
)
FACETS = {NEW: "created", KNOWN: "updated"}
PAGES = 14
PAGE = "SELECT * FROM deposit_line WHERE file_id = %s ORDER BY number LIMIT 50"


def deposits(cluster: Cluster) -> Iterator[Measure]:
    """Measure two lists, in a copy of the small database."""
    with TemporaryDirectory() as directory:
        yield from _measures(cluster, Path(directory), PACE.part(LINES))


def _measures(cluster: Cluster, directory: Path, lines: int) -> Iterator[Measure]:
    new, known = directory / "nouvelle.csv", directory / "connue.csv"
    write_list(cluster, new, lines)
    write_changed(known, new)
    maintenance = cluster.url(cluster.superuser, "postgres")
    alone(maintenance, f"DROP DATABASE IF EXISTS {COPY}")
    alone(maintenance, f"CREATE DATABASE {COPY} TEMPLATE {SMALL}")
    bare = run_child(new, cluster.url(cluster.superuser, COPY), "copy")
    most = {NEW: 0.0, KNOWN: 0.0}
    for path, which, step in (
        *((new, NEW, "check"), (new, NEW, "apply")),
        *((known, KNOWN, "check"), (known, KNOWN, "part"), (known, KNOWN, "undo")),
        (new, NEW, "undo"),
    ):
        cost = run_child(path, cluster.url(role(DATABASE, "staff"), COPY), step)
        most[which] = max(most[which], cost.megabytes)
        yield figure_at_most(TOOK.format(step, which), (cost.seconds, bare.seconds), SECONDS)
        if step == "check":
            yield _reviewed(cluster, which)
    for which, megabytes in most.items():
        yield figure_at_most(MEMORY.format(which), (megabytes, bare.megabytes), MEGABYTES)
    alone(maintenance, f"DROP DATABASE {COPY}")


def _reviewed(cluster: Cluster, which: str) -> Measure:
    """Measure the pages of the lines of the list that waits, asked for in turns."""
    with (
        signed_in(cluster, parse_keys(KEYS), COPY) as (browser, _, _),
        connect(cluster, cluster.superuser, COPY) as owner,
    ):
        [(deposit,)] = owner.execute("SELECT file_id FROM deposit WHERE state = 'ready'").fetchall()
        asked = [each.format(FACETS[which]) for each in islice(cycle(ASKED), PAGES)]
        pages = [search(browser, each, _lines_of(deposit)) for each in asked]
        [turns] = timed(pages, [_bare(owner, deposit)] * PAGES, p95)
    return figure_at_most(REVIEWED.format(which), turns, REVIEWED_MS)


def _lines_of(deposit: UUID) -> str:
    return f"{HOME}/imports/{deposit}/relire"


def _bare(owner: Connection, deposit: UUID) -> Work:
    return lambda: owner.execute(PAGE, (deposit,), prepare=True).fetchall()


def main() -> None:
    """Print what lists of so many lines take."""
    with filled() as cluster, TemporaryDirectory() as directory:
        lines = int(sys.argv[1]) if sys.argv[1:] else LINES
        for each in _measures(cluster, Path(directory), lines):
            print(each, flush=True)  # noqa: T201


if __name__ == "__main__":
    main()
