"""What a process says of itself: one line of JSON for each event, in universal time.

No line holds what somebody asked for, a value, or the text of an exception, which may quote either.
"""

import logging
import sys
import threading
import traceback
from collections.abc import MutableMapping
from contextvars import ContextVar
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, TextIO

import structlog

from app.settings import ROOT

# The id of the request that is being answered; a thread that works for it has it as well.
REQUEST_ID: ContextVar[str] = ContextVar("request_id", default="")

log = structlog.get_logger(__name__)


def _place(_logger: object, _name: str, line: MutableMapping[str, Any]) -> MutableMapping[str, Any]:
    """Say when, and for which request."""
    request = REQUEST_ID.get()
    which = {"request_id": request} if request else {}
    now = datetime.now(UTC).isoformat(timespec="seconds")
    return {"event": line.pop("event"), "at": now, **which, **line}


PROCESSORS: list[structlog.typing.Processor] = [
    structlog.processors.add_log_level,
    _place,
    structlog.processors.JSONRenderer(),
]


def lines(file: TextIO | None = None) -> Any:
    """Return what writes a line for each call of its methods; file: the standard output."""
    return structlog.wrap_logger(
        structlog.WriteLogger(file or sys.stdout), processors=list(PROCESSORS)
    ).bind()


def of_command() -> None:
    """Write lines on the standard error: the output of a command is for who typed it."""
    structlog.configure(
        processors=list(PROCESSORS),
        logger_factory=lambda *_: structlog.WriteLogger(sys.stderr),
    )


def of_service() -> None:
    """Write all that this process says as lines on the standard output, its libraries' as well."""
    structlog.configure(
        processors=list(PROCESSORS),
        logger_factory=lambda *_: structlog.WriteLogger(sys.stdout),
    )
    logging.root.handlers = [Libraries()]
    threading.excepthook = _thread_ended


def is_service() -> bool:
    """Say whether this process writes all that it says as lines."""
    return any(isinstance(each, Libraries) for each in logging.root.handlers)


class Libraries(logging.Handler):
    """Says which library complains, where in it, and by which error: never its text."""

    def emit(self, record: logging.LogRecord) -> None:
        """Write what may be said of a record."""
        write = lines().error if record.levelno >= logging.ERROR else lines().warning
        error = of_error(record.exc_info[1] if record.exc_info else None)
        at = f"{record.module}:{record.lineno}"
        write("library", said_by=record.name, said_at=at, **error)


def of_error(error: BaseException | None) -> dict[str, str]:
    """Return the name of an error, and the last line of ours that it came through."""
    if error is None:
        return {}
    while error.__cause__ is not None:
        error = error.__cause__
    said = {"error": type(error).__name__}
    for frame in reversed(traceback.extract_tb(error.__traceback__)):
        path = Path(frame.filename)
        if path.is_relative_to(ROOT / "app") or path.is_relative_to(ROOT / "importers"):
            return {**said, "where": f"{path.relative_to(ROOT)}:{frame.lineno}"}
    return said


def _thread_ended(ended: threading.ExceptHookArgs) -> None:
    log.error("thread ended", **of_error(ended.exc_value))
