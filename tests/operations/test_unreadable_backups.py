"""Backups of another account, as those that postgres makes: said to be unreadable, and no more."""

import multiprocessing
import os
import tempfile
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest

from app.commands.support.holding import say_backups
from app.operations.backups import backups_read, last_backup
from app.operations.metrics import OfBackups
from app.operations.safeguards import late_backups
from app.platform.backup.errors import PlaceUnreadable
from app.platform.backup.repository import FOLDER
from app.platform.cluster.accounts import account_for_new_cluster
from app.platform.cluster.config import STANZA
from app.settings import Settings
from tests.serving import offline_settings

pytestmark = pytest.mark.skipif(os.geteuid() != 0, reason="root alone becomes another account")


@pytest.fixture(params=["", FOLDER, f"{FOLDER}/backup/{STANZA}/20260610-010000F"])
def settings(request: pytest.FixtureRequest) -> Iterator[Settings]:
    """A folder of backups, some part of which root alone may enter."""
    with tempfile.TemporaryDirectory(prefix="mesure23-backups-") as made:
        place = Path(made) / "backups"
        manifest = place / FOLDER / "backup" / STANZA / "20260610-010000F" / "backup.manifest"
        manifest.parent.mkdir(parents=True)
        manifest.touch()
        Path(made).chmod(0o711)
        (place / request.param).chmod(0o700)
        yield offline_settings(Path(made)).model_copy(update={"backup_dir": place})


def looked(settings: Settings, seen: "multiprocessing.Queue[object]") -> None:
    """Look at the backups as the account of a service does."""
    account, place = account_for_new_cluster(), settings.backup_dir
    assert place
    os.setgroups([])
    os.setgid(account.gid)
    os.setuid(account.uid)
    try:
        last_backup(place, datetime.now(UTC))
    except PlaceUnreadable as error:
        seen.put(str(place) in str(error))
    seen.put(
        [
            [each.name for each in OfBackups(place).collect()],
            [each.what for each in late_backups(settings)],
            backups_read(place),
            say_backups(place),
        ]
    )


def test_backups_that_cannot_be_read_are_said_and_break_nothing(settings: Settings) -> None:
    here = multiprocessing.get_context("fork")
    seen: multiprocessing.Queue[object] = here.Queue()
    process = here.Process(target=looked, args=(settings, seen))
    process.start()
    process.join(30)
    assert process.exitcode == 0
    assert seen.get(timeout=5) is True
    assert seen.get(timeout=5) == [[], ["sauvegardes illisibles"], None, True]
