"""What the worker says of its jobs: which one, its number, its state; never what it was given.

The library's own lines hold arguments, and tracebacks quote values: none of them is written.
"""

import logging
from collections.abc import Mapping

from app.platform.logs import Libraries, lines, of_error

LIBRARY = "procrastinate"
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
    lines().info(event, **what)


class JobLog(Libraries):
    """Writes a line for each state of a job, and for what ends the worker."""

    def emit(self, record: logging.LogRecord) -> None:
        """Write what may be said of a record, and not its text."""
        job = getattr(record, "job", None)
        state = STATES.get(getattr(record, "action", ""))
        if state and isinstance(job, Mapping):
            which = {"job": job["task_name"], "id": job["id"], "tries": job["attempts"]}
            error = of_error(record.exc_info[1] if record.exc_info else None)
            write = lines().error if state == "failed" else lines().info
            write("job", **which, state=state, **error)
        elif record.levelno >= logging.WARNING:
            super().emit(record)

    def listen(self) -> None:
        """Take the place of what the library would write, for as long as the process lasts."""
        logger = logging.getLogger(LIBRARY)
        logger.propagate = False
        logger.addHandler(self)
        logger.setLevel(logging.INFO)
