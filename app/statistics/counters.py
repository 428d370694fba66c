"""What a process counted since it last told the database: in memory, and of nobody."""

from collections.abc import Callable, Iterable
from datetime import date, datetime
from threading import Event, Lock, Thread

import structlog
from sqlalchemy import Engine, text
from sqlalchemy.exc import SQLAlchemyError

from app.platform.database.sessions import write
from app.statistics.page_types import PageType
from geo.zones import paris_day

# Seconds between two tellings: a process that is killed forgets what it counted since.
PERIOD = 60.0
# Of a process at a time: more than a day of all pages has.
MOST_CELLS = 20_000
MOST_AT_ONCE = 100_000
# The day, the page, the territory, the facet and the embed.
Cell = tuple[date, str, str, str, str]
_ADD = text(
    "INSERT INTO public.page_view_added (day, page, territory_code, facet, embed_id, count)"
    " VALUES (:day, :page, :territory_code, :facet, :embed_id, :count)"
)

log = structlog.get_logger(__name__)


class Counters:
    """Counts views, and adds them to the database each PERIOD, by a thread of its own.

    inbox: the engine of the login that adds and reads nothing. now: a test gives its own.
    """

    def __init__(self, inbox: Engine, now: Callable[[], datetime]) -> None:
        self._inbox = inbox
        self._now = now
        self._lock = Lock()
        self._cells: dict[Cell, int] = {}
        self._stopping = Event()
        self._thread: Thread | None = None
        self._lost = False

    def add(
        self, page: PageType, territory: str = "", facets: Iterable[str] = (), embed: str = ""
    ) -> None:
        """Count a view, and a search without an answer for each of its facets."""
        day = paris_day(self._now())
        seen: Cell = (day, page.value, "" if embed else territory, "", embed)
        empty: list[Cell] = [(day, PageType.EMPTY.value, territory, each, "") for each in facets]
        with self._lock:
            for cell in (seen, *empty):
                self._count(cell, 1)

    def start(self) -> None:
        """Tell the database from now on."""
        self._stopping.clear()
        self._thread = Thread(target=self._run, name="counters", daemon=True)
        self._thread.start()

    def stop(self) -> None:
        """Tell it what is still to be told, and end."""
        self._stopping.set()
        if self._thread is not None:
            self._thread.join(PERIOD)
            self._thread = None

    def flush(self) -> None:
        """Add what was counted; where the database does not take it, it is tried again later."""
        with self._lock:
            cells, self._cells = self._cells, {}
        if not cells:
            return
        try:
            with write(self._inbox) as session:
                # In one order, so that of two processes none waits for the other in a circle.
                session.execute(_ADD, [_row(cell, cells[cell]) for cell in sorted(cells)])
            self._lost = False
        except SQLAlchemyError as error:
            if not self._lost:
                log.warning("views wait to be counted", why=type(error).__name__)
            self._lost = True
            with self._lock:
                for cell, count in cells.items():
                    self._count(cell, count)

    def _count(self, cell: Cell, count: int) -> None:
        if cell in self._cells or len(self._cells) < MOST_CELLS:
            self._cells[cell] = min(self._cells.get(cell, 0) + count, MOST_AT_ONCE)

    def _run(self) -> None:
        while not self._stopping.wait(PERIOD):
            self.flush()
        self.flush()


def _row(cell: Cell, count: int) -> dict[str, object]:
    names = ("day", "page", "territory_code", "facet", "embed_id")
    return {**dict(zip(names, cell, strict=True)), "count": count}
