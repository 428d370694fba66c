"""Backups of the embedded cluster: made, checked, restored, and tried by restoring them."""

import shutil
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from datetime import UTC, datetime, timedelta
from pathlib import Path

from sqlalchemy import Engine, text
from sqlalchemy.exc import OperationalError

from app.operations.backups import SLACK
from app.operations.passphrase import passphrase, passphrase_path, place_of
from app.operations.rehearsing import SEALED_COLUMNS, Rehearsed, note_rehearsal, open_all
from app.platform.backup.errors import (
    DatabaseInPlace,
    DatabaseInUse,
    NoBackup,
    NotArchiving,
    NotRestored,
)
from app.platform.backup.manifest import read, take
from app.platform.backup.repository import Repository
from app.platform.backup.stored import MANIFEST, Stored
from app.platform.cluster.errors import CannotStart
from app.platform.cluster.server import Cluster, open_cluster, remove_cluster
from app.platform.database.engines import make_engine
from app.runtime.addresses import DATABASE
from app.settings import Settings
from app.vault.sealing import Vault

# A full backup a week; the timer may be some hours late.
FULL_EVERY = timedelta(days=6, hours=12)
# Seconds for which a restored server may go through its journal.
PATIENCE = 3_600.0


def open_repository(settings: Settings, *, make: bool = False) -> Repository:
    """Return the repository of the embedded cluster, its settings written anew.

    make: a passphrase where there is none and no backup yet. Raises what place_of does,
    PassphraseMissing, PgbackrestMissing, PlaceRefused or RepositoryGone.
    """
    place = place_of(settings, make=make)
    is_first = not (place / "pgbackrest" / "archive").exists()
    opens = passphrase(settings, make=make and is_first)
    repository = Repository(Cluster(settings.data_dir), place, opens, passphrase_path(settings))
    repository.configure()
    return repository


def back_up(settings: Settings) -> Stored:
    """Make a backup: a full one a week, else what changed since; no key is needed.

    Raises what open_repository does, NotArchiving, AlreadyBackingUp, BackupFailed, DatedAhead or
    BusyTables.
    """
    repository = open_repository(settings, make=True)
    with repository.alone(), open_cluster(settings.data_dir) as cluster:
        remove_cluster(_beside(repository))
        owner = make_engine(cluster.url(cluster.superuser, DATABASE))
        try:
            with owner.connect() as connection:
                if connection.scalar(text("SHOW archive_mode")) != "on":
                    raise NotArchiving
            repository.ask("stanza-create")
            repository.ask("backup", f"--type={next_type(repository.stored(), datetime.now(UTC))}")
            label = repository.stored()[-1].label
            manifest = take(owner, label, SEALED_COLUMNS)
            note = f"--annotation={MANIFEST}={manifest.packed()}"
            repository.ask("annotate", f"--set={label}", note)
            # Waits until the journal up to the point has come.
            repository.ask("check")
        finally:
            owner.dispose()
        return repository.stored()[-1]


def next_type(stored: Sequence[Stored], now: datetime) -> str:
    """Return "diff" while the last whole full backup is of this week, else "full".

    One that is dated ahead, after the clock was set back, is of no week.
    """
    full = [each.ended_at for each in stored if each.is_full and MANIFEST in each.notes]
    return "diff" if full and -SLACK < now - full[-1] < FULL_EVERY else "full"


def check(settings: Settings) -> list[Stored]:
    """Have the journal sent and every file of every backup read again; return them."""
    repository = open_repository(settings)
    with repository.alone(), open_cluster(settings.data_dir):
        repository.ask("check")
        repository.ask("verify")
        return repository.stored()


def stored(settings: Settings) -> list[Stored]:
    """Return the backups that there are, the oldest first."""
    return open_repository(settings).stored()


def rehearse(settings: Settings, vault: Vault) -> Rehearsed:
    """Restore the last backup into an empty place, compare it and open what is sealed in it.

    Nothing of it stays, and that it went well is noted. Raises NoBackup, NotRestored, KeyMissing,
    NotOpened or what open_repository does.
    """
    begun = time.monotonic()
    repository = open_repository(settings)
    with repository.alone():
        remove_cluster(_beside(repository))
        whole = [each for each in repository.stored() if each.manifest]
        if not whole or (manifest := whole[-1].manifest) is None:
            raise NoBackup(place=str(repository.place))
        backup = whole[-1]
        with _restored_beside(repository, backup.label) as owner, owner.connect() as connection:
            found = read(connection, SEALED_COLUMNS)
            open_all(connection, vault)
    done = Rehearsed(backup, found, manifest.differences(found), time.monotonic() - begun)
    if not done.differences:
        note_rehearsal(repository.place, backup.label)
    return done


