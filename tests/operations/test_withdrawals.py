"""What was hidden, withdrawn or revoked does not come back with a backup: a register has it."""

import time
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from uuid import uuid4

import pytest
from sqlalchemy import select, text
from sqlalchemy.orm import Session

from app.cataloguing.withdrawing import withdraw
from app.models import Actor, Embed, EmbedRevocation, Withdrawal
from app.operations.erasure_register import (
    append_account,
    append_resource,
    deleted_accounts,
    erased_resources,
    register_path,
    register_paths,
)
from app.operations.withdrawn_again import ErasuresUnfinished, Replay, accept
from app.platform.database.engines import make_engine
from app.platform.database.lag import LOOK, TooFarBehind, read_nothing_old
from app.platform.database.origin import RestoredNotReplayed, refuse_restored
from app.platform.database.sessions import read, write
from app.records import acts
from app.runtime.staff import Runtime
from app.settings import Settings
from app.vault.digests import mark_of_database, secret
from app.vault.sealing import KeyMissing, Vault, new_key, parse_keys
from app.vault.withdrawals import (
    COLUMN,
    TABLE,
    note_after_writes,
    seal_again,
    sealed_entries,
    withdrawals_path,
)
from geo.zones import paris_day
from tests.begun_registers import begin
from tests.makers_resources import CURATEUR, READER, made, now, status
from tests.operations.erasing import actor_marks, ask, erase, finished
from tests.operations.restoring import as_owner, forget, replayed
from tests.small_disk import filled, small_disk


def public(runtime: Runtime) -> dict[str, str]:
    with runtime.databases.public.connect() as connection:
        rows = connection.execute(
            text("SELECT name, public_id FROM actor WHERE status='published'")
        )
        return {row.name: row.public_id for row in rows}


def protect(runtime: Runtime, name: str) -> None:
    with write(runtime.staff) as session:
        acts.protect(session, runtime.vault, public(runtime)[name], who="os:essai", why="essai")


def found(runtime: Runtime, vault: Vault | None = None) -> list[tuple[str, str]]:
    """Return what is in the register, and how each was taken back."""
    opened = (
        (vault or runtime.vault).open_json(TABLE, entry, COLUMN, sealed)
        for entry, sealed in sealed_entries(withdrawals_path(runtime.settings))
    )
    return sorted((what, how) for what, _, how in opened)


def put_back(runtime: Runtime, name: str) -> None:
    """Make the database what a backup from before a protection is, in another server."""
    with write(runtime.staff) as session:
        outcome = acts.unprotect(
            session,
            runtime.vault,
            session.scalars(select(Actor.public_id).where(Actor.protected)).one(),
            who="os:essai",
            consent=paris_day(),
            why="essai",
        )
        assert outcome.name == name
    forget(runtime)


def test_a_protection_is_in_the_register_once_it_is_committed(noting: Runtime) -> None:
    protect(noting, "ASE d'exemple")
    assert found(noting) == [("actor", "neutral"), ("actor", "protect")]
    path = withdrawals_path(noting.settings)
    assert path.stat().st_mode & 0o077 == 0
    assert b"ASE" not in path.read_bytes()
    assert b"actor" not in path.read_bytes()


def test_what_is_not_committed_is_not_in_it(noting: Runtime) -> None:
    given = public(noting)["ASE d'exemple"]
    with Session(noting.staff) as session:
        acts.protect(session, noting.vault, given, who="os:essai", why="essai")
        session.rollback()
    protect(noting, "CRIP d'exemple")
    with read(noting.staff) as session:
        assert session.scalars(select(Withdrawal.noted)).all() == [True, True]
    assert len(found(noting)) == 2


@pytest.mark.slow
def test_a_restored_backup_shows_no_page_until_it_is_hidden_again(noting: Runtime) -> None:
    protect(noting, "ASE d'exemple")
    put_back(noting, "ASE d'exemple")
    assert "ASE d'exemple" in public(noting)
    with pytest.raises(RestoredNotReplayed):
        refuse_restored(noting.databases.public)
    assert replayed(noting) == Replay(1, 0, was_restored=True)
    assert "ASE d'exemple" not in public(noting)
    refuse_restored(noting.databases.public)
    assert replayed(noting) == Replay()


