"""After a backup by a clock that was ahead the next one says what to do, and that helps."""

import shutil
import subprocess
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest
from pydantic import SecretStr

from app.operations.backing_up import back_up, rehearse, stored
from app.operations.backups import backups
from app.platform.backup.errors import DatedAhead
from app.platform.backup.repository import FOLDER
from app.platform.cluster import config
from app.platform.cluster.server import Cluster
from app.runtime.staff import open_runtime
from app.settings import Settings
from app.vault.sealing import load_vault, new_key
from tests.serving import offline_settings

pytestmark = pytest.mark.slow
AHEAD = "20991231-235959F"


@pytest.fixture
def settings() -> Iterator[Settings]:
    """A cluster of its own, in places that its account reaches."""
    folder = Path(tempfile.mkdtemp(prefix="mesure23-ahead-"))
    folder.chmod(0o711)
    given = {
        "backup_dir": folder / "backups",
        "backup_passphrase_file": folder / "passphrase",
        "keys": SecretStr(new_key()),
    }
    yield offline_settings(folder / "data").model_copy(update=given)
    if (folder / "data" / "postgres").is_symlink():
        shutil.rmtree((folder / "data" / "postgres").resolve())
    shutil.rmtree(folder)


def test_a_clock_that_was_ahead_once_stops_no_backup_for_long(settings: Settings) -> None:
    place, vault = settings.backup_dir, load_vault(settings)
    assert place
    assert vault
    with open_runtime(settings):
        pass
    # Begun anew, it archives.
    first = back_up(settings)
    of_stanza = place / FOLDER / "backup" / config.STANZA
    subprocess.run(["cp", "--archive", of_stanza / first.label, of_stanza / AHEAD], check=True)
    data = Cluster(settings.data_dir).data
    with pytest.raises(DatedAhead) as refused:
        back_up(settings)
    for said in (AHEAD, str(place / FOLDER), str(config.archiving(data)), "timedatectl"):
        assert said in str(refused.value)

    # As it says.
    (place / FOLDER).rename(place / "ancien")
    config.archiving(data).unlink()
    done = back_up(settings)
    assert done.is_full
    assert [each.label for each in stored(settings)] == [done.label]
    assert not rehearse(settings, vault).differences
    # It is named until it is destroyed.
    assert "ancien" in [each.name for each in backups(place)]
