"""What runs in the background: tables of the queue, which belong to its library (schema jobs).

They are no models: the library's own SQL makes them, and nothing here says their types.
"""

from enum import StrEnum

from sqlalchemy import column, table


class Job(StrEnum):
    """A task of the worker, by the name that stands in the queue."""

    ALERT = "alert"
    ANSWER = "answer"
    APPLY = "apply"
    ASK = "ask"
    CATALOGUE = "catalogue"
    CHECK = "check"
    COMPARE = "compare"
    CONFIRM = "confirm"
    COUNT = "count"
    GEOCODE = "geocode"
    HIDE = "hide"
    LETTER = "letter"
    LETTER_TEST = "letter_test"
    LOOK = "look"
    NOTE = "note"
    PURGE = "purge"
    RETAIN = "retain"
    SPARE = "spare"
    TELL = "tell"
    TIDY = "tidy"
    UNDO = "undo"
    WELCOME = "welcome"


SCHEMA = "jobs"
JOBS = table(
    "procrastinate_jobs",
    *(column(name) for name in ("id", "task_name", "status", "scheduled_at", "attempts")),
    schema=SCHEMA,
)
EVENTS = table(
    "procrastinate_events",
    *(column(name) for name in ("id", "job_id", "type", "at")),
    schema=SCHEMA,
)
