"""What a kill leaves behind is put right by the next start, and nothing committed is lost."""

import os
import shutil
import signal
import subprocess
import time
from collections.abc import Callable
from pathlib import Path

import psutil
import psycopg
import pytest

from app.platform.cluster import config
from app.platform.cluster import server as cluster_module
from app.platform.cluster.errors import CannotStart, LostWithBackups, StillInUse
from app.platform.cluster.server import open_cluster, remove_cluster
from tests.platform.cluster.conftest import (
    Holder,
    connect,
    ends,
    lives,
    postmaster_pid,
    remember,
    run,
    spawn,
    value,
)

pytestmark = pytest.mark.slow


def wait_for(condition: Callable[[], bool], seconds: float = 60) -> None:
    deadline = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < deadline
        time.sleep(0.02)


def start_busy_backend(sockets: Path) -> subprocess.Popen[str]:
    """A client whose backend computes for ever, so that it does not see its postmaster die."""
    loop = "DO $$ BEGIN LOOP END LOOP; END $$"
    address = f"host={sockets} port=5432 user=postgres dbname=postgres"
    return spawn("psql", "-X", address, "-c", loop)


def test_busy_backend_of_a_killed_postmaster_is_ended(data_dir: Path) -> None:
    holder = Holder(data_dir)
    pid = holder.wait_until_open()
    with open_cluster(data_dir) as cluster:
        remember(cluster)
        client = start_busy_backend(cluster.sockets)
        busy = "SELECT min(pid) FROM pg_stat_activity WHERE query LIKE 'DO%' AND state = 'active'"
        wait_for(lambda: value(cluster, busy) is not None)
        backend = value(cluster, busy)
        assert isinstance(backend, int)
        os.kill(pid, signal.SIGKILL)
        holder.kill()
        wait_for(lambda: not lives(pid))
        assert lives(backend)
        with open_cluster(data_dir) as again:
            assert postmaster_pid(again) != pid
            assert ends(backend)
            assert value(again, "SELECT count(*) FROM kept") == 1
    assert client.wait(timeout=60) != 0


@pytest.mark.parametrize("kills", [5, pytest.param(200, marks=pytest.mark.long)])
def test_no_kill_loses_what_was_committed(data_dir: Path, kills: int) -> None:
    for committed in range(kills):
        holder = Holder(data_dir)
        pid = holder.wait_until_open()
        with open_cluster(data_dir) as cluster:
            remember(cluster)
            assert value(cluster, "SELECT count(*) FROM kept") == committed + 1
            os.kill(pid, signal.SIGKILL)
            holder.kill()
            assert ends(pid)


def test_orphans_are_ended_by_the_last_to_leave(data_dir: Path) -> None:
    with open_cluster(data_dir, fsync=False) as cluster:
        client = start_busy_backend(cluster.sockets)
        busy = "SELECT min(pid) FROM pg_stat_activity WHERE query LIKE 'DO%' AND state = 'active'"
        wait_for(lambda: value(cluster, busy) is not None)
        backend = value(cluster, busy)
        assert isinstance(backend, int)
        os.kill(postmaster_pid(cluster), signal.SIGKILL)
    assert ends(backend)
    assert not cluster.sockets.exists()
    assert client.wait(timeout=60) != 0


def test_zombie_postmaster_is_not_taken_for_a_living_one(data_dir: Path) -> None:
    holder = Holder(data_dir, "--never-reaps")
    pid = holder.wait_until_open()
    with open_cluster(data_dir) as cluster:
        remember(cluster)
        os.kill(pid, signal.SIGKILL)
        wait_for(lambda: psutil.Process(pid).status() == psutil.STATUS_ZOMBIE)
        with open_cluster(data_dir) as again:
            assert postmaster_pid(again) != pid
            assert psutil.Process(pid).status() == psutil.STATUS_ZOMBIE
            assert value(again, "SELECT count(*) FROM kept") == 1
    holder.leave()


def test_pid_file_that_names_a_living_stranger_is_set_aside(
    data_dir: Path, other_data_dir: Path
) -> None:
    with open_cluster(data_dir, fsync=False) as cluster:
        remember(cluster)
        pid_file = (cluster.data / "postmaster.pid").read_text()
    # The worst stranger: same account, same program, another cluster.
    with open_cluster(other_data_dir, fsync=False) as other:
        stranger = postmaster_pid(other)
        _, _, rest = pid_file.partition("\n")
        (cluster.data / "postmaster.pid").write_text(f"{stranger}\n{rest}")
        with open_cluster(data_dir) as again:
            assert postmaster_pid(again) != stranger
            assert value(again, "SELECT count(*) FROM kept") == 1
        assert value(other, "SELECT 1") == 1
        assert postmaster_pid(other) == stranger


