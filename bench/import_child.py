"""Imports a list, or copies it into a bare table, and prints what that took; run by imports.py.

A process of its own, so that its memory is that of the work alone.

Arguments: "import", "copy", of a list at the desk a step of STEPS, or of a register
"parse", "plan" or "update", or of all actors "compare"; the file; the address of the database.
"""

import csv
import hashlib
import json
import sys
import time
from collections.abc import Callable
from functools import partial
from io import StringIO
from pathlib import Path
from typing import NamedTuple, cast

import ijson
import psycopg
from psycopg import sql
from sqlalchemy import select

from app.gazetteer.load import cached_gazetteer
from app.jobs import comparing, depositing, undoing
from app.lists import deposits, review
from app.lists.importing import import_list
from app.lists.uploads import Upload
from app.models import Deposit, DepositLine, SourceFile
from app.platform.database.engines import Databases, make_engine
from app.platform.database.sessions import read, write
from app.registers.updating import Update
from app.runtime.staff import Runtime
from app.vault.sealing import parse_keys
from app.visibility import OPERATOR
from bench.setting import KEYS, settings
from bench.tools import BenchFailed
from importers.registers.catalogue import registers
from importers.registers.reading import read_register

COPIES = 10
# What the worker does in a step of a list, and how the list then stands; "part": but for one line.
STEPS = {
    "check": (depositing.check, "ready"),
    "apply": (depositing.apply, "applied"),
    "part": (depositing.apply, "applied"),
    "undo": (undoing.undo, "undone"),
}
SOURCE = "Banc"
# An account that nobody has.
WHO = "0b0d0c4e-8f0b-4f0e-9a55-0f5e2a3f1f10"


class Cost(NamedTuple):
    """Of one import or copy; megabytes: the most that the process had at once."""

    seconds: float
    processor: float
    megabytes: float


def _import(path: Path, url: str) -> None:
    engine = make_engine(url)
    import_list(engine, parse_keys(KEYS), settings(), Upload(path.name, path.read_bytes(), "bench"))
    engine.dispose()


def _at_the_desk(path: Path, url: str, *, step: str) -> None:
    """Do one step of a list, as the worker does; all lists are of one source."""
    engine, vault, data = make_engine(url), parse_keys(KEYS), path.read_bytes()
    runtime = Runtime(settings(), Databases(engine, engine), vault, "", None)
    with write(engine) as session:
        if step == "check":
            upload = Upload(path.name, data, WHO, source=SOURCE)
            deposit, _ = deposits.deposit(session, vault, upload, None)
        else:
            its_bytes = SourceFile.sha256 == hashlib.sha256(data).digest()
            deposit = session.scalars(select(SourceFile.id).where(its_bytes)).one()
        found = deposits.find(session, vault, OPERATOR, deposit)
        if step in ("apply", "part"):
            review.accept_rest(session, OPERATOR, deposit, WHO, erasing=True)
            first = DepositLine.number == 1
            if step == "part" and not review.decide(
                session, OPERATOR, deposit, "reject", WHO, first
            ):
                raise BenchFailed("rien n’est à refuser.")
            deposits.ask_to_apply(session, deposit, found.since, WHO)
        if step == "undo":
            deposits.ask_to_undo(session, vault, found, found.since, WHO)
    work, end = STEPS[step]
    work(runtime, deposit)
    with read(engine) as session:
        state = session.get_one(Deposit, deposit).state
    if state != end:
        raise BenchFailed(f"{step} : {state}.")
    engine.dispose()


def _parse(path: Path, url: str) -> None:
    """Read the entries of a register, and no more."""
    with path.open("rb") as file:
        for _ in ijson.items(file, {"finess": "pmej.item.ege.item"}.get(path.stem, "service.item")):
            pass


def _update(path: Path, url: str, *, only_plan: bool = False) -> None:
    """Read a register, named as its code, and plan it; then apply it."""
    engine, vault = make_engine(url), parse_keys(KEYS)
    with read(engine) as session:
        gazetteer = cached_gazetteer(session.connection())
    with path.open("rb") as file:
        edition = read_register(path.stem, file, path.name, gazetteer)
    work = Update(engine, vault, settings(), registers()[path.stem], edition, "bench")
    parts = work.plan()
    if not only_plan:
        work.apply(parts)
    engine.dispose()


def _compare(_: Path, url: str) -> None:
    """Compare whoever is to be compared with all others."""
    engine = make_engine(url)
    runtime = Runtime(settings(), Databases(engine, engine), parse_keys(KEYS), "", None)
    while comparing.compare(runtime):
        continue
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
    works: dict[str, tuple[Callable[[Path, str], None], int]] = {
        "import": (_import, 1),
        "copy": (_copy, COPIES),
        **{step: (partial(_at_the_desk, step=step), 1) for step in STEPS},
        "parse": (_parse, 1),
        "plan": (partial(_update, only_plan=True), 1),
        "update": (_update, 1),
        "compare": (_compare, 1),
    }
    work, times = works[what]
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
