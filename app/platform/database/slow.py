"""Statements that took long: by which function of ours each was asked for, and no word of it."""

import sys
from collections.abc import Iterable, Iterator
from time import perf_counter
from types import FrameType, TracebackType
from typing import Any

import structlog
from sqlalchemy import Connection, Engine, event

SLOW = 0.5
OURS = ("app.", "importers.")
# What runs the statements of others.
BELOW = "app.platform.database."
_STARTED = "started"

log = structlog.get_logger(__name__)


def watch() -> None:
    """From now on log each statement of this process that takes longer than SLOW seconds."""
    if not is_watched():
        event.listen(Engine, "before_cursor_execute", _begin)
        event.listen(Engine, "after_cursor_execute", _end)


def is_watched() -> bool:
    """Say whether slow statements are logged."""
    return event.contains(Engine, "after_cursor_execute", _end)


def note(seconds: float) -> None:
    """Log a statement that the caller has run, if it was slow."""
    if seconds > SLOW and is_watched():
        # Only now: to look for the function each time would take longer than many statements.
        name = _name_in(_frames(sys._getframe(1)))
        log.warning("slow statement", query=name, ms=round(seconds * 1000))


def query_of(trace: TracebackType | None) -> str:
    """Return the function whose statement failed, by the traceback of its error."""
    frames = []
    while trace is not None:
        frames.append(trace.tb_frame)
        trace = trace.tb_next
    return _name_in(reversed(frames))


def _begin(connection: Connection, *_: Any) -> None:
    connection.info[_STARTED] = perf_counter()


def _end(connection: Connection, *_: Any) -> None:
    note(perf_counter() - connection.info.pop(_STARTED, perf_counter()))


def _frames(frame: FrameType | None) -> Iterator[FrameType]:
    while frame is not None:
        yield frame
        frame = frame.f_back


def _name_in(frames: Iterable[FrameType]) -> str:
    """Return the innermost function of ours among frames, as "app.search.counts.count"."""
    for frame in frames:
        module = str(frame.f_globals.get("__name__", ""))
        if module.startswith(OURS) and not module.startswith(BELOW):
            return f"{module}.{frame.f_code.co_qualname}"
    return "-"
