"""Imports a list, or copies it into a bare table, and prints what that took; run by imports.py.

Arguments: "import" or "copy", the file, the address of the database.
"""

import csv
import json
import resource
import sys
import time
from io import StringIO
from pathlib import Path
from typing import cast

import psycopg
from psycopg import sql

from app.lists.importing import import_list
from app.lists.uploads import Upload
from app.platform.database.engines import make_engine
from app.vault.sealing import parse_keys
from bench.database import KEYS, settings


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
        driver.execute(sql.SQL("CREATE TABLE bare ({})").format(definitions))
        with (
            driver.cursor() as cursor,
            cursor.copy(sql.SQL("COPY bare ({}) FROM STDIN").format(names)) as copy,
        ):
            for line in lines:
                copy.write_row(line)
    engine.dispose()


def main() -> None:
    """Print seconds, and megabytes: the most that this process, or a child of it, had at once."""
    what, path, url = sys.argv[1:]
    begin = time.perf_counter()
    {"import": _import, "copy": _copy}[what](Path(path), url)
    seconds = time.perf_counter() - begin
    most = (
        resource.getrusage(who).ru_maxrss
        for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN)
    )
    json.dump({"seconds": seconds, "megabytes": max(most) / 1024}, sys.stdout)


if __name__ == "__main__":
    main()
