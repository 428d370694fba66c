"""What the worker does once a copy of its server was put in that one's place."""

from threading import Event, Thread

import structlog
from sqlalchemy.exc import SQLAlchemyError

from app.commands.support.opening import take_again
from app.errors import Mesure23Error
from app.operations.withdrawn_again import lacking
from app.platform.database.origin import is_promoted
from app.platform.database.sessions import read
from app.runtime.staff import Runtime

# Seconds between two looks: pages are closed meanwhile.
LOOK = 1.0
BY_HAND = "mesure23 backup replay ; voir « Backup and restoration » de docs/operations.md"
log = structlog.get_logger(__name__)


class Replaying:
    """Replays the registers in a thread, from its start until it is stopped, where a copy of the
    server was promoted: what a provider does by night waits for nobody.

    Of a database that somebody restored it does nothing: who does that knows which registers are
    its own, and reads what is not sure.
    """

    def __init__(self, runtime: Runtime) -> None:
        self._runtime = runtime
        self._reported = ""
        self._stopping = Event()
        self._thread = Thread(target=self._run, name="replaying", daemon=True)

    def __enter__(self) -> None:
        self._thread.start()

    def __exit__(self, *_error: object) -> None:
        self._stopping.set()
        self._thread.join(LOOK)

    def _run(self) -> None:
        while not self._stopping.wait(LOOK):
            self.look()

    def look(self) -> None:
        """Replay the registers where there is a need and they lack nothing; else say why not, once,
        and change nothing.
        """
        try:
            with read(self._runtime.staff) as session:
                wanted = is_promoted(session.connection())
        except SQLAlchemyError:
            # A server that is away is said by all that want it.
            return
        why_not = self._replay() if wanted else ""
        if why_not and why_not != self._reported:
            log.error("promoted database not shown", why=why_not, todo=BY_HAND)
        self._reported = why_not

    def _replay(self) -> str:
        """Do what each command does as it opens the database; return why it is not shown."""
        runtime = self._runtime
        try:
            with read(runtime.staff) as session:
                lacks = lacking(session, runtime.vault, runtime.settings)
            if lacks:
                return lacks[0]
            take_again(runtime)
        except (SQLAlchemyError, Mesure23Error, OSError) as error:
            return type(error).__name__
        log.warning("promoted database shown, its registers were replayed")
        return ""
