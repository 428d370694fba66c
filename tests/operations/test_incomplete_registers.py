"""What a register beside the backups lacks is said by each backup, also once the file is there."""

from pathlib import Path
from uuid import UUID, uuid4

import pytest

from app.operations.erasure_register import append_account, copy_register, register_path
from app.operations.safeguards import incomplete_registers
from app.settings import Settings
from app.vault.lines import append


@pytest.fixture
def alone(tmp_path: Path) -> Settings:
    """Settings of a process that is not told where the backups are."""
    return Settings(data_dir=tmp_path / "data")


@pytest.fixture
def beside(tmp_path: Path) -> Settings:
    """Those of the command that backs up, with two registers that are there."""
    settings = Settings(data_dir=tmp_path / "data", backup_dir=tmp_path / "backups")
    for name in ("erasures", "withdrawals"):
        append(tmp_path / "backups" / name, ({"begun": "00"},))
    return settings


def names(settings: Settings) -> list[str]:
    return [each.split()[3] for each in incomplete_registers(settings)]


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
    (beside.data_dir / "erasures").mkdir(parents=True)
    (said,) = incomplete_registers(beside)
    assert "ne peut pas être lu" in said
