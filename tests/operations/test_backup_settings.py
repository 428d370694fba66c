"""Settings of backups, which each command of them writes anew."""

import os
import shutil
import tempfile
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from app.platform.backup.errors import RepositoryGone
from app.platform.backup.repository import PROGRAM, Repository
from app.platform.cluster.server import Cluster

pytestmark = pytest.mark.skipif(not Path(PROGRAM).exists(), reason="pgBackRest is not installed")


@pytest.fixture
def home() -> Iterator[Path]:
    """A place that the account of a cluster reaches, unlike pytest's own when root."""
    made = Path(tempfile.mkdtemp(prefix="mesure23-settings-"))
    made.chmod(0o711)
    (made / "backups").mkdir()
    yield made
    if (made / "data" / "postgres").is_symlink():
        shutil.rmtree((made / "data" / "postgres").resolve())
    shutil.rmtree(made)


@pytest.mark.slow
def test_commands_that_write_them_at_once_do_not_disturb_one_another(home: Path) -> None:
    repository = Repository(Cluster(home / "data"), home / "backups", "secret", home / "secret")
    repository.configure()
    with ThreadPoolExecutor(4) as others:
        for done in [others.submit(repository.configure) for _ in range(200)]:
            done.result()
    found = [each.name for each in repository.cluster.home.glob("pgbackrest*")]
    assert found == ["pgbackrest.conf"]


def test_what_a_killed_command_left_with_the_passphrase_is_removed_by_the_next(home: Path) -> None:
    repository = Repository(Cluster(home / "data"), home / "backups", "secret", home / "secret")
    repository.configure()
    folder, old = repository.cluster.home, time.time() - 7200
    at_work = f"pgbackrest.{'b' * 32}"
    for name in (f"pgbackrest.{'a' * 32}", f"conf.{'c' * 32}.a_b1c2d3", at_work, "pgbackrest.conf"):
        (folder / name).write_text("repo1-cipher-pass=secret\n")
        if name != at_work:
            os.utime(folder / name, (old, old))
    with repository.alone():
        found = {path.name for path in folder.iterdir() if path.is_file() and path.stat().st_size}
    assert found == {"pgbackrest.conf", at_work}


def test_what_is_not_of_a_command_stays_and_stops_no_backup(home: Path) -> None:
    repository = Repository(Cluster(home / "data"), home / "backups", "secret", home / "secret")
    repository.configure()
    folder, old = repository.cluster.home, time.time() - 7200
    theirs = {"pgbackrest.conf.old", "pgbackrest.bak", "conf.original"}
    for name in theirs:
        (folder / name).touch()
    folders = {"conf.d", f"pgbackrest.{'a' * 32}"}
    for name in folders:
        (folder / name).mkdir()
    for name in theirs | folders:
        os.utime(folder / name, (old, old))
    with repository.alone():
        assert theirs | folders <= {path.name for path in folder.iterdir()}


def test_a_repository_whose_disk_is_not_mounted_is_not_begun_anew_in_its_place(home: Path) -> None:
    repository = Repository(Cluster(home / "data"), home / "backups", "secret", home / "secret")
    repository.configure()
    (home / "backups" / "pgbackrest").rmdir()
    with pytest.raises(RepositoryGone, match="monté"):
        repository.configure()
    assert list((home / "backups").iterdir()) == []
    # Another place is not the one that is missing.
    other = Repository(Cluster(home / "data"), home, "secret", home / "secret")
    other.configure()
    assert (home / "pgbackrest").is_dir()