def test_a_lost_database_that_has_backups_is_not_replaced_by_an_empty_one(data_dir: Path) -> None:
    folder = data_dir / "backups"
    (folder / "backup" / "mesure23").mkdir(parents=True)
    with open_cluster(data_dir, fsync=False) as cluster:
        settings = config.archiving(cluster.data)
        settings.write_text(f"[global]\nrepo1-path={folder}\n[mesure23]\n")
        pid = postmaster_pid(cluster)
        cluster.watch()
        shutil.rmtree(cluster.data)
        assert ends(pid)
    assert not cluster.data.exists()
    for unmounted in (False, True):
        if unmounted:
            shutil.rmtree(folder)
        with (
            pytest.raises(LostWithBackups, match="backup restore"),
            open_cluster(data_dir, fsync=False),
        ):
            pass
    assert not cluster.data.exists()
    # Set up, and nothing backed up yet.
    folder.mkdir()
    assert config.backups_of(cluster.data) is None
    folder.rmdir()
    settings.unlink()
    with open_cluster(data_dir, fsync=False):
        assert cluster.data.exists()


def test_what_is_of_no_use_any_more_is_removed_though_it_starts_no_more(data_dir: Path) -> None:
    left = data_dir / "rehearsal"
    left.mkdir()
    left.chmod(0o711)
    holder = Holder(left)
    pid = holder.wait_until_open()
    holder.kill()
    assert lives(pid)
    remove_cluster(left)
    assert ends(pid)
    assert not left.exists()
    # As a cut of the power leaves one that was written without fsync.
    left.mkdir()
    left.chmod(0o711)
    with open_cluster(left, fsync=False) as cluster:
        pid_file = (cluster.data / "postmaster.pid").read_text()
    (cluster.data / "postmaster.pid").write_text(pid_file)
    (cluster.data / "global" / "pg_control").write_bytes(b"")
    with pytest.raises(CannotStart), open_cluster(left, fsync=False):
        pass
    remove_cluster(left)
    assert not left.exists()
    assert not cluster.home.exists()
    remove_cluster(left)


def test_watch_starts_a_killed_server_again(data_dir: Path) -> None:
    with open_cluster(data_dir, fsync=False) as cluster:
        remember(cluster)
        cluster.watch()
        cluster.watch()  # a second call changes nothing
        pid = postmaster_pid(cluster)
        os.kill(pid, signal.SIGKILL)

        def serves_again() -> bool:
            try:
                return value(cluster, "SELECT count(*) FROM kept") == 1
            except psycopg.OperationalError:
                return False

        wait_for(lambda: not lives(pid))
        wait_for(serves_again)
        again = postmaster_pid(cluster)
    assert ends(again)


def test_server_of_a_deleted_directory_is_ended(data_dir: Path) -> None:
    holder = Holder(data_dir)
    ghost = holder.wait_until_open()
    holder.kill()
    shutil.rmtree(data_dir / "postgres")
    with open_cluster(data_dir, fsync=False) as cluster:
        assert ends(ghost)
        assert value(cluster, "SELECT 1") == 1


def test_unfinished_creation_is_made_again(data_dir: Path) -> None:
    unfinished = data_dir / "postgres/data.unfinished"
    unfinished.mkdir(parents=True)
    (unfinished / "PG_VERSION").write_text("17\n")
    with open_cluster(data_dir, fsync=False) as cluster:
        assert value(cluster, "SELECT 1") == 1
        assert not unfinished.exists()


def test_server_that_we_cannot_see_is_never_doubled(
    data_dir: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    # As in another container with the same volume: the lock is held, by no process of ours.
    with open_cluster(data_dir, fsync=False) as cluster:
        remember(cluster)
    alive = cluster.home / "alive.lock"
    unseen = spawn("flock", "--exclusive", "--no-fork", alive, "sleep", "60")
    try:
        wait_for(lambda: psutil.Process(unseen.pid).name() == "sleep")
        monkeypatch.setattr(cluster_module, "START_TIMEOUT", 0.2)
        with pytest.raises(StillInUse, match="encore tenue"), open_cluster(data_dir):
            pass
    finally:
        unseen.kill()
        unseen.wait()
    monkeypatch.undo()
    with open_cluster(data_dir, fsync=False) as cluster:
        assert value(cluster, "SELECT count(*) FROM kept") == 1


def test_open_transaction_does_not_delay_leaving(data_dir: Path) -> None:
    with open_cluster(data_dir, fsync=False) as cluster:
        run(cluster, "CREATE TABLE t (n int)")
        connection = connect(cluster)
        connection.autocommit = False
        connection.execute("INSERT INTO t VALUES (1)")
        start = time.monotonic()
    assert time.monotonic() - start < 10
    with pytest.raises(psycopg.OperationalError):
        connection.execute("SELECT 1")
    connection.close()