def test_without_the_register_a_restored_backup_is_shown_when_somebody_says_so(
    noting: Runtime,
) -> None:
    protect(noting, "ASE d'exemple")
    put_back(noting, "ASE d'exemple")
    withdrawals_path(noting.settings).unlink()
    assert replayed(noting).why_not
    with pytest.raises(RestoredNotReplayed):
        refuse_restored(noting.databases.public)
    with write(noting.staff) as session:
        accept(session, noting.vault, noting.settings, "os:essai", "vérifié à la main")
    refuse_restored(noting.databases.public)


def test_each_acceptance_makes_a_mark_of_its_own_also_after_one_by_a_clock_that_was_ahead(
    noting: Runtime,
) -> None:
    marks = list[str]()
    with write(noting.staff) as session:
        # As a former release named it, in a year that is yet to come.
        secret(session, noting.vault, "registers 20991231T235959999999")
        marks.append(mark_of_database(session, noting.vault))
    for _ in range(2):
        forget(noting)
        with write(noting.staff) as session:
            accept(session, noting.vault, noting.settings, "os:essai", "vérifié à la main")
            marks.append(mark_of_database(session, noting.vault))
    assert len(set(marks)) == len(marks)


@pytest.mark.slow
def test_a_restored_backup_shows_no_page_until_what_was_erased_is_erased_again(
    noting: Runtime,
) -> None:
    ask(noting, actor_marks(noting, public(noting)["CRIP d'exemple"]))
    forget(noting, "DELETE FROM erased_mark", "DELETE FROM erasure_request")
    assert "purge" in replayed(noting).to_do
    with pytest.raises(ErasuresUnfinished, match="purge"), write(noting.staff) as session:
        accept(session, noting.vault, noting.settings, "os:essai", "vérifié à la main")
    with pytest.raises(RestoredNotReplayed):
        refuse_restored(noting.databases.public)
    assert finished(noting) is not None
    assert replayed(noting) == Replay(was_restored=True)
    refuse_restored(noting.databases.public)
    assert "CRIP d'exemple" not in public(noting)


@pytest.mark.slow
@pytest.mark.parametrize("older", [False, True], ids=["lost", "older"])
def test_without_the_register_of_erasures_a_restored_backup_shows_no_page(
    noting: Runtime, *, older: bool
) -> None:
    erase(noting, actor_marks(noting, public(noting)["CRIP d'exemple"]))
    register = register_path(noting.settings)
    register.unlink()
    if older:
        begin(noting, register)
    forget(noting)
    assert "effacements" in replayed(noting).why_not
    with pytest.raises(RestoredNotReplayed):
        refuse_restored(noting.databases.public)


@pytest.mark.slow
def test_what_a_process_without_the_place_of_the_backups_noted_is_taken_again_as_well(
    noting: Runtime, tmp_path: Path
) -> None:
    beside = tmp_path / "backups"
    settings = noting.settings.model_copy(update={"backup_dir": beside})
    protect(noting, "ASE d'exemple")
    erase(noting, actor_marks(noting, public(noting)["CRIP d'exemple"]))
    account, resource = uuid4(), uuid4()
    append_account(register_path(noting.settings), account)
    append_resource(register_path(noting.settings), resource)
    # Of one command that was told: a stale one.
    for path in (beside / "erasures", beside / "withdrawals"):
        begin(noting, path)
    put_back(noting, "ASE d'exemple")
    forget(noting, "DELETE FROM erased_mark", "DELETE FROM erasure_request")
    elsewhere = replace(noting, settings=settings)
    note_after_writes(elsewhere.staff, elsewhere.vault, withdrawals_path(settings))
    done = replayed(elsewhere)
    assert (done.again, "purge" in done.to_do) == (1, True)
    assert "ASE d'exemple" not in public(noting)
    assert finished(elsewhere) is not None
    assert replayed(elsewhere) == Replay(was_restored=True)
    assert deleted_accounts(*register_paths(settings)) == {account}
    assert erased_resources(*register_paths(settings)) == {resource}
    # From then on the register beside the backups has it all.
    replayed(elsewhere)
    theirs = {each for each, _ in sealed_entries(withdrawals_path(noting.settings))}
    assert theirs <= {each for each, _ in sealed_entries(withdrawals_path(settings))}


