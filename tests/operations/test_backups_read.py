"""A folder of backups that cannot be read is never taken for an empty one."""

import os
import shutil
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from pydantic import SecretStr

from app.commands.support.holding import say_backups
from app.operations.backups import backups_read
from app.operations.keys_of_backups import BackupsNotRead, backups_needing
from app.operations.safeguards import late_backups
from app.settings import Settings

NOBODY = 65534


@pytest.fixture
def folder() -> Iterator[Path]:
    """A folder with a dump in it, in a place that any account reaches."""
    home = Path(tempfile.mkdtemp(prefix="mesure23-backups-"))
    home.chmod(0o711)
    made = home / "backups"
    made.mkdir()
    (made / "novembre.dump").touch()
    yield made
    if made.exists():
        made.chmod(0o700)
    shutil.rmtree(home)


@contextmanager
def another_account() -> Iterator[None]:
    """Read as an account that is not root, which reads whatever it wants."""
    if os.geteuid() != 0:
        yield
        return
    os.seteuid(NOBODY)
    try:
        yield
    finally:
        os.seteuid(0)


def not_there(folder: Path) -> None:
    (folder / "novembre.dump").unlink()
    folder.rmdir()


def of_another(folder: Path) -> None:
    folder.chmod(0o000)


def inside_of_another(folder: Path) -> None:
    (folder / "dumps").mkdir(mode=0o000)
    folder.chmod(0o755)


UNREAD = [not_there, of_another, inside_of_another]


@pytest.mark.parametrize("make", UNREAD)
def test_it_is_said(
    folder: Path, make: Callable[[Path], None], capsys: pytest.CaptureFixture[str]
) -> None:
    assert [each.name for each in backups_read(folder) or ()] == ["novembre.dump"]
    make(folder)
    with another_account():
        assert backups_read(folder) is None
        assert say_backups(folder)
    assert f"n'ont pas pu être lues dans {folder}" in capsys.readouterr().err


@pytest.mark.parametrize("make", UNREAD)
def test_no_key_goes_that_backups_in_it_may_need(
    folder: Path, make: Callable[[Path], None]
) -> None:
    make(folder)
    with another_account(), pytest.raises(BackupsNotRead):
        backups_needing(Settings(backup_dir=folder), "clef")


def test_without_a_folder_nothing_is_said(capsys: pytest.CaptureFixture[str]) -> None:
    assert not say_backups(None)
    assert capsys.readouterr() == ("", "")


def test_what_the_pgbackrest_of_a_server_outside_made_is_said_as_it_is(folder: Path) -> None:
    label = "20201201-010000F"
    made = folder / "pgbackrest" / "backup" / "mesure23" / label
    made.mkdir(parents=True)
    (made / "backup.manifest").touch()
    os.utime(made / "backup.manifest", (0, 0))
    given = {"database_url": SecretStr("postgresql://u@h/b"), "backup_dir": folder}
    outside = Settings().model_copy(update=given)
    # Which keys it needs nobody knows, and its passphrase is not asked for.
    assert backups_needing(outside, "clef") == [label, "novembre.dump"]
    assert backups_needing(outside, "clef", vouched=True) == []
    late, untried = late_backups(outside)
    assert "pgbackrest --stanza=mesure23" in late.todo
    assert "« mesure23 backup run »" in untried.todo
