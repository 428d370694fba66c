"""What the folder shares: who is known in a database, and what is noted of who is hidden."""

from collections.abc import Iterator

import pytest

from app.platform.database.sessions import after_writes
from app.runtime.staff import Runtime
from app.vault.withdrawals import note_after_writes, withdrawals_path
from tests.begun_registers import begin_registers
from tests.operations.erasing import MAIL, PERSON, REFUSED
from tests.short_lists import ASE, CRIP, csv, run


@pytest.fixture
def noting(runtime: Runtime) -> Iterator[Runtime]:
    """A runtime as commands open it: what is taken from the public reaches the register."""
    note_after_writes(runtime.staff, runtime.vault, withdrawals_path(runtime.settings))
    begin_registers(runtime)
    run(runtime, csv(CRIP, ASE))
    yield runtime
    after_writes(runtime.staff, None)


@pytest.fixture
def known(runtime: Runtime) -> Runtime:
    """A phone and a mailbox of a person: public, in two versions, in a refused line, in history."""
    run(runtime, csv(CRIP, PERSON, REFUSED), name=f"liste {MAIL}.csv", source="liste")
    run(
        runtime,
        csv(CRIP, PERSON.replace("+33 (0)6.12", "06.12").replace("99 rue", "98 rue"), REFUSED),
    )
    return runtime
