"""Of a clock that was wrong once, backups outlive it, and what it dated is said."""

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from app.operations.backing_up import next_type
from app.operations.backups import DAYS, last_backup
from app.operations.metrics import OfBackups
from app.operations.rehearsing import note_rehearsal
from app.operations.safeguards import late_backups
from app.platform.backup.dumps import FEWEST, Dumps, made_at
from app.platform.backup.stored import MANIFEST, Stored
from tests.serving import offline_settings

NOW = datetime(2026, 11, 30, 4, 15, tzinfo=UTC)
MONTH = timedelta(days=DAYS)


@pytest.fixture
def dumps(tmp_path: Path) -> Dumps:
    """One dump for each of the forty nights until now."""
    made = Dumps(tmp_path, "secret", tmp_path / "passphrase")
    made.folder.mkdir()
    add(made, *range(-39, 1))
    return made


def add(dumps: Dumps, *days: int) -> None:
    for day in days:
        (dumps.folder / name(NOW + timedelta(days=day))).touch()


def name(at: datetime) -> str:
    return f"{at:%Y%m%dT%H%M%SZ}.dump"


def nights(dumps: Dumps) -> list[int]:
    return sorted((made_at(each) - NOW).days for each in dumps.folder.iterdir())


def test_dumps_of_more_than_a_month_go_and_those_of_the_month_stay(dumps: Dumps) -> None:
    dumps.expire(MONTH, NOW)
    # One more night than a month, since the last but one is what age is told by.
    assert nights(dumps) == [*range(-31, 1)]


def test_one_night_with_a_clock_a_month_ahead_destroys_nothing_of_the_month(dumps: Dumps) -> None:
    dumps.expire(MONTH, NOW)
    add(dumps, 31)
    dumps.expire(MONTH, NOW + timedelta(days=31))
    assert nights(dumps) == [*range(-30, 1), 31]
    # Set right again, what is dated ahead makes nothing old.
    add(dumps, 1)
    dumps.expire(MONTH, NOW + timedelta(days=1))
    assert nights(dumps) == [*range(-29, 2), 31]


def test_of_a_clock_that_stays_ahead_the_dumps_of_a_week_are_left(dumps: Dumps) -> None:
    for day in range(400, 404):
        add(dumps, day)
        dumps.expire(MONTH, NOW + timedelta(days=day))
    assert nights(dumps) == [-2, -1, 0, 400, 401, 402, 403]
    assert len(nights(dumps)) == FEWEST


def test_a_backup_that_is_dated_ahead_hides_neither_its_lateness_nor_itself(tmp_path: Path) -> None:
    now = datetime.now(UTC).replace(microsecond=0)
    settings = offline_settings(tmp_path).model_copy(update={"backup_dir": tmp_path})
    (tmp_path / "dumps").mkdir()
    note_rehearsal(tmp_path, "one")
    late, ahead = now - timedelta(days=2), now + timedelta(days=31)
    for at in (late, ahead):
        (tmp_path / "dumps" / name(at)).touch()
    assert last_backup(tmp_path, now) == late
    assert [each.what.partition(" :")[0] for each in late_backups(settings)] == [
        "sauvegardes datées de plus tard",
        "aucune sauvegarde depuis 26 heures",
    ]
    shown = {each.name: each.samples[0].value for each in OfBackups(tmp_path).collect()}
    assert shown["mesure23_backup_timestamp_seconds"] == late.timestamp()
    assert shown["mesure23_backups_dated_ahead"] == 1


@pytest.mark.parametrize(
    ("full", "expected"),
    [((), "full"), ((-7,), "full"), ((-8, -1), "diff"), ((-1, 31), "full")],
)
def test_a_week_after_the_last_full_backup_comes_another_whatever_a_clock_said(
    full: Sequence[int], expected: str
) -> None:
    stored = [
        Stored("one", True, NOW + timedelta(days=each), {MANIFEST: "packed"}) for each in full
    ]
    assert next_type(stored, NOW) == expected
