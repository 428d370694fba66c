"""Backups of an embedded cluster of its own: made, tried, restored after its disk was lost."""

import os
import signal
import time
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import psycopg
import pytest
from pydantic import SecretStr

from app.operations.backing_up import (
    back_up,
    open_repository,
    rehearse,
    restore,
    stored,
)
from app.operations.backups import backups, rehearsed_at
from app.operations.keys_of_backups import backups_needing
from app.operations.metrics import OfBackups
from app.operations.withdrawn_again import replay
from app.platform.backup.errors import (
    DatabaseInPlace,
    DatabaseInUse,
    NotRestored,
    PassphraseWrong,
)
from app.platform.backup.repository import PROGRAM
from app.platform.backup.stored import MANIFEST
from app.platform.cluster.errors import RestorationUnfinished
from app.platform.cluster.server import open_cluster
from app.platform.database.origin import RestoredNotReplayed, refuse_restored
from app.platform.database.sessions import write
from app.runtime.public import open_public
from app.runtime.staff import Runtime, open_runtime
from app.settings import Settings
from app.vault.sealing import KeyMissing, new_key, parse_keys
from tests.killed import started, wait_for, wait_for_pgbackrest
from tests.operations.own_cluster import (
    lose_the_disk,
    own_cluster,
    protect,
    public,
    superuser,
    vault_of,
)

pytestmark = [
    pytest.mark.slow,
    pytest.mark.skipif(not Path(PROGRAM).exists(), reason="pgBackRest is not installed"),
]


@pytest.fixture
def settings(module_runtime: Runtime) -> Iterator[Settings]:
    with own_cluster(module_runtime) as made:
        yield made


def test_a_lost_disk_is_made_up_for_and_nothing_hidden_since_is_public(settings: Settings) -> None:
    full = back_up(settings)
    # As its timer does, which is given no key.
    without_keys = started(settings, "run", MESURE23_KEYS="", MESURE23_KEYS_FILE="/nowhere")
    assert without_keys.wait() == 0
    first, diff = stored(settings)
    assert (first.label, first.is_full, diff.is_full) == (full.label, True, False)
    assert {each.name for each in backups(settings.backup_dir)} == {full.label, diff.label}
    done = rehearse(settings, vault_of(settings))
    assert (done.backup.label, done.differences) == (diff.label, [])
    assert done.found.rows > 100
    assert rehearsed_at(settings.backup_dir)
    assert settings.backup_dir
    ages = {each.name: each.samples[0].value for each in OfBackups(settings.backup_dir).collect()}
    assert ages.pop("mesure23_backups_dated_ahead") == 0
    assert set(ages) == {f"mesure23_{of}_timestamp_seconds" for of in ("backup", "rehearsal")}
    assert all(time.time() - age < 600 for age in ages.values())
    assert not (settings.data_dir / "postgres" / "rehearsal").exists()
    before = datetime.now(UTC)
    time.sleep(1.5)
    protect(settings, "ASE d'exemple")
    with pytest.raises(DatabaseInPlace):
        restore(settings)
    back_up(settings)
    lose_the_disk(settings)
    restore(settings, before)
    with open_runtime(settings) as runtime:
        assert "ASE d'exemple" in public(runtime)
        with pytest.raises(RestoredNotReplayed):
            refuse_restored(runtime.databases.public)
        with write(runtime.staff) as session:
            assert replay(session, runtime.vault, settings, "os:essai").again == 1
        assert sorted(public(runtime))[0] == "CRIP d'exemple"
        assert "ASE d'exemple" not in public(runtime)
        refuse_restored(runtime.databases.public)
    # All that was archived, the replay on the new timeline as well.
    back_up(settings)
    lose_the_disk(settings)
    restore(settings)
    with open_runtime(settings) as runtime:
        assert "ASE d'exemple" not in public(runtime)


def test_a_rehearsal_that_brings_back_something_else_says_of_which_table_and_counts_for_none(
    settings: Settings, capfd: pytest.CaptureFixture[str]
) -> None:
    made = back_up(settings)
    assert made.manifest
    # What a damaged file, a lost row or a table of another release would change.
    tables = dict(made.manifest.tables)
    rows, digest = tables["public.actor"]
    tables["public.actor"] = (rows + 1, digest)
    tables["public.commune"] = (tables["public.commune"][0], "1")
    del tables["public.territory"]
    other = replace(made.manifest, tables=tables).packed()
    ours = open_repository(settings)
    ours.ask("annotate", f"--set={made.label}", f"--annotation={MANIFEST}={other}")
    names = ["public.actor", "public.commune", "public.territory"]
    assert rehearse(settings, vault_of(settings)).differences == names
    assert started(settings, "rehearse").wait() == 1
    said = capfd.readouterr()
    assert f"ne rend pas ce qu'elle devait : {', '.join(names)}." in said.err
    assert "Essayée" not in said.out
    assert rehearsed_at(settings.backup_dir) is None


def test_a_lost_disk_takes_no_more_than_was_not_archived_yet(settings: Settings) -> None:
    back_up(settings)
    with open_cluster(settings.data_dir) as cluster:
        with psycopg.connect(superuser(cluster), autocommit=True) as owner:
            owner.execute("ALTER SYSTEM SET archive_timeout = '2s'")
            owner.execute("SELECT pg_reload_conf()")
            owner.execute("CREATE TABLE beat (at timestamptz)")
            ends = time.monotonic() + 8
            while time.monotonic() < ends:
                owner.execute("INSERT INTO beat VALUES (clock_timestamp())")
                time.sleep(0.02)
        os.kill(int((cluster.data / "postmaster.pid").read_text().split()[0]), signal.SIGKILL)
        lost = datetime.now(UTC)
    lose_the_disk(settings)
    restore(settings)
    with open_cluster(settings.data_dir), psycopg.connect(superuser(cluster)) as owner:
        [(last,)] = owner.execute("SELECT max(at) FROM beat").fetchall()
    assert (lost - last).total_seconds() <= 2 + 5


