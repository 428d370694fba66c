"""Frees jobs whose worker is gone, or that nobody knows the end of: the library leaves them."""

import asyncio
import time
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from procrastinate import App, JobContext
from procrastinate.jobs import Job, Status
from procrastinate.worker import Worker

# A job that ended so many workers is left to somebody: the next one would end as well.
MOST_TRIES = 25


@dataclass(frozen=True, slots=True)
class Pace:
    """Seconds: between signs of life, without one until a worker is taken for gone, between looks
    for new jobs and for those to free, and given to a running job when its worker is asked to end.
    """

    heartbeat: float
    gone: float
    look: float
    grace: float

    @classmethod
    def of(cls, heartbeat: float) -> "Pace":
        """Return the pace that goes with signs of life so many seconds apart."""
        return cls(heartbeat, gone=4 * heartbeat, look=heartbeat, grace=1.6 * heartbeat)


class Freeing:
    """Knows which jobs this worker ran to their end, and frees those of workers that are gone."""

    def __init__(self, app: App, pace: Pace) -> None:
        self.app = app
        self.pace = pace
        self._running: set[int] = set()
        self._ended: dict[int, float] = {}

    async def note(
        self, call_next: Callable[[], Awaitable[Any]], context: JobContext, _worker: Worker
    ) -> Any:
        """Note which jobs run here, and when each ended, as a middleware of the library."""
        number = context.job.id or 0
        self._ended.pop(number, None)
        self._running.add(number)
        try:
            return await call_next()
        finally:
            self._running.discard(number)
            self._ended[number] = time.monotonic()

    async def go_on(self) -> None:
        """Free jobs until cancelled; raises ConnectorException where the database is lost."""
        manager = self.app.job_manager
        while True:
            for job in await manager.get_stalled_jobs(seconds_since_heartbeat=self.pace.gone):
                # Its own sign of life may be late where the machine is busy: it is not gone itself.
                if job.id not in self._running:
                    await self._free(job)
            # The connection may have been lost just when the end of a job was to be written.
            late = time.monotonic() - self.pace.gone
            for number in [each for each, ended in self._ended.items() if ended < late]:
                del self._ended[number]
                for job in await manager.list_jobs_async(id=number, status=Status.DOING.value):
                    await self._free(job)
            await asyncio.sleep(self.pace.look)

    async def _free(self, job: Job) -> None:
        manager = self.app.job_manager
        if job.attempts < MOST_TRIES:
            await manager.retry_job(job, retry_at=datetime.now(UTC))
        else:
            await manager.finish_job(job, Status.FAILED, delete_job=False)
