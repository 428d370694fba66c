"""A worker whose database finds no room: its list says so, and is done once there is some."""

from collections.abc import Iterator
from functools import partial
from pathlib import Path

import pytest
from sqlalchemy import Connection

from app.platform.cluster.server import Cluster
from app.runtime.staff import Runtime
from app.vault.sealing import Vault
from tests import deposited
from tests.deposited import ENDS
from tests.jobs.conftest import Workers
from tests.meanwhile import until
from tests.serving import offline_settings
from tests.small_disk import database_on, filled, small_disk

pytestmark = pytest.mark.slow

A_LITTLE = 150_000
LINES = tuple(
    f"Service {each};ASE;{each + 1} rue Pleine, {'accueil sur rendez-vous, ' * 20};93300;"
    "Aubervilliers;;"
    for each in range(600)
)


@pytest.fixture
def disk() -> Iterator[Path]:
    with small_disk(200) as disk:
        yield disk


@pytest.fixture
def runtime(
    disk: Path,
    cluster: Cluster,
    admin: Connection,
    lean_template: str,
    vault: Vault,
    tmp_path: Path,
) -> Iterator[Runtime]:
    with database_on(disk, cluster, admin, lean_template) as databases:
        owner = cluster.url(cluster.superuser, databases.staff.url.database or "")
        yield Runtime(offline_settings(tmp_path), databases, vault, owner, None)


def test_a_list_that_finds_no_room_says_so_and_is_done_once_there_is_some(
    runtime: Runtime, workers: Workers, disk: Path
) -> None:
    deposit = deposited.deposit(runtime, *LINES)
    for deed in ENDS:
        deposited.ask(runtime, deposit, deed)
        with filled(disk, but=A_LITTLE):
            if deed == "check":
                workers.fork(MESURE23_OWNER_DATABASE_URL="")
            until(lambda: deposited.error(runtime, deposit) == "DiskFull", 90)
        until(partial(deposited.is_done, runtime, deposit, deed), 90)
        assert deposited.error(runtime, deposit) is None
    assert len(deposited.written(runtime, deposit).rows) == len(LINES)
