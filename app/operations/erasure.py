"""Erases from the files of the database what was public of an actor before it was protected.

An update leaves the old row in a freed part of its page until that is written over, and so do
indexes, statistics of the planner and the journal (WAL). Each is written anew here. What a
revision hid is a debt until then: an erasure that was interrupted, refused or forgotten is found
again by the next one, and by `mesure23 doctor`.
"""

import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from uuid import UUID

import psycopg
from sqlalchemy import Connection, Engine, delete, func, select, text, update
from sqlalchemy.exc import DBAPIError
from sqlalchemy.orm import Session

from app.errors import OperatorError
from app.models import ErasureDebt, ErasureRequest, Revision
from app.operations import resource_debt
from app.platform.database.engines import database_name, make_engine, outside_transactions, role
from app.platform.database.preparation import erasing, script
from app.platform.database.sessions import among, read, write
from app.records.history import Entry, History
from app.vault.sealing import Vault

# Seconds for which other transactions are waited for, and for which public pages wait meanwhile.
PATIENCE = 30.0
LOCK_TIMEOUT = 2
PAUSE = 0.2
# Seconds that a checkpoint takes at most to remove the segments it has freed.
FREEING = 5.0

# A snapshot older than the act keeps the old row from being left out; so does one of a standby.
# Our own is as old as the oldest writer of the whole server, whatever its database.
_STILL_READ = text("""
SELECT pg_snapshot_xmin(pg_current_snapshot()) < CAST(:limit AS xid8)
    OR EXISTS (
        SELECT FROM (
            SELECT backend_xmin AS xmin FROM pg_stat_activity
            WHERE pid <> pg_backend_pid()
              AND (datname = current_database() OR datname IS NULL)
            UNION ALL SELECT xmin FROM pg_replication_slots
        ) AS reader
        WHERE age(xmin) > age(CAST(CAST(:limit AS xid8) AS xid)))
""")
# Segments of the journal that the last checkpoint should have freed, and those made ready.
_OLD_SEGMENTS = text(
    "SELECT count(*) FROM pg_ls_waldir() WHERE name ~ '^[0-9A-F]{24}$'"
    " AND name < (SELECT redo_wal_file FROM pg_control_checkpoint())"
)
_AHEAD = text(
    "SELECT count(*) FROM pg_ls_waldir() WHERE name ~ '^[0-9A-F]{24}$'"
    " AND name > pg_walfile_name(pg_current_wal_insert_lsn())"
)
# What a request to erase writes to, beside the table of actors and what is open of resources.
_REQUESTED = (
    *("actor_protected", "actor_fingerprint", "provenance", "geocoding", "proposal", "revision"),
    *("source", "source_file", "source_row", "source_record", "deposit", "deposit_line"),
    *("embed", "embed_revocation", "former_tie", "link_receipt"),
    *resource_debt.SEALED,
)
_OWNS = text(
    "SELECT pg_has_role(current_user, relowner, 'USAGE') FROM pg_class"
    " WHERE oid = 'public.actor'::regclass"
)


class OwnerMissing(OperatorError):
    """Seul l'identifiant qui possède la base peut effacer de ses fichiers ce qui était public.
    Exécutez « mesure23 purge » avec MESURE23_OWNER_DATABASE_URL.
    """


class StillInUse(OperatorError):
    """Une opération en cours (import, sauvegarde, autre outil) empêche d'effacer des fichiers de
    la base ce qui était public. Quand elle sera finie, exécutez « mesure23 purge ».
    """


class WalRetained(OperatorError):
    """Le serveur garde {count} fichiers anciens de son journal (WAL), pour une réplique ou un
    archivage : ce qui était public y est encore. Quand ils seront libérés, exécutez
    « mesure23 purge ».
    """


class RightsMissing(OperatorError):
    """La table est réécrite, mais le journal (WAL) et les statistiques de la base gardent encore
    ce qui était public. Un administrateur doit exécuter une fois le SQL ci-dessous ; exécutez
    ensuite « mesure23 purge ».
    """

    def __str__(self) -> str:
        """Return the message and, on lines of its own, the SQL to run."""
        return f"{' '.join((self.__doc__ or '').split())}\n\n{self.details['sql']}"


@dataclass(frozen=True, slots=True)
class Purged:
    """What was erased. actors: how many had been public; seconds: how long it took.

    erasures: requests to erase of which the files held something. resources: those that visitors
    read no more, erased ones, and one for what stands around them.
    """

    actors: int
    seconds: float
    erasures: int = 0
    resources: int = 0


def owed(session: Session) -> dict[UUID, UUID]:
    """Return what is still to be erased: revision that hid something public -> its actor."""
    statement = select(Revision.id, Revision.actor_id).join(ErasureDebt)
    return dict(session.execute(statement).all())


def unpurged(session: Session) -> list[UUID]:
    """Return the requests that are done in the tables, and still lie in the files."""
    statement = select(ErasureRequest.id).where(
        ErasureRequest.done_at.is_not(None), ErasureRequest.purged_at.is_(None)
    )
    return list(session.scalars(statement))


