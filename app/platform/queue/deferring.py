"""Asks the worker for something, in the transaction of what makes it necessary."""

import json
import re
from uuid import UUID

from sqlalchemy import text
from sqlalchemy.orm import Session

from app.models.job import Job

# What a job may be given: an id, or the code of a territory or of a kind; the table refuses more.
_CODE = re.compile(r"[0-9A-Z]{1,5}")
# By its function for other programs, which the library numbers anew when it changes.
_DEFER = text("""
SELECT unnest(jobs.procrastinate_defer_jobs_v1(ARRAY[
  ROW('default', CAST(:job AS text), 0, CAST(:job AS text), NULL, CAST(:args AS jsonb), NULL)
]::jobs.procrastinate_job_to_defer_v1[]))
""")

_WAITS = text(
    "SELECT FROM jobs.procrastinate_jobs WHERE task_name = :job AND status = 'todo' LIMIT 1"
)


def defer_once(session: Session, job: Job) -> None:
    """Add a job that looks itself for what is to be done, unless one waits already."""
    if session.execute(_WAITS, {"job": job.value}).first() is None:
        defer(session, job)


def defer(session: Session, job: Job, *ids: UUID | str) -> int:
    """Add a job that exists once the session's transaction commits, or never; return its number.

    ids: of what it is done to. Jobs of one name are done one after the other. Raises ValueError for
    anything but ids and codes, since the queue is read by more people than a record.
    """
    if not all(isinstance(each, UUID) or _CODE.fullmatch(each) for each in ids):
        raise ValueError("ids and codes only")
    args = {"ids": [str(each) for each in ids]} if ids else {}
    number: int = session.scalars(_DEFER, {"job": job.value, "args": json.dumps(args)}).one()
    return number
