"""A worker that is killed at each step of a list: nothing of it is half done, and it is done."""

from contextlib import AbstractContextManager, ExitStack
from dataclasses import dataclass
from functools import partial
from uuid import UUID

import pytest
from sqlalchemy import Engine

from app.runtime.staff import Runtime
from tests import deposited
from tests.databases import Copy
from tests.deposited import ENDS, Deed, Written, written
from tests.jobs.conftest import Workers
from tests.meanwhile import is_blocked, until
from tests.short_lists import APART, ASE, CRIP, NEIGHBOUR, SHELTER, csv, run

pytestmark = pytest.mark.slow

# What was public is erased from the files of the database by another test.
WITHOUT_OWNER = {"MESURE23_OWNER_DATABASE_URL": ""}
BEFORE = (CRIP, ASE, APART)
# One changed, one missing, a home that hides whom it stands beside, one that may be a known one, a
# line that cannot be used.
AFTER = (
    CRIP.replace("00 01", "00 91"),
    APART,
    SHELTER,
    "Service départemental;ASE;2 rue de l'Exemple;93000;Bobigny;01 99 00 00 02;",
    ";ASE;1 rue Sans Nom;93000;Bobigny;;",
)
NOTED = "as it notes where it stands"
COMPARED = "as it compares"
WRITERS = "as it waits for other writers"
# Where a job is stopped, in the order of its work; a table: as it first writes there.
STEPS: dict[Deed, tuple[str, ...]] = {
    "check": (NOTED, COMPARED, "deposit_line"),
    "apply": (
        *(NOTED, WRITERS, "actor", "actor_protected", "provenance", "actor_fingerprint", "batch"),
        *("revision", "former_tie", "source_record", "proposal", "source_row", "source_file"),
        *("deposit_line", "audit_entry"),
    ),
    "undo": (
        *(WRITERS, "actor", "actor_protected", "provenance", "actor_fingerprint", "batch"),
        *("revision", "former_tie", "source_record", "source_file", NOTED, "audit_entry"),
    ),
}


@dataclass
class Asked:
    """A deposit of which a deed was asked for; whole: what is written once it is done."""

    runtime: Runtime
    id: UUID
    whole: Written


@pytest.fixture(scope="module")
def made(module_runtime: Runtime) -> UUID:
    """The second list of a source, beside a neighbour of the home that it names; not read yet."""
    run(module_runtime, csv(NEIGHBOUR), source="avant")
    first = deposited.deposit(module_runtime, *BEFORE)
    for deed in ("check", "apply"):
        deposited.ask(module_runtime, first, deed)
        deposited.do(module_runtime, first, deed)
    return deposited.deposit(module_runtime, *AFTER)


@pytest.fixture
def asked(made: UUID, module_runtime: Runtime, copy_of: Copy, deed: Deed) -> Asked:
    """A copy in which a deed is asked for, and what another copy says once it was done."""
    here, there = copy_of(module_runtime), copy_of(module_runtime)
    for each in ENDS:
        for runtime in (here, there):
            deposited.ask(runtime, made, each)
        deposited.do(there, made, each)
        if each == deed:
            break
        deposited.do(here, made, each)
    return Asked(here, made, written(there, made))


@pytest.fixture
def runtime(asked: Asked) -> Runtime:
    return asked.runtime


def held_at(step: str, owner: Engine, deposit: UUID) -> AbstractContextManager[None]:
    """Let the job wait at a step."""
    match step:
        case "as it notes where it stands":
            return deposited.row_held(owner, deposit)
        case "as it compares":
            return deposited.table_held(owner, "actor_fingerprint", "ACCESS EXCLUSIVE")
        case "as it waits for other writers":
            return deposited.writers_held(owner)
    return deposited.table_held(owner, step)


@pytest.mark.parametrize("deed", STEPS)
def test_killed_at_each_step_nothing_of_it_is_written_and_the_next_worker_does_it(
    runtime: Runtime, workers: Workers, owner: Engine, asked: Asked, deed: Deed
) -> None:
    before, deposit = written(runtime, asked.id), asked.id
    for step in STEPS[deed]:
        with held_at(step, owner, deposit):
            worker = workers.fork(**WITHOUT_OWNER)
            until_it_waits(runtime, step)
            workers.kill(worker)
        assert written(runtime, deposit) == before, step
    with ExitStack() as held:
        held.enter_context(held_at(STEPS[deed][0], owner, deposit))
        worker = workers.fork(**WITHOUT_OWNER)
        until_it_waits(runtime, STEPS[deed][0])
        with deposited.job_held(owner, deed):
            held.close()
            until(lambda: deposited.state(runtime, deposit) == ENDS[deed], 60)
            until_it_waits(runtime, "as its end is noted")
            workers.kill(worker)
    assert written(runtime, deposit) == asked.whole
    # Nothing but the end of the job is left to note.
    workers.fork(**WITHOUT_OWNER)
    until(partial(deposited.is_done, runtime, deposit, deed), 60)
    assert written(runtime, deposit) == asked.whole
    assert deposited.error(runtime, deposit) is None


def until_it_waits(runtime: Runtime, _step: str) -> None:
    """Let the job come to wait for what the test holds; a test that fails shows at which step."""
    until(lambda: is_blocked(runtime.staff), 60)
