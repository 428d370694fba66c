"""What nobody foresaw: where it happened is logged, and nothing of what it happened to."""

import errno
from pathlib import Path

import pytest

from app import cli
from app.commands import import_
from tests.commands.conftest import Command, Installation
from tests.short_lists import CRIP, csv


def test_an_unforeseen_failure_tells_where_and_quotes_nothing(
    command: Command, installation: Installation, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    address = "12 rue Cachée"
    path = tmp_path / "liste.csv"
    path.write_bytes(csv(CRIP))

    def broken(*_: object) -> None:
        raise ValueError(address)

    monkeypatch.setattr(import_, "read_file", broken)
    done = command("import", path)
    assert done.code == 1
    assert "Cachée" not in done.err
    assert "ValueError" in done.err
    assert "in broken" in done.err
    assert cli.UNEXPECTED in done.err


def test_ctrl_c_is_one_sentence(
    command: Command, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def interrupted(*_: object) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr(import_, "read_file", interrupted)
    done = command("import", tmp_path / "liste.csv")
    assert (done.code, done.out) == (130, "")
    assert done.err.strip() == cli.INTERRUPTED


def test_a_full_disk_is_one_sentence(
    command: Command, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "liste.csv"
    path.write_bytes(csv(CRIP))

    def full(*_: object) -> None:
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr(import_, "read_file", full)
    done = command("import", path)
    assert (done.code, done.out) == (1, "")
    assert done.err.strip() == cli.DISK_FULL
