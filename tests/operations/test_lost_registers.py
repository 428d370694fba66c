"""A register that was lost is written anew from a complete database, and believed of no other."""

from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from uuid import UUID

import pytest
from sqlalchemy import Connection

from app.accounts import people
from app.audit.journal import Author
from app.commands.support.opening import hide_again
from app.models import Role
from app.operations.deleted_accounts import delete_for_good
from app.operations.deleted_resources import erase_for_good
from app.operations.erasure_register import (
    copy_register,
    deleted_accounts,
    erased_resources,
    register_path,
)
from app.operations.lost_erasures import note_again
from app.operations.safeguards import missing_safeguards
from app.operations.withdrawn_again import Replay, accept
from app.platform.cluster.server import Cluster
from app.platform.database.origin import RestoredNotReplayed, refuse_restored
from app.platform.database.sessions import read, write
from app.runtime.staff import Runtime
from app.vault.digests import mark_of_database
from app.vault.lines import is_begun
from app.vault.withdrawals import withdrawals_path
from tests.begun_registers import begin_registers
from tests.databases import Copy, cloned
from tests.makers_resources import CURATEUR, READER, made, now
from tests.operations.restoring import forget, replayed
from tests.operations.test_withdrawals import protect
from tests.short_lists import APART, ASE, CRIP, csv, run


def deleted(runtime: Runtime) -> UUID:
    """Delete an enabled account for good, which no trigger notes; return its id."""
    given = {"mail": "camille@example.org", "name": "Camille Exemple", "by": "os:essai"}
    with write(runtime.staff) as session:
        account = people.create(session, runtime.vault, role=Role.CURATEUR, **given)
        of = (runtime.vault, runtime.settings, people.get(session, account.id), Author("os:essai"))
        delete_for_good(session, *of, datetime.now(UTC))
    return account.id


def erased(runtime: Runtime) -> UUID:
    resource = made(runtime, title="Sentinelle")
    with write(runtime.staff) as session:
        given = (runtime.vault, runtime.settings, CURATEUR, READER, resource)
        erase_for_good(session, *given, now())
    return resource


def answered(runtime: Runtime, *, killed: bool = False) -> None:
    """Have somebody answer for a restored database. killed: before that is committed."""
    with write(runtime.staff) as session:
        accept(session, runtime.vault, runtime.settings, "os:essai", "vérifié à la main")
        if killed:
            raise KeyboardInterrupt


@pytest.mark.slow
def test_deleted_accounts_and_erased_resources_are_written_anew_from_their_database(
    noting: Runtime,
) -> None:
    account, resource = deleted(noting), erased(noting)
    path = register_path(noting.settings)
    path.unlink()
    with read(noting.staff) as session:
        for _ in range(2):
            note_again(session, noting.vault, noting.settings)
    assert deleted_accounts(path) == {account}
    assert erased_resources(path) == {resource}
    assert sum(map(bool, path.read_text().splitlines())) == 2


@pytest.mark.parametrize("end", [deleted, erased])
def test_a_register_that_lacks_what_a_restored_database_knows_is_not_believed(
    noting: Runtime, end: Callable[[Runtime], UUID]
) -> None:
    end(noting)
    register_path(noting.settings).unlink()
    begin_registers(noting)
    forget(noting)
    assert "plus ancien" in replayed(noting).why_not
    with pytest.raises(RestoredNotReplayed):
        refuse_restored(noting.databases.public)


@pytest.mark.parametrize("lost", ["erasures", "withdrawals"])
def test_a_stale_register_in_the_data_directory_is_not_believed_for_a_lost_one(
    noting: Runtime, tmp_path: Path, lost: str
) -> None:
    beside = tmp_path / "backups"
    elsewhere = replace(noting, settings=noting.settings.model_copy(update={"backup_dir": beside}))
    begin_registers(elsewhere)
    # A backup of before the first of what only the lost one knew.
    forget(noting)
    (beside / lost).unlink()
    done = replayed(elsewhere)
    assert f"tant que {beside / lost} n'est pas là" in done.to_do
    with pytest.raises(RestoredNotReplayed):
        refuse_restored(noting.databases.public)


