"""What a full repository made pgBackRest give up of the journal is said until another backup."""

import os
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import replace
from pathlib import Path

import pytest
from pydantic import SecretStr
from sqlalchemy import text

from app.operations.backing_up import back_up, check
from app.operations.finding import Finding
from app.operations.safeguards import missing_safeguards
from app.platform.backup import repository
from app.platform.backup.gaps import segments_given_up
from app.platform.backup.repository import PROGRAM
from app.platform.database.engines import make_engine
from app.runtime.staff import Runtime, open_runtime
from app.settings import Settings
from app.vault.sealing import new_key
from tests.serving import offline_settings
from tests.small_disk import small_disk

SEGMENT = 16 * 1024**2


@pytest.fixture
def settings() -> Iterator[Settings]:
    """A cluster of its own that backs up to a small disk, in places that its account reaches."""
    folder = Path(tempfile.mkdtemp(prefix="mesure23-given-up-"))
    folder.chmod(0o711)
    with small_disk(60) as disk:
        disk.chmod(0o755)
        given = {
            "backup_dir": disk,
            "backup_passphrase_file": folder / "passphrase",
            "keys": SecretStr(new_key()),
        }
        made = offline_settings(folder / "data").model_copy(update=given)
        with open_runtime(made):
            pass
        yield made
        if (folder / "data" / "postgres").is_symlink():
            shutil.rmtree((folder / "data" / "postgres").resolve())
        shutil.rmtree(folder)


def write_journal(runtime: Runtime) -> None:
    """Fill segments of the journal, more than may wait."""
    owner = make_engine(runtime.owner_url)
    with owner.connect() as connection:
        for _ in range(4):
            connection.execute(text("SELECT pg_logical_emit_message(false, 'essai', 'x')"))
            connection.execute(text("SELECT pg_switch_wal()"))
    owner.dispose()


def given_up(runtime: Runtime) -> list[Finding]:
    found = missing_safeguards(runtime.staff, runtime.vault, runtime.settings)
    return [each for each in found if "abandonné" in each.what]


@pytest.mark.parametrize(
    ("names", "count"),
    [
        ("", 0),
        ("1:0FE 1:0FF 1:100", 0),
        ("1:0FE 1:101", 2),
        # The next backup makes up for what is before it.
        ("1:002 1:005 1:006 1:005.00000028.backup", 0),
        ("1:002 1:002.00000028.backup 1:003 1:005", 1),
        # A restored database never had what the former one lost, and may be behind it.
        ("1:002 1:009 2:004 2:005", 0),
        ("1:002 2:004 2:006", 1),
        # One that is being written, or of a server that had not filled it.
        ("1:002 1:004-SHA.zst.pgbackrest.tmp 1:005.partial-SHA.zst", 0),
    ],
)
def test_what_is_missing_between_segments_that_came_was_given_up(
    tmp_path: Path, names: str, count: int
) -> None:
    for each in names.split():
        timeline, number, more = each[0], int(each[2:5], 16), each[5:] or "-SHA.zst"
        log, segment = divmod(number, 256)
        name = f"{timeline:0>8}{log:08X}{segment:08X}{more.replace('SHA', 'a' * 40)}"
        folder = tmp_path / "pgbackrest" / "archive" / "mesure23" / "17-1" / name[:16]
        folder.mkdir(parents=True, exist_ok=True)
        (folder / name).touch()
    assert segments_given_up(tmp_path) == count


def test_it_is_said_of_a_server_outside_too_with_what_its_administrator_does(
    runtime: Runtime, tmp_path: Path
) -> None:
    came = tmp_path / "pgbackrest" / "archive" / "mesure23" / "17-1" / f"{1:08X}{0:08X}"
    came.mkdir(parents=True)
    for number in (1, 3):
        (came / f"{came.name}{number:08X}-{'a' * 40}.zst").touch()
    given = {"database_url": SecretStr("postgresql://u@h/b"), "backup_dir": tmp_path}
    outside = replace(runtime, settings=runtime.settings.model_copy(update=given))
    [said] = given_up(outside)
    assert said.what.endswith(" : 1 segments")
    assert "pgbackrest --stanza=mesure23" in said.todo


@pytest.mark.slow
@pytest.mark.skipif(not Path(PROGRAM).exists(), reason="pgBackRest is not installed")
def test_a_journal_that_was_given_up_is_said_until_there_is_another_backup(
    settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(repository, "MOST_WAITING", 2 * SEGMENT)
    back_up(settings)
    assert settings.backup_dir
    with open_runtime(settings) as runtime:
        assert given_up(runtime) == []
        filling = settings.backup_dir / "filling"
        with filling.open("wb") as file, suppress(OSError):
            while True:
                file.write(os.urandom(1 << 20))
                file.flush()
        write_journal(runtime)
        filling.unlink()
        check(settings)
        (said,) = given_up(runtime)
        assert said.what.endswith(" segments")
    back_up(settings)
    with open_runtime(settings) as runtime:
        assert given_up(runtime) == []
