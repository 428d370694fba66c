"""What the worker says of its jobs: which one, its number, its state; never what it was given.

The library's own lines hold arguments, and tracebacks quote values: none of them is written.
"""

import logging
import sys
import traceback
from collections.abc import Mapping
from datetime import UTC, datetime
from pathlib import Path

import structlog

from app.settings import ROOT

LIBRARIES = ("procrastinate", "psycopg", "asyncio")
STATES = {
    "start_job": "started",
    "job_success": "done",
    "job_error_retry": "to retry",
    "job_error": "failed",
    "job_aborted": "aborted",
    "job_aborted_retry": "to retry",
}


def say(event: str, **what: object) -> None:
    """Write a line of JSON on the standard output."""
    log = structlog.wrap_logger(
        structlog.WriteLogger(sys.stdout), processors=[structlog.processors.JSONRenderer()]
    )
    log.info(event, at=datetime.now(UTC).isoformat(timespec="seconds"), **what)


class JobLog(logging.Handler):
    """Writes a line for each state of a job, and for what ends the worker."""

    def emit(self, record: logging.LogRecord) -> None:
        """Write what may be said of a record, and not its text."""
        job = getattr(record, "job", None)
        state = STATES.get(getattr(record, "action", ""))
        error = error_of(record)
        if state and isinstance(job, Mapping):
            which = {"job": job["task_name"], "id": job["id"], "tries": job["attempts"]}
            say("job", **which, state=state, **error)
        elif record.levelno >= logging.WARNING:
            say("worker", said_by=record.name, level=record.levelname, **error)

    def listen(self) -> None:
        """Take the place of what libraries would write, for as long as the process lasts."""
        for name in LIBRARIES:
            logger = logging.getLogger(name)
            logger.propagate = False
            logger.addHandler(self)
        logging.getLogger("procrastinate").setLevel(logging.INFO)


def error_of(record: logging.LogRecord) -> dict[str, str]:
    """Return the name of an error, and the last line of ours that it came through."""
    error = record.exc_info[1] if record.exc_info else None
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