def test_a_register_that_another_database_began_in_the_same_place_is_not_believed(
    cluster: Cluster, admin: Connection, lean_template: str, noting: Runtime
) -> None:
    for path in (withdrawals_path(noting.settings), register_path(noting.settings)):
        path.unlink()
    # As a command does on the empty one that stands where the restored one will, on its server.
    with cloned(cluster, admin, lean_template) as databases:
        begin_registers(replace(noting, databases=databases))
    forget(noting)
    assert "ne commence qu'après elle" in replayed(noting).why_not
    begin_registers(noting)
    assert replayed(noting) == Replay(was_restored=True)


@pytest.mark.slow
@pytest.mark.parametrize("stale", [False, True], ids=["lost", "older"])
def test_a_register_that_began_anew_is_not_believed_of_a_backup_from_before_it_was_lost(
    noting: Runtime, copy_of: Copy, *, stale: bool
) -> None:
    early = copy_of(noting)
    run(noting, csv(CRIP, ASE, APART))
    # It noted no withdrawal since the early one, so that no line of its own is missed.
    late = copy_of(noting)
    register = withdrawals_path(noting.settings)
    older = register.read_bytes()
    protect(noting, "Association libre")
    register.write_bytes(older) if stale else register.unlink()
    forget(early)
    answered(early)
    begin_registers(early)
    assert replayed(early) == Replay()
    forget(late)
    assert "ne commence qu'après elle" in replayed(late).why_not
    with pytest.raises(RestoredNotReplayed):
        refuse_restored(late.databases.public)
    after = copy_of(early)
    forget(after)
    assert replayed(after) == Replay(was_restored=True)


def test_an_acceptance_that_was_killed_before_its_commit_is_done_by_the_same_command(
    noting: Runtime,
) -> None:
    registers = withdrawals_path(noting.settings), register_path(noting.settings)
    former = mark(noting)
    forget(noting)
    with pytest.raises(KeyboardInterrupt):
        answered(noting, killed=True)
    # The files say already that they lack something, and the database is not shown.
    assert not any(is_begun(each, former) for each in registers)
    assert "ne commence qu'après elle" in hide_again(noting).why_not
    with pytest.raises(RestoredNotReplayed):
        refuse_restored(noting.databases.public)
    answered(noting)
    assert hide_again(noting) == Replay()
    assert mark(noting) != former
    assert all(is_begun(each, mark(noting)) for each in registers)


@pytest.mark.slow
def test_an_acceptance_that_was_killed_after_its_commit_is_ended_by_the_next_command(
    noting: Runtime, copy_of: Copy
) -> None:
    late = copy_of(noting)
    forget(noting)
    answered(noting)
    refuse_restored(noting.databases.public)
    # One of before finds no register of its own, nor the accepted one before it began its own.
    for each in (late, copy_of(noting)):
        forget(each)
        assert "ne commence qu'après elle" in replayed(each).why_not
    assert hide_again(noting) == Replay()
    after = copy_of(noting)
    forget(after)
    assert replayed(after) == Replay(was_restored=True)


def mark(runtime: Runtime) -> str:
    with read(runtime.staff) as session:
        return mark_of_database(session, runtime.vault)


def test_a_register_that_is_copied_is_not_said_to_lack_nothing(
    noting: Runtime, tmp_path: Path
) -> None:
    account = deleted(noting)
    beside = tmp_path / "backups" / "erasures"
    beside.parent.mkdir()
    settings = noting.settings.model_copy(update={"backup_dir": beside.parent})
    copy_register(settings)
    assert deleted_accounts(beside) == {account}
    assert "begun" not in beside.read_text()
    begin_registers(replace(noting, settings=settings))
    assert "begun" in beside.read_text()


def test_doctor_names_the_register_beside_the_backups_where_another_one_is_there(
    noting: Runtime, tmp_path: Path
) -> None:
    beside = tmp_path / "backups"
    settings = noting.settings.model_copy(update={"backup_dir": beside})
    advised = [each.todo for each in missing_safeguards(noting.staff, noting.vault, settings)]
    for name in ("erasures", "withdrawals"):
        assert any(each.startswith(f"{beside / name} ne peut pas") for each in advised), advised
    begin_registers(replace(noting, settings=settings))
    advised = [each.todo for each in missing_safeguards(noting.staff, noting.vault, settings)]
    assert not any(str(beside) in each for each in advised), advised
