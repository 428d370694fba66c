"""Imports a list, or copies it into a bare table, and prints what that took; run by imports.py.

A process of its own, so that its memory is that of the work alone.

Arguments: "import" or "copy", the file, the address of the database.
"""

import csv
import json
import sys
import time
from io import StringIO
from pathlib import Path
from typing import NamedTuple, cast

import psycopg
from psycopg import sql

from app.lists.importing import import_list
from app.lists.uploads import Upload
from app.platform.database.engines import make_engine
from app.vault.sealing import parse_keys
from bench.database import KEYS, settings

COPIES = 10


class Cost(NamedTuple):
    """Of one import or copy; megabytes: the most that the process had at once."""

    seconds: float
    processor: float
    megabytes: float


def _import(path: Path, url: str) -> None:
    engine = make_engine(url)
    import_list(engine, parse_keys(KEYS), settings(), Upload(path.name, path.read_bytes(), "bench"))
    engine.dispose()


def _copy(path: Path, url: str) -> None:
    lines = csv.reader(StringIO(path.read_bytes().decode()), delimiter=";")
    columns = [f"column_{number}" for number, _ in enumerate(next(lines))]
    names = sql.SQL(", ").join(map(sql.Identifier, columns))
    definitions = sql.SQL(", ").join(
        sql.SQL("{} text").format(sql.Identifier(each)) for each in columns
    )
    engine = make_engine(url)
    with engine.begin() as connection:
        driver = cast("psycopg.Connection", connection.connection.driver_connection)
        driver.execute("DROP TABLE IF EXISTS bare")
        driver.execute(sql.SQL("CREATE TABLE bare ({})").format(definitions))
        with (
            driver.cursor() as cursor,
            cursor.copy(sql.SQL("COPY bare ({}) FROM STDIN").format(names)) as copy,
        ):
            for line in lines:
                copy.write_row(line)
    engine.dispose()


def main() -> None:
    """Print a Cost as JSON.

    Of the processor, since others on the machine make the same work wait; the copy is so short that
    it is done some times.
    """
    what, path, url = sys.argv[1:]
    work, times = {"import": (_import, 1), "copy": (_copy, COPIES)}[what]
    begin, worked = time.perf_counter(), time.process_time()
    for _ in range(times):
        work(Path(path), url)
    seconds, processor = time.perf_counter() - begin, time.process_time() - worked
    # What getrusage says begins with the memory of the process that started this one.
    status = Path("/proc/self/status").read_text()
    megabytes = int(status.partition("VmHWM:")[2].split()[0]) / 1024
    json.dump(Cost(seconds / times, processor / times, megabytes)._asdict(), sys.stdout)


if __name__ == "__main__":
    main()
