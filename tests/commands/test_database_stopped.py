"""PostgreSQL stops while a list is read, applied or undone: the service goes on by itself."""

import signal
from collections.abc import Iterator
from contextlib import AbstractContextManager, suppress
from functools import partial

import pytest
from sqlalchemy import Engine
from sqlalchemy.exc import DBAPIError

from app.platform.cluster.directory import owner_of
from app.platform.cluster.processes import postmaster
from app.platform.database.engines import make_engine
from app.runtime.staff import Runtime, open_runtime
from app.settings import Settings
from tests import deposited
from tests.commands.conftest import Installation
from tests.deposited import ENDS, Deed
from tests.meanwhile import is_blocked, until
from tests.short_lists import ASE, CRIP, SHELTER

pytestmark = pytest.mark.slow
# A worker starts slowly where the machine is busy.
LONGEST = 180.0


@pytest.fixture
def runtime(installation: Installation, monkeypatch: pytest.MonkeyPatch) -> Iterator[Runtime]:
    """What the service works with, which runs."""
    for name, value in installation.settings.items():
        monkeypatch.setenv(name, value)
    service, _ = installation.serve(MESURE23_WORKER_HEARTBEAT="0.25")
    with open_runtime(Settings()) as runtime:
        yield runtime
    service.terminate()
    service.communicate(timeout=60)
    assert service.returncode == 0


def stop(installation: Installation, how: signal.Signals) -> None:
    """Stop the server as an administrator does, or as the system ends a process."""
    data = (installation.home / "var" / "postgres").resolve() / "data"
    server = postmaster(data, owner_of(data))
    assert server is not None
    server.send_signal(how)
    server.wait(30)


def held(owner: Engine, deed: Deed) -> AbstractContextManager[None]:
    """Let the job wait as it writes: in the middle of what is all done, or not at all."""
    return deposited.table_held(owner, "deposit_line" if deed == "check" else "revision")


@pytest.mark.parametrize("how", [pytest.param("SIGINT", marks=pytest.mark.long), "SIGKILL"])
def test_what_was_in_the_middle_is_done_once_the_server_is_back(
    installation: Installation, runtime: Runtime, how: str
) -> None:
    owner = make_engine(runtime.owner_url)
    lines = (CRIP, ASE, SHELTER) if how == "SIGINT" else (ASE, SHELTER)
    deposit = deposited.deposit(runtime, *lines, source=how)
    for deed in ENDS:
        # The lock is lost with the server.
        with suppress(DBAPIError), held(owner, deed):
            deposited.ask(runtime, deposit, deed)
            until(lambda: is_blocked(runtime.staff), LONGEST)
            stop(installation, signal.Signals[how])
        until(partial(is_there, runtime), LONGEST)
        until(partial(deposited.is_done, runtime, deposit, deed), LONGEST)
        assert deposited.error(runtime, deposit) is None
    found = deposited.written(runtime, deposit)
    assert [line for line, _ in found.rows] == [*range(2, len(lines) + 2)]
    assert found.journal == ["list_applied", "list_undone"]
    owner.dispose()


def is_there(runtime: Runtime) -> bool:
    """Say whether the server answers."""
    try:
        is_blocked(runtime.staff)
    except DBAPIError:
        return False
    return True
