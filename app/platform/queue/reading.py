"""How jobs stand, and one that failed started again."""

from dataclasses import dataclass
from datetime import datetime
from typing import Literal
from uuid import UUID

from sqlalchemy import column, func, select, table, text
from sqlalchemy.orm import Session

from app.models.job import EVENTS, JOBS, SCHEMA, Job

WORKERS = table("procrastinate_workers", column("last_heartbeat"), schema=SCHEMA)
_AGAIN = text("SELECT jobs.procrastinate_retry_job_v2(:id, now(), NULL, NULL, NULL)")

_OLDEST = text(
    "SELECT extract(epoch FROM now() - min(since)) FROM (SELECT greatest(min(events.at),"
    " jobs.scheduled_at) AS since FROM jobs.procrastinate_jobs AS jobs"
    " JOIN jobs.procrastinate_events AS events ON events.job_id = jobs.id"
    " WHERE jobs.status = 'todo' AND coalesce(jobs.scheduled_at, now()) <= now()"
    " GROUP BY jobs.id) AS due"
)
_GOES_ON = text(
    "SELECT EXISTS (SELECT 1 FROM jobs.procrastinate_jobs"
    " WHERE status IN ('todo', 'doing') AND args -> 'ids' ? CAST(:id AS text))"
)

_LEFT = text(
    "SELECT DISTINCT status IN ('todo', 'doing') FROM jobs.procrastinate_jobs"
    " WHERE task_name = :name AND status IN ('todo', 'doing', 'failed')"
)


@dataclass(frozen=True, slots=True)
class Listed:
    """A job: since when it stands as it does, when it goes on, and how often it was tried."""

    id: int
    name: str
    since: datetime
    goes_on_at: datetime | None
    tries: int


def count_by_state(session: Session) -> dict[str, int]:
    """Return how many jobs there are of each state of the library: todo, doing, failed…"""
    statement = select(JOBS.c.status, func.count().label("jobs")).group_by(JOBS.c.status)
    return {row.status: row.jobs for row in session.execute(statement)}


def count_failed(session: Session) -> int:
    """Return how many jobs wait for somebody."""
    failed = select(func.count()).select_from(JOBS).where(JOBS.c.status == text("'failed'"))
    return session.scalars(failed).one()


def age_of_oldest(session: Session) -> float:
    """Return for how many seconds the oldest job that is due waits for a worker; 0 for none."""
    return float(session.scalar(_OLDEST) or 0)


def newest(session: Session, state: str, most: int) -> list[Listed]:
    """Return the jobs of a state that came to it last."""
    now = select(func.current_timestamp()).scalar_subquery()
    since = (
        # A time that is noted for later says when a job goes on.
        select(EVENTS.c.job_id, func.max(EVENTS.c.at).label("since"))
        .where(EVENTS.c.at <= now)
        .group_by(EVENTS.c.job_id)
        .subquery()
    )
    statement = (
        select(JOBS.c.id, JOBS.c.task_name, since.c.since, JOBS.c.scheduled_at, JOBS.c.attempts)
        .join(since, since.c.job_id == JOBS.c.id)
        .where(JOBS.c.status == text("CAST(:state AS jobs.procrastinate_job_status)"))
        .order_by(since.c.since.desc(), JOBS.c.id.desc())
        .limit(most)
    )
    return [Listed(*row) for row in session.execute(statement, {"state": state})]


def is_worked_on(session: Session, seconds: float) -> bool:
    """Return whether a worker gave a sign of life in the last seconds."""
    last = select(func.max(WORKERS.c.last_heartbeat)).scalar_subquery()
    age = func.extract("epoch", func.clock_timestamp() - last)
    return bool(session.scalar(select(age <= seconds)))


def why_halted(session: Session, of: UUID, seconds: float) -> Literal["given up", "nobody", ""]:
    """Return why nothing is done for what has this id: its job failed, or no worker lives.

    seconds: as of is_worked_on.
    """
    if not session.scalar(_GOES_ON, {"id": str(of)}):
        return "given up"
    return "" if is_worked_on(session, seconds) else "nobody"


def what_is_left(session: Session, job: Job) -> Literal["waits", "failed", ""]:
    """Return whether a job of this name is still to be done, or else one waits for somebody."""
    left = set(session.scalars(_LEFT, {"name": job.value}))
    return "waits" if True in left else "failed" if left else ""


def start_again(session: Session, number: int) -> str | None:
    """Let a job that failed wait for a worker again; return its name, None where it failed not."""
    failed = (
        select(JOBS.c.task_name)
        .where(JOBS.c.id == number, JOBS.c.status == text("'failed'"))
        .with_for_update()
    )
    name: str | None = session.scalar(failed)
    if name is not None:
        session.execute(_AGAIN, {"id": number})
    return name
