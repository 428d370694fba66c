"""The register says until when it had all, and a restoration says it too."""

from datetime import UTC, datetime, timedelta

import pytest

from app.commands.support.opening import withdraw_again
from app.platform.database.sessions import write
from app.records import acts
from app.runtime.staff import Runtime
from app.vault.lines import signed_at
from app.vault.withdrawals import note_after_writes, sign, withdrawals_path
from tests.makers import decide
from tests.operations.restoring import ELSEWHERE, as_owner
from tests.short_lists import ids

NIGHT = datetime(2026, 11, 30, 1, 17, tzinfo=UTC)


def signed(runtime: Runtime, at: datetime) -> datetime | None:
    path = withdrawals_path(runtime.settings)
    with write(runtime.staff) as session:
        sign(session, path, at)
    return signed_at(path)


def protect(runtime: Runtime) -> None:
    decide(runtime, acts.protect, ids(runtime)["ASE d'exemple"], who="os:essai", why="essai")


def test_it_is_signed_each_night_and_not_at_each_command(noting: Runtime) -> None:
    assert signed_at(withdrawals_path(noting.settings)) is None
    assert signed(noting, NIGHT) == NIGHT
    assert signed(noting, NIGHT + timedelta(hours=1)) == NIGHT
    next_night = NIGHT + timedelta(days=1)
    assert signed(noting, next_night) == next_night


def test_a_clock_that_was_ahead_is_not_believed_for_longer_than_until_the_next_time(
    noting: Runtime,
) -> None:
    ahead, next_night = NIGHT + timedelta(days=30), NIGHT + timedelta(days=1)
    assert signed(noting, ahead) == ahead
    assert signed(noting, next_night) == next_night


@pytest.mark.slow
def test_one_that_lacks_something_is_not_signed(noting: Runtime) -> None:
    protect(noting)
    path = withdrawals_path(noting.settings)
    path.write_bytes(path.read_bytes().split(b"\n\n")[0])
    assert signed(noting, NIGHT) is None
    # It was added again meanwhile.
    assert signed(noting, NIGHT) == NIGHT


def test_one_that_cannot_be_written_is_not_signed(noting: Runtime) -> None:
    path = withdrawals_path(noting.settings)
    note_after_writes(noting.staff, noting.vault, path / "nowhere")
    protect(noting)
    assert signed(noting, NIGHT) is None


@pytest.mark.slow
def test_a_restoration_says_until_when_it_had_all(
    noting: Runtime, capsys: pytest.CaptureFixture[str]
) -> None:
    as_owner(noting, ELSEWHERE)
    assert signed(noting, NIGHT) is None
    assert not withdraw_again(noting).why_not
    assert "Rien ne dit jusqu'à quand" in capsys.readouterr().err
    assert signed(noting, NIGHT) == NIGHT
    as_owner(noting, ELSEWHERE)
    assert signed(noting, NIGHT + timedelta(days=1)) == NIGHT
    assert not withdraw_again(noting).why_not
    assert "entier le 30/11/2026 à 02 h 17. " in capsys.readouterr().err
    withdraw_again(noting)
    assert capsys.readouterr().err == ""
