"""Backups of a server outside by pg_dump: what backing_up does for the embedded cluster."""

import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path

from sqlalchemy import Engine

from app.errors import OperatorError
from app.operations.backups import DAYS
from app.operations.passphrase import passphrase, passphrase_path, place_of
from app.operations.rehearsing import SEALED_COLUMNS, Rehearsed, note_rehearsal, open_all
from app.platform.backup.dumps import (
    FOLDER,
    Dumps,
    dumps_in,
    refuse_full,
    refuse_other_name,
    refuse_used,
)
from app.platform.backup.errors import NoBackup
from app.platform.backup.manifest import read
from app.platform.backup.stored import Stored
from app.platform.cluster.server import open_cluster, remove_cluster
from app.platform.database.engines import make_engine, outside_transactions
from app.platform.database.logins import create_database
from app.platform.database.migrating import prepare
from app.platform.database.preparation import EXTENSIONS
from app.runtime.addresses import DATABASE, database_address
from app.settings import Settings
from app.vault.sealing import Vault


class OwnerNeeded(OperatorError):
    """Sauvegarder ou restaurer un serveur extérieur demande l’identifiant qui possède la base :
    indiquez son adresse dans MESURE23_OWNER_DATABASE_URL, puis relancez la commande.
    """


def _dumps(settings: Settings, *, make: bool = False) -> Dumps:
    place = place_of(settings, make=make)
    is_first = not dumps_in(place / FOLDER)
    opens = passphrase(settings, make=make and is_first)
    return Dumps(place, opens, passphrase_path(settings))


@contextmanager
def _owner(settings: Settings) -> Iterator[Engine]:
    given = settings.owner_database_url
    if given is None:
        raise OwnerNeeded
    engine = make_engine(database_address(given, "MESURE23_OWNER_DATABASE_URL"))
    try:
        yield engine
    finally:
        engine.dispose()


def back_up(settings: Settings) -> Stored:
    """Dump the database, and destroy dumps that are too old; no key is needed.

    Raises OwnerNeeded, PlaceMissing, PassphraseMissing or what Dumps.make does.
    """
    with _owner(settings) as owner:
        dumps = _dumps(settings, make=True)
        with dumps.alone():
            remove_cluster(_beside(settings))
            dumps.tidy()
            # None is opened by another passphrase than the others.
            dumps.stored()
            try:
                return dumps.make(owner, SEALED_COLUMNS)
            finally:
                dumps.expire(timedelta(days=DAYS), datetime.now(UTC))


def stored(settings: Settings) -> list[Stored]:
    """Return the dumps that there are, the oldest first."""
    return _dumps(settings).stored()


def check(settings: Settings) -> list[Stored]:
    """Read every dump to its end; return them. Raises DumpDamaged or PassphraseWrong."""
    dumps = _dumps(settings)
    with dumps.alone():
        return dumps.check()


def rehearse(settings: Settings, vault: Vault) -> Rehearsed:
    """Restore the last dump on this machine, compare it and open what is sealed in it.

    Raises NoBackup, KeyMissing, NotOpened or what Dumps.restore does.
    """
    begun = time.monotonic()
    dumps = _dumps(settings)
    with dumps.alone():
        remove_cluster(_beside(settings))
        backup = _newest(dumps)
        manifest = backup.manifest
        if manifest is None:
            raise NoBackup(place=str(dumps.place))
        with _somewhere(settings) as owner:
            dumps.restore(backup, owner, aside=True)
            with owner.connect() as connection:
                # Compared as it was restored: opening writes nothing.
                open_all(connection, vault)
                found = read(connection, SEALED_COLUMNS, own=True)
    differences = [each for each in manifest.differences(found) if each != _MARKED]
    done = Rehearsed(backup, found, differences, time.monotonic() - begun)
    if not differences:
        note_rehearsal(dumps.place, backup.label)
    return done


# Where a restored database is marked as such.
_MARKED = "public.database_origin"


def restore(settings: Settings, until: datetime | None = None) -> None:
    """Restore into an empty database; it is not shown before its replay.

    until: the last dump of before that moment. Raises OwnerNeeded, NoBackup, OtherName,
    DatabaseInUse or what Dumps.restore does, DatabaseNotPrepared where its login may not make the
    logins.
    """
    with _owner(settings) as owner:
        dumps = _dumps(settings)
        with dumps.alone():
            remove_cluster(_beside(settings))
            backup = _newest(dumps, until)
            refuse_other_name(backup, owner)
            refuse_full(owner)
            refuse_used(owner)
            prepare(owner)
            dumps.restore(backup, owner)


def _newest(dumps: Dumps, until: datetime | None = None) -> Stored:
    limit = until.astimezone(UTC) if until else datetime.now(UTC)
    found = [each for each in dumps.stored() if each.ended_at <= limit]
    if not found:
        raise NoBackup(place=str(dumps.place))
    return found[-1]


def _beside(settings: Settings) -> Path:
    """Return where a rehearsal works; one that was killed leaves a server, and tables in clear."""
    return settings.data_dir / "rehearsal"


@contextmanager
def _somewhere(settings: Settings) -> Iterator[Engine]:
    """Yield the owner's engine of an empty database of this machine, gone afterwards."""
    place = _beside(settings)
    try:
        with open_cluster(place, fsync=False) as cluster:
            create_database(cluster.url(cluster.superuser, "postgres"), DATABASE)
            address = cluster.url(cluster.superuser, DATABASE)
            with outside_transactions(address, lock_timeout=10) as connection:
                for name in EXTENSIONS:
                    connection.exec_driver_sql(f"CREATE EXTENSION {name}")
            owner = make_engine(address)
            try:
                yield owner
            finally:
                owner.dispose()
    finally:
        remove_cluster(place)