@pytest.mark.slow
@pytest.mark.parametrize("lost", [register_path, withdrawals_path])
def test_a_lost_register_that_comes_back_by_what_is_done_since_is_not_believed(
    noting: Runtime, lost: Callable[[Settings], Path]
) -> None:
    # A young database: nothing was hidden and nothing erased yet when it was backed up.
    forget(noting)
    lost(noting.settings).unlink()
    protect(noting, "ASE d'exemple")
    erase(noting, actor_marks(noting, public(noting)["CRIP d'exemple"]))
    append_account(register_path(noting.settings), uuid4())
    assert lost(noting.settings).exists()
    assert "ne commence qu'après elle" in replayed(noting).why_not
    with pytest.raises(RestoredNotReplayed):
        refuse_restored(noting.databases.public)


@pytest.mark.slow
def test_a_key_that_opens_only_a_part_of_it_lets_nothing_be_shown(noting: Runtime) -> None:
    protect(noting, "ASE d'exemple")
    fresh = parse_keys(new_key())
    both = Vault(fresh.primary, {**fresh.keys, **noting.vault.keys})
    assert seal_again(withdrawals_path(noting.settings), both) == 2
    assert found(noting, both) == [("actor", "neutral"), ("actor", "protect")]
    put_back(noting, "ASE d'exemple")
    assert replayed(noting).why_not
    assert replayed(noting, both) == Replay(1, 0, was_restored=True)


def test_other_keys_open_nothing_and_let_nothing_be_shown(noting: Runtime) -> None:
    protect(noting, "ASE d'exemple")
    put_back(noting, "ASE d'exemple")
    with pytest.raises(KeyMissing):
        replayed(noting, parse_keys(new_key()))
    with pytest.raises(RestoredNotReplayed):
        refuse_restored(noting.databases.public)


def test_resources_and_embeds_are_taken_back_too(noting: Runtime) -> None:
    resource = made(noting, title="Sentinelle")
    embed = "a" * 24
    with write(noting.staff) as session:
        session.add(
            Embed(
                id=embed,
                search="",
                look="",
                origins=["https://a.example"],
                name="x",
                created_by="os:essai",
            )
        )
    with write(noting.staff) as session:
        withdraw(session, noting.vault, CURATEUR, READER, resource, now())
        session.add(EmbedRevocation(embed_id=embed, who="os:essai", why=b""))
    assert found(noting) == [("embed", ""), ("resource", "")]
    other = made(noting, title="Sentinelle de retour")
    forget(noting, "DELETE FROM embed_revocation")
    assert replayed(noting).again == 1
    with read(noting.staff) as session:
        assert session.scalars(select(EmbedRevocation.embed_id)).all() == [embed]
    assert status(noting, other) == "published"


def test_a_line_that_was_cut_off_takes_no_other_with_it(noting: Runtime) -> None:
    protect(noting, "ASE d'exemple")
    with withdrawals_path(noting.settings).open("ab") as file:
        file.write(b'{"id": "3f')
    protect(noting, "CRIP d'exemple")
    assert len(found(noting)) == 4


def test_a_register_that_was_lost_is_written_anew_from_its_database(noting: Runtime) -> None:
    protect(noting, "ASE d'exemple")
    withdrawals_path(noting.settings).unlink()
    assert replayed(noting) == Replay()
    protect(noting, "CRIP d'exemple")
    assert len(found(noting)) == 4


def test_a_full_disk_stops_no_protection_and_is_made_up_for(noting: Runtime) -> None:
    with small_disk(1) as disk:
        path = disk / "withdrawals"
        note_after_writes(noting.staff, noting.vault, path)
        with filled(disk):
            protect(noting, "ASE d'exemple")
            with read(noting.staff) as session:
                waiting = session.scalars(select(Withdrawal).where(~Withdrawal.noted)).all()
            assert len(waiting) == 2
        protect(noting, "CRIP d'exemple")
        assert len(path.read_text().split()) >= 4


@pytest.mark.slow
@pytest.mark.parametrize("other", ["system = 'ailleurs'", "timeline = timeline + 1"])
def test_running_pages_show_nothing_of_what_was_restored_under_them(
    noting: Runtime, other: str
) -> None:
    visitor = make_engine(noting.databases.public.url.render_as_string(hide_password=False))
    read_nothing_old(visitor, 10)
    with visitor.connect() as connection:
        assert connection.scalar(text("SELECT count(*) FROM open.actor"))
    as_owner(noting, f"UPDATE database_origin SET {other}")
    time.sleep(LOOK)
    with pytest.raises(TooFarBehind):
        visitor.connect()
    replayed(noting)
    time.sleep(LOOK)
    with visitor.connect() as connection:
        assert connection.scalar(text("SELECT count(*) FROM open.actor"))
    visitor.dispose()
