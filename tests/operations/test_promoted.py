"""A copy that a provider put in the place of its server is shown by the worker, where it may be."""

from collections.abc import Callable
from dataclasses import replace

import pytest
from sqlalchemy import Connection, func, select
from structlog.testing import capture_logs

from app.commands.support.replaying import Replaying
from app.models import AuditEntry
from app.operations.erasure_register import register_path
from app.operations.metrics import OfDatabase
from app.platform.cluster.server import Cluster
from app.platform.database.origin import RestoredNotReplayed, refuse_restored
from app.platform.database.sessions import read
from app.runtime.staff import Runtime
from app.vault.withdrawals import withdrawals_path
from tests.begun_registers import begin_registers
from tests.databases import Copy, cloned
from tests.operations.restoring import ELSEWHERE, as_owner
from tests.operations.test_withdrawals import protect, public

pytestmark = pytest.mark.slow

PROMOTED = "UPDATE database_origin SET timeline = timeline - 1"
ASE = "ASE d'exemple"


@pytest.fixture
def promoted(noting: Runtime, copy_of: Copy) -> Runtime:
    """A copy that was cut off just before somebody was hidden, and is on the next timeline."""
    copy = copy_of(noting)
    protect(noting, ASE)
    as_owner(copy, PROMOTED)
    return copy


def looked(runtime: Runtime) -> list[object]:
    """Return what is said by a worker that looks twice."""
    worker = Replaying(runtime)
    with capture_logs() as said:
        worker.look()
        worker.look()
    return [each["event"] for each in said]


def waits(runtime: Runtime) -> float:
    database = OfDatabase(runtime.staff)
    found = {each.name: each.samples for each in database.collect()}
    database.close()
    (sample,) = found["mesure23_database_restored"]
    return sample.value


def noted_of(runtime: Runtime) -> int:
    with read(runtime.staff) as session:
        return session.scalar(select(func.count()).select_from(AuditEntry)) or 0


def refused(runtime: Runtime) -> bool:
    try:
        refuse_restored(runtime.databases.public)
    except RestoredNotReplayed:
        return True
    return False


def test_it_is_shown_once_what_was_hidden_meanwhile_is_hidden_in_it(promoted: Runtime) -> None:
    assert (refused(promoted), waits(promoted), ASE in public(promoted)) == (True, 1, True)
    assert looked(promoted) == ["promoted database shown, its registers were replayed"]
    assert (refused(promoted), waits(promoted), ASE in public(promoted)) == (False, 0, False)


def lose_withdrawals(runtime: Runtime) -> None:
    withdrawals_path(runtime.settings).unlink()


def lose_erasures(runtime: Runtime) -> None:
    register_path(runtime.settings).unlink()


def make_unreadable(runtime: Runtime) -> None:
    lose_erasures(runtime)
    register_path(runtime.settings).mkdir()


@pytest.mark.parametrize("lose", [lose_withdrawals, lose_erasures, make_unreadable])
def test_by_registers_that_are_lost_nothing_is_changed_and_it_is_said_once(
    promoted: Runtime, lose: Callable[[Runtime], None]
) -> None:
    lose(promoted)
    before = noted_of(promoted)
    assert looked(promoted) == ["promoted database not shown"]
    assert (refused(promoted), waits(promoted), ASE in public(promoted)) == (True, 1, True)
    assert noted_of(promoted) == before


def test_by_registers_that_another_database_began_nothing_is_changed(
    cluster: Cluster, admin: Connection, lean_template: str, promoted: Runtime
) -> None:
    lose_withdrawals(promoted)
    lose_erasures(promoted)
    with cloned(cluster, admin, lean_template) as databases:
        begin_registers(replace(promoted, databases=databases))
    assert looked(promoted) == ["promoted database not shown"]
    assert (refused(promoted), ASE in public(promoted)) == (True, True)


def test_one_that_somebody_restored_elsewhere_waits_for_them(promoted: Runtime) -> None:
    as_owner(promoted, ELSEWHERE)
    assert looked(promoted) == []
    assert (refused(promoted), ASE in public(promoted)) == (True, True)