def purge(
    staff: Engine, owner_url: str, vault: Vault, *, who: str, patience: float = PATIENCE
) -> Purged:
    """Write anew what holds former public records, where there is a debt; public pages wait.

    After a request to erase the sealed tables too: who holds the keys could read their old rows.

    The debt is read and settled by the staff login, the files are rewritten by the owner's.
    Raises OwnerMissing, StillInUse, RightsMissing or WalRetained, which leave the debt as it was.
    Backups, archives and replicas are out of reach.
    """
    started = time.monotonic()
    # Read first: what is protected meanwhile stays a debt.
    with read(staff) as session:
        debt, erasures = owed(session), unpurged(session)
        resources, taken = resource_debt.owed(session), resource_debt.taken(session)
        around = resource_debt.cleared(session)
    if debt or erasures or resources or taken or around:
        if resources:
            with _as_owner(owner_url) as session:
                resource_debt.empty(session, vault, resources)
        with outside_transactions(owner_url, LOCK_TIMEOUT) as connection:
            check_owner(connection)
            # A text that named who is hidden now was taken out with what was public of them.
            for table in ("actor", *resource_debt.OPEN):
                _rewrite(connection, "FULL, ANALYZE", f"public.{table}", patience)
            sealed = _REQUESTED if erasures else resource_debt.SEALED if resources else ()
            for table in sealed:
                _rewrite(connection, "FULL", f"public.{table}", patience)
            name = database_name(connection.engine)
            login = connection.scalar(text("SELECT current_user"))
            if statements := list(erasing(connection, role(name, "owner"), login)):
                raise RightsMissing(sql=script(name, statements, (), 0))
            # ANALYZE has just replaced most common values and histograms: the old rows stay too.
            _rewrite(connection, "FULL", "pg_catalog.pg_statistic", patience)
            _renew_journal(connection)
        _settle(staff, vault, debt, who)
        with write(staff) as session:
            resource_debt.settle_taken(session, taken, around)
        if erasures or resources:
            with _as_owner(owner_url) as session:
                _note_purged(session, erasures)
                resource_debt.settle(session, resources)
    seconds = time.monotonic() - started
    written = len({*resources, *taken}) + (around is not None)
    return Purged(len(set(debt.values())), seconds, len(erasures), written)


def check_owner(connection: Connection) -> None:
    """Raise OwnerMissing; PostgreSQL only warns of a table that the login may not rewrite."""
    if not connection.scalar(_OWNS):
        raise OwnerMissing


def _rewrite(connection: Connection, options: str, table: str, patience: float) -> None:
    """Copy a table without its dead rows; raise StillInUse where somebody may still read these."""
    deadline = time.monotonic() + patience
    limit = connection.scalar(text("SELECT CAST(pg_current_xact_id() AS text)"))
    while connection.scalar(_STILL_READ, {"limit": limit}):
        _wait(deadline)
    while True:
        try:
            connection.exec_driver_sql(f"VACUUM ({options}) {table}")
        except DBAPIError as error:
            if getattr(error.orig, "sqlstate", "") != psycopg.errors.LockNotAvailable.sqlstate:
                raise
            # Given up for a moment, so that public pages do not queue behind a long import.
            _wait(deadline)
        else:
            return


def _wait(deadline: float) -> None:
    if time.monotonic() > deadline:
        raise StillInUse
    time.sleep(PAUSE)


def _renew_journal(connection: Connection) -> None:
    """Remove the segments written so far, and write over those that were only renamed."""
    _next_segment(connection)
    connection.exec_driver_sql("CHECKPOINT")
    deadline = time.monotonic() + FREEING
    # Another checkpoint says where it began before it removes what came before.
    while count := connection.scalar(_OLD_SEGMENTS):
        if time.monotonic() > deadline:
            raise WalRetained(count=str(count))
        time.sleep(PAUSE)
    # A recycled segment keeps its bytes under its next name; leaving one fills its rest with zeros.
    for _ in range((connection.scalar(_AHEAD) or 0) + 1):
        _next_segment(connection)


def _next_segment(connection: Connection) -> None:
    # A segment in which nothing was written is not left: a transaction leaves its record.
    connection.exec_driver_sql("SELECT pg_current_xact_id()")
    connection.exec_driver_sql("SELECT pg_switch_wal()")


@contextmanager
def _as_owner(owner_url: str) -> Iterator[Session]:
    owner = make_engine(owner_url)
    try:
        with write(owner) as session:
            yield session
    finally:
        owner.dispose()


def _note_purged(session: Session, erasures: list[UUID]) -> None:
    done = update(ErasureRequest).where(among(ErasureRequest.id, erasures))
    session.execute(done.values(purged_at=func.now()))


def _settle(staff: Engine, vault: Vault, debt: dict[UUID, UUID], who: str) -> None:
    """Note in the history that it is done."""
    with write(staff) as session:
        # Another purge of the same debt may have been quicker.
        settled = session.scalars(
            delete(ErasureDebt)
            .where(among(ErasureDebt.revision_id, debt))
            .returning(ErasureDebt.revision_id)
        )
        actors = {debt[revision_id] for revision_id in settled}
        history = History(session, vault, who, "purge")
        history.note(Entry(actor_id, "purge") for actor_id in actors)
