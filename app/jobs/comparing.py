"""Compares who changed with all others, some at a time: what is done is not done again."""

from time import monotonic

from app.lists.duplicates import compare_some
from app.models.job import Job
from app.platform.database.sessions import write
from app.platform.queue.deferring import defer_once
from app.runtime.staff import Runtime
from geo.text import forget

# Then whatever else waits is done before the rest.
SECONDS = 20.0


def compare(runtime: Runtime) -> bool:
    """Propose who may be whom among actors that changed; return whether some are left, for which
    another job waits.

    Killed at any moment, it goes on with those that were not compared yet.
    """
    until = monotonic() + SECONDS
    try:
        some = True
        while some:
            with write(runtime.staff) as session:
                some = compare_some(session, runtime.vault) > 0
                if some and monotonic() > until:
                    defer_once(session, Job.COMPARE)
                    return True
            # Else the names of all would be in memory.
            forget()
    finally:
        # Whoever is hidden is among them.
        forget()
    return False
