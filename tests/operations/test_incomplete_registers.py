"""What a register beside the backups lacks is said by each backup, also once the file is there."""

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from uuid import UUID, uuid4

import pytest
from sqlalchemy import select

from app.commands.support.opening import hide_again
from app.models import Withdrawal
from app.operations.erasure_register import append_account, copy_register, register_path
from app.operations.safeguards import incomplete_registers
from app.platform.database.engines import make_engine
from app.platform.database.sessions import read, write
from app.records import acts
from app.runtime.staff import Runtime
from app.settings import Settings
from app.vault.lines import append
from app.vault.withdrawals import note, note_after_writes, withdrawals_path
from tests.begun_registers import begin
from tests.makers import decide
from tests.operations.restoring import ELSEWHERE, as_owner
from tests.operations.test_lost_registers import deleted, erased
from tests.short_lists import ids


@pytest.fixture
def alone(tmp_path: Path) -> Settings:
    """Settings of a process that is not told where the backups are."""
    return Settings(data_dir=tmp_path / "data")


@pytest.fixture
def beside(tmp_path: Path) -> Settings:
    """Those of the command that backs up, with two registers that are there."""
    settings = Settings(data_dir=tmp_path / "data", backup_dir=tmp_path / "backups")
    for folder in ("data", "backups"):
        (tmp_path / folder).mkdir()
    for name in ("erasures", "withdrawals"):
        append(tmp_path / "backups" / name, ({"begun": "00"},))
    return settings


def names(settings: Settings) -> list[str]:
    return [each.split()[3] for each in incomplete_registers(settings)]


def of_owner(runtime: Runtime, settings: Settings) -> list[str]:
    """What is said by the command that backs up, which has no keys."""
    owner = make_engine(runtime.owner_url)
    try:
        with write(owner) as session:
            return [*incomplete_registers(settings, session)]
    finally:
        owner.dispose()


def test_one_that_is_not_there_is_said(tmp_path: Path) -> None:
    settings = Settings(data_dir=tmp_path / "data", backup_dir=tmp_path / "backups")
    assert names(settings) == ["retraits", "effacements"]


def test_nothing_is_said_of_two_that_have_it_all(beside: Settings) -> None:
    assert names(beside) == []


def test_an_erasure_in_the_data_directory_is_said_until_it_is_copied(
    alone: Settings, beside: Settings
) -> None:
    append_account(register_path(alone), uuid4())
    assert names(beside) == ["effacements"]
    copy_register(beside)
    assert names(beside) == []


def test_a_withdrawal_in_the_data_directory_is_said(alone: Settings, beside: Settings) -> None:
    line = {"id": str(UUID(int=1)), "sealed": "AA=="}
    append(alone.data_dir / "withdrawals", (line,))
    assert names(beside) == ["retraits"]
    assert beside.backup_dir
    append(beside.backup_dir / "withdrawals", (line,))
    assert names(beside) == []


def test_one_that_cannot_be_read_is_said_and_the_backup_is_made(beside: Settings) -> None:
    (beside.data_dir / "erasures").mkdir()
    (said,) = incomplete_registers(beside)
    assert "ne peut pas être lu" in said


def test_what_another_machine_wrote_into_a_file_of_its_own_is_said_and_added(
    noting: Runtime, tmp_path: Path
) -> None:
    beside = noting.settings.model_copy(update={"backup_dir": tmp_path / "backups"})
    for name in ("erasures", "withdrawals"):
        begin(noting, tmp_path / "backups" / name)
    assert of_owner(noting, beside) == []
    # The other machine has the same database, and another disk.
    (tmp_path / "other").mkdir()
    note_after_writes(noting.staff, noting.vault, tmp_path / "other" / "withdrawals")
    given = ids(noting)["ASE d'exemple"]
    decide(noting, acts.protect, given, who="os:essai", why="essai")
    (said,) = of_owner(noting, beside)
    assert "retraits" in said
    note(noting.staff, noting.vault, withdrawals_path(beside))
    assert of_owner(noting, beside) == []


@pytest.mark.parametrize("end", [deleted, erased])
def test_what_another_machine_erased_is_said_and_added(
    noting: Runtime, tmp_path: Path, end: Callable[[Runtime], UUID]
) -> None:
    beside = noting.settings.model_copy(update={"backup_dir": tmp_path / "backups"})
    for name in ("erasures", "withdrawals"):
        begin(noting, tmp_path / "backups" / name)
    (tmp_path / "other").mkdir()
    elsewhere = noting.settings.model_copy(update={"data_dir": tmp_path / "other"})
    note_after_writes(noting.staff, noting.vault, withdrawals_path(beside))
    end(replace(noting, settings=elsewhere))
    (said,) = of_owner(noting, beside)
    assert "effacements" in said
    hide_again(replace(noting, settings=beside))
    assert of_owner(noting, beside) == []


def test_of_a_restored_database_nothing_is_called_missing(noting: Runtime, tmp_path: Path) -> None:
    beside = noting.settings.model_copy(update={"backup_dir": tmp_path / "backups"})
    for name in ("erasures", "withdrawals"):
        begin(noting, tmp_path / "backups" / name)
    decide(noting, acts.protect, ids(noting)["ASE d'exemple"], who="os:essai", why="essai")
    as_owner(noting, ELSEWHERE)
    withdrawals_path(noting.settings).unlink()
    assert of_owner(noting, beside) == []
    with read(noting.staff) as session:
        assert all(session.scalars(select(Withdrawal.noted)))
