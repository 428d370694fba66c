"""A folder of backups whose disk is not mounted is not made anew on the disk of the system."""

from dataclasses import replace
from pathlib import Path
from uuid import uuid4

import pytest
from sqlalchemy import func, select

from app.models import Withdrawal
from app.operations.erasure_register import RegisterNotWritten, append_account, register_path
from app.operations.passphrase import passphrase_path, place_of
from app.operations.safeguards import missing_safeguards
from app.operations.withdrawn_again import Replay
from app.platform.backup.errors import PlaceGone
from app.platform.database.sessions import read
from app.runtime.staff import Runtime
from app.settings import Settings
from app.vault.withdrawals import note_after_writes, sealed_entries, withdrawals_path
from tests.begun_registers import begin_registers
from tests.operations.restoring import replayed
from tests.operations.test_withdrawals import protect
from tests.short_lists import ASE, CRIP, csv, run


@pytest.fixture
def mounted(runtime: Runtime) -> Runtime:
    """A runtime whose registers lie beside the backups, with two public actors."""
    begin_registers(runtime)
    note_after_writes(runtime.staff, runtime.vault, withdrawals_path(runtime.settings))
    run(runtime, csv(CRIP, ASE))
    return runtime


@pytest.fixture
def runtime(runtime: Runtime, tmp_path: Path) -> Runtime:
    """A runtime of which nobody made the folder of backups."""
    given = {"backup_dir": tmp_path / "disk" / "backups"}
    return replace(runtime, settings=runtime.settings.model_copy(update=given))


def noted(runtime: Runtime) -> dict[bool, int]:
    with read(runtime.staff) as session:
        counted = select(Withdrawal.noted, func.count()).group_by(Withdrawal.noted)
        return {row[0]: row[1] for row in session.execute(counted)}


def test_a_protection_is_done_and_waits_for_the_disk(mounted: Runtime) -> None:
    folder = mounted.settings.backup_dir
    assert folder
    protect(mounted, "ASE d'exemple")
    folder.rename(folder.with_name("elsewhere"))
    protect(mounted, "CRIP d'exemple")
    assert replayed(mounted) == Replay()
    assert noted(mounted) == {True: 2, False: 2}
    assert not folder.exists()
    said = [
        each.what for each in missing_safeguards(mounted.staff, mounted.vault, mounted.settings)
    ]
    assert "retraits hors du registre : 2" in said
    folder.with_name("elsewhere").rename(folder)
    run(mounted, csv(CRIP, ASE))
    assert noted(mounted) == {True: 4}
    assert len(list(sealed_entries(withdrawals_path(mounted.settings)))) == 4


def test_nothing_is_erased_without_its_line(runtime: Runtime) -> None:
    with pytest.raises(RegisterNotWritten, match="monté"):
        append_account(register_path(runtime.settings), uuid4())
    assert runtime.settings.backup_dir
    assert not runtime.settings.backup_dir.exists()


def test_the_folder_is_made_with_the_passphrase_of_the_first_backup_alone(tmp_path: Path) -> None:
    settings = Settings(
        backup_dir=tmp_path / "disk" / "backups",
        backup_passphrase_file=tmp_path / "passphrase",
    )
    with pytest.raises(PlaceGone, match="monté"):
        place_of(settings)
    place = place_of(settings, make=True)
    assert place.is_dir()
    place.rmdir()
    passphrase_path(settings).write_text("secret\n")
    with pytest.raises(PlaceGone):
        place_of(settings, make=True)
    assert not place.exists()