def test_what_does_not_fit_is_said_and_changes_nothing(settings: Settings) -> None:
    back_up(settings)
    (key_id,) = vault_of(settings).keys
    assert backups_needing(settings, key_id) == [each.label for each in stored(settings)]
    assert backups_needing(settings, "autre") == []
    # Nobody answers for what says itself which keys it needs.
    assert backups_needing(settings, key_id, vouched=True) == backups_needing(settings, key_id)
    with pytest.raises(KeyMissing):
        rehearse(settings, parse_keys(new_key()))
    with open_cluster(settings.data_dir), pytest.raises(DatabaseInUse):
        restore(settings)
    assert settings.backup_passphrase_file
    right = settings.backup_passphrase_file.read_text()
    settings.backup_passphrase_file.write_text("une autre\n")
    with pytest.raises(PassphraseWrong):
        rehearse(settings, vault_of(settings))
    settings.backup_passphrase_file.write_text(right)
    # What the service does meanwhile is not in it.
    protect(settings, "ASE d'exemple")
    assert rehearse(settings, vault_of(settings)).differences == []


def test_what_a_killed_command_left_goes_with_the_next_one(settings: Settings) -> None:
    home, place = (settings.data_dir / "postgres").resolve(), settings.backup_dir
    assert place
    process = started(settings, "run")
    wait_for(place / "pgbackrest" / "backup", process)
    process.kill()
    process.wait()
    wait_for_pgbackrest(home)
    back_up(settings)
    for sign in ("data", "data/postmaster.pid"):
        process = started(settings, "rehearse")
        wait_for(home / "rehearsal" / "postgres" / sign, process)
        process.kill()
        process.wait()
        assert (home / "rehearsal").exists()
        wait_for_pgbackrest(home)
    assert rehearse(settings, vault_of(settings)).differences == []
    assert not (home / "rehearsal").exists()


def test_a_restoration_that_is_killed_shows_nothing_and_is_gone_on_with(settings: Settings) -> None:
    back_up(settings)
    protect(settings, "ASE d'exemple")
    lose_the_disk(settings)
    home = (settings.data_dir / "postgres").resolve()
    for sign in ("data.restoring/global", "data"):
        process = started(settings, "restore")
        wait_for(home / sign, process)
        process.kill()
        process.wait()
        for half in (open_runtime(settings), open_public(settings)):
            with pytest.raises(RestorationUnfinished), half:
                pass
        wait_for_pgbackrest(home)
    restore(settings)
    with open_runtime(settings) as runtime:
        with write(runtime.staff) as session:
            replay(session, runtime.vault, settings, "os:essai")
        assert "CRIP d'exemple" in public(runtime)
        assert "ASE d'exemple" not in public(runtime)


def test_a_moment_that_no_journal_reaches_is_said_and_another_one_is_asked_for(
    settings: Settings,
) -> None:
    back_up(settings)
    with open_cluster(settings.data_dir) as cluster, psycopg.connect(superuser(cluster)) as owner:
        # So long a journal that the server answers, and goes away while it is waited for.
        owner.execute("CREATE TABLE beat AS SELECT generate_series(1, 4_000_000)")
    lose_the_disk(settings)
    with pytest.raises(NotRestored):
        restore(settings, datetime.now(UTC) + timedelta(days=1))
    with pytest.raises(RestorationUnfinished), open_runtime(settings):
        pass
    restore(settings)
    with open_runtime(settings) as runtime:
        assert len(public(runtime)) == 2


def test_a_former_database_that_is_put_back_is_not_taken_for_a_restored_one(
    settings: Settings,
) -> None:
    back_up(settings)
    # What a restoration that failed before its files came leaves.
    (settings.data_dir / "postgres" / "restoring").touch()
    with pytest.raises(DatabaseInPlace):
        restore(settings)
    with open_runtime(settings) as runtime:
        assert len(public(runtime)) == 2


def test_a_backup_of_before_a_rotation_wants_the_former_key_by_its_name(
    settings: Settings,
) -> None:
    former = vault_of(settings)
    back_up(settings)
    protect(settings, "ASE d'exemple")
    lose_the_disk(settings)
    assert settings.keys
    new = new_key()
    with_new = settings.model_copy(update={"keys": SecretStr(new)})
    keys = f"{new},{settings.keys.get_secret_value()}"
    with_both = settings.model_copy(update={"keys": SecretStr(keys)})
    none = started(settings, "restore", MESURE23_KEYS="", MESURE23_KEYS_FILE="/nowhere")
    assert none.wait() == 1
    with pytest.raises(KeyMissing, match=former.primary):
        rehearse(settings, vault_of(with_new))
    restore(with_new)
    with pytest.raises(KeyMissing, match=former.primary), open_runtime(with_new):
        pass
    with pytest.raises(RestoredNotReplayed), open_public(with_new):
        pass
    with open_runtime(with_both) as runtime:
        with write(runtime.staff) as session:
            assert not replay(session, runtime.vault, with_both, "os:essai").why_not
        assert "ASE d'exemple" not in public(runtime)
