"""A repository without room: it is said, stops nobody, and takes all of it once there is room."""

import os
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path

import pytest
from sqlalchemy import text

from app.operations.backing_up import back_up, check, restore
from app.operations.safeguards import missing_safeguards
from app.platform.backup import repository
from app.platform.backup.errors import BackupFailed
from app.platform.backup.repository import PROGRAM
from app.platform.database.engines import make_engine
from app.runtime.staff import Runtime, open_runtime
from app.settings import Settings
from tests.meanwhile import until
from tests.operations.own_cluster import lose_the_disk, measured, own_cluster, protect, public
from tests.small_disk import small_disk

pytestmark = [
    pytest.mark.slow,
    pytest.mark.skipif(not Path(PROGRAM).exists(), reason="pgBackRest is not installed"),
]


@pytest.fixture
def settings(module_runtime: Runtime) -> Iterator[Settings]:
    with own_cluster(module_runtime) as made:
        yield made


@pytest.mark.long
def test_a_repository_without_room_stops_nothing_and_takes_all_of_it_afterwards(
    settings: Settings,
) -> None:
    with small_disk(60) as disk:
        place = settings.model_copy(update={"backup_dir": disk})
        disk.chmod(0o755)
        before = back_up(place)
        with (disk / "filling").open("wb") as filling, suppress(OSError):
            while True:
                filling.write(os.urandom(1 << 20))
                filling.flush()
        protect(place, "ASE d'exemple")
        with pytest.raises(BackupFailed):
            check(place)
        with open_runtime(place) as runtime:
            assert "CRIP d'exemple" in public(runtime)
            said = [each.what for each in missing_safeguards(runtime.staff, runtime.vault, place)]
            assert any(each.startswith("archivage du journal") for each in said), said
        (disk / "filling").unlink()
        assert [each.label for each in check(place)] == [before.label]
        lose_the_disk(place)
        restore(place)
        with open_runtime(place) as runtime:
            assert "CRIP d'exemple" in public(runtime)
            assert "ASE d'exemple" not in public(runtime)


def test_a_full_repository_is_said_and_stops_no_writer(
    settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    # pgBackRest waits for the journal to arrive; here it has nowhere to.
    impatient = repository.SETTINGS.replace("[global]", "[global]\narchive-timeout=5")
    monkeypatch.setattr(repository, "SETTINGS", impatient)
    with small_disk(2) as disk:
        place = settings.model_copy(update={"backup_dir": disk})
        disk.chmod(0o755)
        with pytest.raises(BackupFailed, match="disque"):
            back_up(place)
        protect(settings, "ASE d'exemple")
        with open_runtime(settings) as runtime:
            assert "ASE d'exemple" not in public(runtime)
            owner = make_engine(runtime.owner_url)
            with owner.connect() as connection:
                connection.execute(text("SELECT pg_logical_emit_message(false, 'essai', 'x')"))
                connection.execute(text("SELECT pg_switch_wal()"))
            owner.dispose()
            until(lambda: measured(runtime)["mesure23_archive_failing"] == 1)
            said = [each.what for each in missing_safeguards(runtime.staff, runtime.vault, place)]
            assert any(each.startswith("archivage du journal") for each in said), said