def _beside(repository: Repository) -> Path:
    """Return where a rehearsal works; one that was killed leaves a server, and tables in clear."""
    return repository.cluster.home / "rehearsal"


@contextmanager
def _restored_beside(repository: Repository, label: str) -> Iterator[Engine]:
    """Yield the owner's engine of a backup that is restored, and gone afterwards."""
    place = _beside(repository)
    try:
        (place / "postgres").mkdir(parents=True)
        for folder in (place, place / "postgres"):
            folder.chmod(0o711)
        repository.restore(
            place / "postgres" / "data",
            *(f"--set={label}", "--type=name", f"--target={label}", "--target-timeline=current"),
            *("--target-action=promote", "--archive-mode=off"),
        )
        with open_cluster(place) as cluster:
            owner = make_engine(cluster.url(cluster.superuser, DATABASE))
            try:
                _wait(owner, cluster)
                yield owner
            finally:
                owner.dispose()
    finally:
        remove_cluster(_beside(repository))


def _wait(owner: Engine, cluster: Cluster) -> None:
    """Return once a restored server has reached its point; raise NotRestored."""
    ends = time.monotonic() + PATIENCE
    # It answers from before it is there, and goes away if its journal does not reach that point.
    while time.monotonic() < ends and cluster.is_running:
        with suppress(OperationalError), owner.connect() as connection:
            if not connection.scalar(text("SELECT pg_is_in_recovery()")):
                return
        time.sleep(0.2)
    raise NotRestored(path=str(cluster.log_path))


def restore(settings: Settings, until: datetime | None = None) -> None:
    """Restore the embedded database where there is none; it is not shown before its replay.

    One that was killed is gone on with, or begun anew where another moment is asked for.

    until: as of that moment, else all that was archived. Raises DatabaseInUse, DatabaseInPlace,
    NoBackup, NotRestored or what open_repository does.
    """
    repository = open_repository(settings)
    cluster = repository.cluster
    target = _target(until)
    with repository.alone():
        remove_cluster(_beside(repository))
        with cluster.unused() as nobody:
            if not nobody:
                raise DatabaseInUse(data=str(cluster.data))
            if cluster.data.exists() and not cluster.unfinished.exists():
                raise DatabaseInPlace(data=str(cluster.data))
            if cluster.data.exists() and cluster.unfinished.read_text("utf-8") != repr(target):
                shutil.rmtree(cluster.data)
            if not cluster.data.exists():
                _bring_back(repository, target)
        try:
            with open_cluster(settings.data_dir, restoring=True) as started:
                owner = make_engine(started.url(started.superuser, DATABASE))
                try:
                    _wait(owner, started)
                finally:
                    owner.dispose()
        except CannotStart:
            raise NotRestored(path=str(cluster.log_path)) from None
        cluster.restoring.unlink(missing_ok=True)
        cluster.unfinished.unlink()


def _target(until: datetime | None) -> list[str]:
    """Return what says to pgBackRest up to when."""
    if until is None:
        return ["--type=default"]
    moment = until.astimezone(UTC).strftime("%Y-%m-%d %H:%M:%S+00")
    return ["--type=time", f"--target={moment}", "--target-action=promote"]


def _bring_back(repository: Repository, target: list[str]) -> None:
    """Put the files of a backup in place, which go through the journal once they are started."""
    if not repository.stored():
        raise NoBackup(place=str(repository.place))
    cluster = repository.cluster
    data = cluster.data
    cluster.restoring.touch()
    # Under another name until it is whole: a restoration may be killed half-way.
    unfinished = data.with_name("data.restoring")
    repository.restore(unfinished, *target)
    (unfinished / cluster.unfinished.name).write_text(repr(target), "utf-8")
    settled = unfinished / "postgresql.auto.conf"
    named = settled.read_text("utf-8").replace(str(unfinished), str(data))
    settled.write_text(named, "utf-8")
    unfinished.rename(data)
