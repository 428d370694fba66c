"""How far a copy of the database that only reads is behind the one that is written to.

What was hidden is hidden there once the copy has replayed it. The worker writes the hour into one
row each second; whoever reads a copy looks how old that row is in it, and reads nothing else where
it is too old. The clocks of both machines are compared: keep them by NTP.
"""

from threading import Event, Thread
from time import monotonic, sleep

import psycopg
import structlog
from sqlalchemy import Connection, Engine, event, text
from sqlalchemy.exc import ProgrammingError, SQLAlchemyError

from app.errors import RETRY, Mesure23Error
from app.platform.database.engines import make_engine
from app.platform.database.origin import RESTORED, RESTORED_UNTOLD

# Seconds between two looks of a process, and between two signs of the worker.
LOOK, BEAT = 0.5, 1.0
# Seconds between two looks of a command that waits for copies.
PAUSE = 0.1
# By no view of the database: one that is restored has those of the release it was backed up by.
_BEHIND = "SELECT CASE WHEN {restored} THEN 'Infinity' ELSE seconds END FROM open.lag"
BEHIND, BEHIND_UNTOLD = (_BEHIND.format(restored=each) for each in (RESTORED, RESTORED_UNTOLD))
UNTOLD = "SELECT CASE WHEN pg_is_in_recovery() THEN 'Infinity' ELSE '0' END::double precision"
# Only where a copy is fed: who has none need not write to the disk each second.
_SIGN = text("""
INSERT INTO heartbeat (id, at) SELECT 1, clock_timestamp()
WHERE EXISTS (SELECT FROM pg_stat_get_wal_senders()) ON CONFLICT (id) DO UPDATE SET at = excluded.at
""")
_HERE = text("SELECT pg_current_wal_lsn()::text")
# One that is fed by way of a slot has its name while it is away as well. What a login may not see
# of it is NULL, as what it has not replayed yet.
_WITHOUT = text("""
SELECT coalesce(nullif(a.application_name, ''), s.slot_name, a.pid::text) AS name
FROM pg_stat_replication a
FULL JOIN (SELECT * FROM pg_replication_slots WHERE slot_type = 'physical') s
  ON s.active_pid = a.pid
WHERE a.state IS DISTINCT FROM 'backup'
  AND coalesce(a.replay_lsn < CAST(:place AS pg_lsn), true) ORDER BY name
""")

log = structlog.get_logger(__name__)


class TooFarBehind(Mesure23Error):
    """Cette copie du service n’est plus à jour ou reste à vérifier : elle ne montre rien."""

    status = 503
    title = "Service momentanément indisponible"
    advice = RETRY


class Lag:
    """What a process knows of how far behind its database is. most: seconds, 0 of a server that
    is written to.
    """

    def __init__(self, most: float) -> None:
        self._most = most
        self._looked = float("-inf")
        self._behind = True

    def look(self, connection: psycopg.Connection) -> bool:
        """Return whether a database is too far behind, as it said at most LOOK ago.

        connection: in no transaction. Raises psycopg.Error.
        """
        now = monotonic()
        if now - self._looked >= LOOK:
            # No BEGIN: the pool may have left a connection set to write, which a copy refuses.
            connection.autocommit = True
            try:
                found = connection.execute(BEHIND).fetchone()
            except psycopg.errors.UndefinedTable:
                # Tables of a former release: of a copy nothing tells how old it is.
                found = connection.execute(UNTOLD).fetchone()
            except psycopg.errors.InsufficientPrivilege:
                found = connection.execute(BEHIND_UNTOLD).fetchone()
            connection.autocommit = False
            self._behind = found is None or is_too_far(found[0], self._most)
            self._looked = now
        return self._behind

    def refuse(self, connection: psycopg.Connection, *_others: object) -> None:
        """Raise TooFarBehind in place of giving out a connection of a pool."""
        if self.look(connection):
            raise TooFarBehind


def is_too_far(seconds: float, most: float) -> bool:
    """Return whether a copy is too far behind; one whose clock is, may be by as much."""
    return abs(seconds) > most


def seconds_behind(connection: Connection) -> float:
    """Return how far behind a database is, which is restored: infinitely; within a transaction."""
    try:
        with connection.begin_nested():
            return float(connection.scalars(text(BEHIND)).one())
    except ProgrammingError:
        return float(connection.scalars(text(BEHIND_UNTOLD)).one())


def refuse_old(connection: Connection, most: float) -> None:
    """Raise TooFarBehind on a copy that is further behind than so many seconds."""
    if is_too_far(seconds_behind(connection), most):
        raise TooFarBehind


def read_nothing_old(engine: Engine, most: float) -> None:
    """Let an engine give no connection to a copy that is further behind than so many seconds."""
    event.listen(engine, "checkout", Lag(most).refuse)


class Heart:
    """Writes the hour each second in a thread, from its start until it is stopped."""

    def __init__(self, staff: Engine) -> None:
        self._url = staff.url.render_as_string(hide_password=False)
        self._stopping = Event()
        self._thread = Thread(target=self._run, name="heartbeat", daemon=True)

    def __enter__(self) -> None:
        self._thread.start()

    def __exit__(self, *_error: object) -> None:
        self._stopping.set()
        self._thread.join(BEAT)

    def _run(self) -> None:
        engine = make_engine(self._url, pool_size=1, application="mesure23 heartbeat")
        lost = False
        while not self._stopping.wait(BEAT):
            try:
                with engine.begin() as connection:
                    connection.execute(_SIGN)
                lost = False
            except SQLAlchemyError as error:
                if not lost:
                    log.warning("no sign for copies of the database", why=type(error).__name__)
                lost = True
        engine.dispose()


def copies_without(owner_url: str, patience: float) -> list[str]:
    """Wait until each copy has replayed what was committed until now; return who has not.

    patience: seconds. A copy that is away, and has no slot, is not known: it is too far behind by
    then, and reads nothing.
    """
    engine = make_engine(owner_url, pool_size=1)
    try:
        return copies_behind(engine, patience)
    finally:
        engine.dispose()


def copies_behind(engine: Engine, patience: float) -> list[str]:
    """Return the same, of the server of an engine, as its login may see it."""
    until = monotonic() + patience
    with engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
        place = connection.scalar(_HERE)
        while True:
            names = list(connection.scalars(_WITHOUT, {"place": place}))
            if not names or monotonic() > until:
                return names
            sleep(PAUSE)
