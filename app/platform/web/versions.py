"""What a process knows of the versions of territories: asked for often, and never trusted long."""

from collections.abc import Mapping
from math import inf
from threading import Event, Lock, Thread
from time import monotonic
from uuid import UUID

import structlog
from sqlalchemy import Engine, Text, bindparam, select, text
from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.orm import Session

from app.models.version import PublicVersion, TerritoryVersion
from app.platform.database.driver import compiled, read_rows
from app.platform.database.engines import make_engine
from app.platform.database.lag import is_too_far, seconds_behind
from app.platform.database.schema import OLDEST, is_outgrown, is_too_old
from app.platform.database.sessions import read

FRANCE = ""
# Of what is public of resources, which belongs to no territory.
RESOURCES = "ressources"
PERIOD = 0.3
# What was read longer ago than this says nothing of now, in seconds.
TRUSTED = 1.0
# A database that does not answer is asked less and less often, down to this.
LONGEST_PERIOD = 5.0
# Where nobody asks, nothing is read.
IDLE = 60.0
# Of the transaction alone: behind PgBouncer its connection serves others between two of them.
TIMEOUT = text("SET LOCAL statement_timeout = '800ms'")
_KNOWN = (
    select(TerritoryVersion.territory_code.label("subject"), TerritoryVersion.version)
    .union_all(select(PublicVersion.subject, PublicVersion.version))
    .subquery("known")
)
STATEMENT = select(_KNOWN)
_SEEN = compiled(
    select(_KNOWN.c.version).where(_KNOWN.c.subject == bindparam("subject", type_=Text))
)

log = structlog.get_logger(__name__)


def version_seen(session: Session, subject: str) -> UUID | None:
    """Return the version of what a session on one snapshot reads of a subject.

    subject: the code of a territory, FRANCE, or RESOURCES.
    """
    rows = read_rows(session, _SEEN.given({"subject": subject}))
    return rows[0][0] if rows else None


class Versions:
    """Reads every version each PERIOD in one thread, from the first question until nobody asks.

    The thread has a connection of its own, so that no request waits for it nor it for them; when
    the database is lost it tries again. public: the engine of the login of public pages. lag_most:
    seconds that its database may be behind; no version is known of one that is further.
    """

    def __init__(self, public: Engine, lag_most: float = inf) -> None:
        self._public = public
        self._lag_most = lag_most
        # Seconds, as of the last reading; 0 of a database that is written to.
        self.behind = 0.0
        self._misfit = False
        self._lock = Lock()
        self._thread: Thread | None = None
        self._stopping = Event()
        self._asked = monotonic()
        # When the reading began, since it may show nothing that was committed later.
        self._known: tuple[float, Mapping[str, UUID]] = (float("-inf"), {})

    def of(self, subject: str) -> UUID | None:
        """Return the version of a territory, of FRANCE or of RESOURCES, or None.

        None where it is not known for sure.

        Ask before reading what the version is to stand for: data that are newer than their
        version are read again soon, data that are older would be cached as if they were new.

        A territory's version stands for the public records of the actors that concern it, and for
        the names of places. What a page says beyond that, such as the telephone of another
        territory's CRIP, takes the version of FRANCE, which changes with every other one.
        """
        self._asked = now = monotonic()
        if self._thread is None:
            self._start()
        began, versions = self._known
        return versions.get(subject) if now - began < TRUSTED else None

    @property
    def age(self) -> float:
        """Return the seconds since versions were read, infinite where they never were."""
        return monotonic() - self._known[0]

    @property
    def misfit(self) -> bool:
        """Return whether the schema is older than this release, or has outgrown it, by now."""
        return self._misfit and self.age < TRUSTED

    def stop(self) -> None:
        """End the thread and close its connection; the next question starts another one."""
        with self._lock:
            thread = self._thread
            self._stopping.set()
        if thread is not None:
            thread.join(TRUSTED)

    def _start(self) -> None:
        with self._lock:
            if self._thread is None:
                self._stopping = Event()
                self._thread = Thread(
                    target=self._run, args=(self._stopping,), name="versions", daemon=True
                )
                self._thread.start()

    def _run(self, stopping: Event) -> None:
        url = self._public.url.render_as_string(hide_password=False)
        engine = make_engine(url, pool_size=1, application="mesure23 versions")
        period, lost = PERIOD, False
        try:
            while self._wanted(stopping):
                try:
                    self._poll(engine, stopping)
                except SQLAlchemyError as error:
                    engine.dispose()
                    if not lost:
                        log.warning("versions unknown, nothing is cached", why=type(error).__name__)
                    period, lost = (min(period * 2, LONGEST_PERIOD), True)
                    stopping.wait(period)
        finally:
            engine.dispose()
            with self._lock:
                self._thread = None

    def _poll(self, engine: Engine, stopping: Event) -> None:
        while self._wanted(stopping):
            began = monotonic()
            with read(engine) as session:
                session.execute(TIMEOUT)
                rows = session.execute(STATEMENT).all()
                self.behind = seconds_behind(session.connection())
                outgrown = is_outgrown(session.scalar(OLDEST))
                behind = is_too_far(self.behind, self._lag_most)
            # Apart: of tables from before anybody said which they are, the question is an error.
            self._misfit = outgrown or is_too_old(engine)
            # What is too old stands for nothing, so that nothing cached is given out either.
            known = {} if behind else {row.subject: row.version for row in rows}
            self._known = (began, known)
            stopping.wait(PERIOD)

    def _wanted(self, stopping: Event) -> bool:
        return not stopping.is_set() and monotonic() - self._asked < IDLE
