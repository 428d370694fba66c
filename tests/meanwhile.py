"""Waiting until something is so, such as that a session waits for another one."""

import time
from collections.abc import Callable

from sqlalchemy import Engine, text

from app.platform.database.sessions import read

_BLOCKED = text(
    "SELECT count(*) FROM pg_stat_activity"
    " WHERE datname = current_database() AND wait_event_type = 'Lock'"
)


def until(wanted: Callable[[], bool], seconds: float = 60) -> float:
    """Wait until something is so, at most so many seconds; return how long it took."""
    start = time.monotonic()
    while not wanted():
        passed = time.monotonic() - start
        assert passed < seconds
        # Seldomer the longer it takes, since each look takes from what is waited for.
        time.sleep(0.02 + passed / 50)
    return time.monotonic() - start


def in_one_hour(engine: Engine) -> None:
    """Wait for the next hour where this one ends: what is limited by the hour counts anew then."""
    left = "SELECT 3600 - floor(extract(epoch FROM clock_timestamp()))::int % 3600"
    with read(engine) as session:
        seconds = int(session.scalars(text(left)).one())
    if seconds < 60:
        time.sleep(seconds + 1)


def count_blocked(engine: Engine) -> int:
    """Return how many sessions wait for what another one has locked."""
    with read(engine) as session:
        return int(session.scalars(_BLOCKED).one())


def is_blocked(engine: Engine) -> bool:
    """Say whether a session waits for what another one has locked."""
    return bool(count_blocked(engine))
