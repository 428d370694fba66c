"""Who starts the cluster, who attaches, and who stops it."""

import random
import time
from pathlib import Path

import pytest

from app.platform.cluster.server import open_cluster
from tests.platform.cluster.conftest import Holder, ends, lives, postmaster_pid, remember, value

pytestmark = pytest.mark.slow


def test_second_process_attaches_and_the_last_to_leave_stops(data_dir: Path) -> None:
    first = Holder(data_dir)
    pid = first.wait_until_open()
    with open_cluster(data_dir) as cluster:
        assert postmaster_pid(cluster) == pid
        first.leave()
        assert value(cluster, "SELECT 1") == 1
    assert ends(pid)
    assert not cluster.sockets.exists()


def test_starter_that_leaves_last_stops(data_dir: Path) -> None:
    with open_cluster(data_dir, fsync=False) as cluster:
        pid = postmaster_pid(cluster)
        second = Holder(data_dir)
        assert second.wait_until_open() == pid
        second.leave()
        assert value(cluster, "SELECT 1") == 1
    assert ends(pid)


def test_cluster_of_a_killed_process_is_taken_over_and_stopped(data_dir: Path) -> None:
    killed = Holder(data_dir)
    pid = killed.wait_until_open()
    killed.kill()
    assert lives(pid)
    with open_cluster(data_dir) as cluster:
        assert postmaster_pid(cluster) == pid
        remember(cluster)
    assert ends(pid)


def test_failure_of_the_user_still_stops_the_cluster(data_dir: Path) -> None:
    pids = []

    def interrupted() -> None:
        with open_cluster(data_dir, fsync=False) as cluster:
            pids.append(postmaster_pid(cluster))
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        interrupted()
    assert ends(pids[0])


def test_two_clusters_run_side_by_side(data_dir: Path, other_data_dir: Path) -> None:
    with open_cluster(data_dir, fsync=False) as one, open_cluster(other_data_dir) as other:
        remember(one)
        assert value(one, "SELECT to_regclass('kept') IS NOT NULL") is True
        assert value(other, "SELECT to_regclass('kept') IS NOT NULL") is False


def test_second_start_takes_less_than_a_second(data_dir: Path) -> None:
    with open_cluster(data_dir, fsync=False):
        pass
    took = []
    for _ in range(3):
        start = time.monotonic()
        with open_cluster(data_dir, fsync=False):
            took.append(time.monotonic() - start)
    assert min(took) < 1


@pytest.mark.parametrize(
    "rounds",
    [
        pytest.param(2, id="few"),
        pytest.param(10, id="many", marks=pytest.mark.slow),
        pytest.param(300, id="hundreds", marks=pytest.mark.long),
    ],
)
def test_coming_and_going_never_stops_it_beneath_a_user(data_dir: Path, rounds: int) -> None:
    chance = random.Random(rounds)  # noqa: S311 - order of events, not a secret
    holders: list[Holder] = []
    pids: set[int] = set()
    for _ in range(rounds):
        arriving = [Holder(data_dir) for _ in range(chance.randint(1, 3))]
        for holder in holders:  # leave while the others arrive
            assert holder.process.stdin is not None
            holder.process.stdin.write("leave\n")
            holder.process.stdin.flush()
        pids |= {holder.wait_until_open() for holder in arriving}
        for holder in holders:
            holder.leave()
        with open_cluster(data_dir) as cluster:
            assert value(cluster, "SELECT 1") == 1
        if chance.random() < 0.3:
            arriving.pop().kill()
        holders = arriving
        assert not holders or lives(postmaster_pid(cluster))
    for holder in holders:
        holder.leave()
    with open_cluster(data_dir):
        pass
    assert all(ends(pid) for pid in pids)
