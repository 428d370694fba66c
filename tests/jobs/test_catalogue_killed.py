"""A worker that is killed while it writes or undoes a catalogue: none of it, and then all of it."""

import json
from collections.abc import Iterable
from uuid import UUID

import pytest
from sqlalchemy import Engine, func, select

from app.cataloguing.import_asking import ask_to_apply, ask_to_undo
from app.cataloguing.importing import plan, read_import
from app.models import AuditEntry, Resource, ResourceImport, ResourceRecord, ResourceVersion
from app.platform.database.sessions import read, write
from app.runtime.staff import Runtime
from tests.deposited import table_held
from tests.jobs.conftest import Workers
from tests.makers_resources import CURATEUR, WRITER, now
from tests.meanwhile import is_blocked, until

pytestmark = pytest.mark.slow

# What was public is erased from the files of the database by another test.
WITHOUT_OWNER = {"MESURE23_OWNER_DATABASE_URL": ""}
WRITTEN = (ResourceRecord, ResourceVersion, Resource, AuditEntry)
LINES = [{"titre": f"Guide {each}", "type": "guide"} for each in ("un", "deux d’essai")]


def asked(runtime: Runtime) -> UUID:
    """Have a catalogue read, and ask that it be written and published."""
    with write(runtime.staff) as session:
        by = (session, runtime.vault, CURATEUR, WRITER)
        data = json.dumps(LINES).encode()
        made = plan(*by, data, "c.json", now(), max_bytes=10_000)
        seen = read_import(session, runtime.vault, CURATEUR, made).plan.seen
        ask_to_apply(*by, made, {}, seen, publishes=True)
        return made


def status(runtime: Runtime, import_id: UUID) -> str:
    with read(runtime.staff) as session:
        return session.get_one(ResourceImport, import_id).status


def written(runtime: Runtime) -> list[int]:
    with read(runtime.staff) as session:
        return [session.scalars(select(func.count()).select_from(each)).one() for each in WRITTEN]


def killed(runtime: Runtime, workers: Workers, owner: Engine, tables: Iterable[str]) -> None:
    """Kill a worker as it first writes to each of some tables."""
    for table in tables:
        with table_held(owner, table):
            worker = workers.fork(**WITHOUT_OWNER)
            until(lambda: is_blocked(runtime.staff), 60)
            workers.kill(worker)


def test_none_of_a_catalogue_is_written_until_all_of_it_is(
    runtime: Runtime, workers: Workers, owner: Engine
) -> None:
    import_id = asked(runtime)
    before = written(runtime)
    killed(runtime, workers, owner, ("resource_version", "resource", "audit_entry"))
    assert (status(runtime, import_id), written(runtime)) == ("applying", before)
    worker = workers.fork(**WITHOUT_OWNER)
    until(lambda: status(runtime, import_id) == "applied", 60)
    workers.kill(worker)
    *records, shown, _ = whole = written(runtime)
    assert (records, shown) == ([2, 2], 2)
    with write(runtime.staff) as session:
        ask_to_undo(session, runtime.vault, CURATEUR, WRITER, import_id)
    killed(runtime, workers, owner, ("resource", "resource_act"))
    assert (status(runtime, import_id), written(runtime)) == ("undoing", whole)
    workers.fork(**WITHOUT_OWNER)
    until(lambda: status(runtime, import_id) == "undone", 60)
    assert written(runtime)[2] == 0
