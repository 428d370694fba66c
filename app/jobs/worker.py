"""Runs the worker until it is asked to end, or the database is lost."""

import asyncio
import signal

from procrastinate import App, PsycopgConnector
from procrastinate.exceptions import ConnectorException

from app.errors import OperatorError
from app.jobs.freeing import Freeing, Pace
from app.jobs.tasks import make_queue
from app.models.job import SCHEMA, Job
from app.operations.spare_page import spare_path
from app.platform.database.engines import libpq_address
from app.platform.database.sessions import write
from app.platform.queue.deferring import defer_once
from app.runtime.staff import Runtime
from app.vault import lines

# So many at once: jobs of one name wait for one another.
AT_ONCE = 4


class QueueLost(OperatorError):
    """La base de données ne répond plus : le travail en arrière-plan s’est arrêté, et reprendra où
    il en était. Si « mesure23 serve » est en marche, il le relance ; sinon relancez
    « mesure23 worker ».
    """


def run(runtime: Runtime, pace: Pace) -> bool:
    """Do jobs until TERM or Ctrl-C; return whether one still runs, which its process then ends.

    Raises QueueLost.
    """
    if not lines.is_there(spare_path(runtime.settings)):
        # On a new machine: the hour in which it is made may be long.
        with write(runtime.staff) as session:
            defer_once(session, Job.SPARE)
    connector = PsycopgConnector(
        conninfo=libpq_address(runtime.staff),
        kwargs={"options": f"-c search_path={SCHEMA}", "application_name": "mesure23 worker"},
        min_size=1,
        max_size=AT_ONCE + 2,
        timeout=10,
    )
    # Not asyncio.run: it would wait for a thread that still does a job.
    loop = asyncio.new_event_loop()
    try:
        return loop.run_until_complete(_run(make_queue(runtime, connector), pace))
    finally:
        loop.close()


async def _run(app: App, pace: Pace) -> bool:
    asked = asyncio.Event()
    loop = asyncio.get_running_loop()
    for number in (signal.SIGTERM, signal.SIGINT):
        loop.add_signal_handler(number, asked.set)
    try:
        await app.open_async()
        return await _work(app, pace, asked)
    except ConnectorException as error:
        raise QueueLost from error
    finally:
        for number in (signal.SIGTERM, signal.SIGINT):
            loop.remove_signal_handler(number)
        await app.close_async()


async def _work(app: App, pace: Pace, asked: asyncio.Event) -> bool:
    freeing = Freeing(app, pace)
    worker = asyncio.create_task(
        app.run_worker_async(
            concurrency=AT_ONCE,
            install_signal_handlers=False,
            fetch_job_polling_interval=pace.look,
            update_heartbeat_interval=pace.heartbeat,
            stalled_worker_timeout=pace.gone,
            worker_middleware=[freeing.note],
        )
    )
    others = [asyncio.create_task(freeing.go_on()), asyncio.create_task(asked.wait())]
    await asyncio.wait([worker, *others], return_when=asyncio.FIRST_COMPLETED)
    for each in (worker, *others):
        each.cancel()
    ended, running = await asyncio.wait([worker, *others], timeout=pace.grace)
    errors = [each.exception() for each in ended if not each.cancelled()]
    for error in errors:
        if error is not None and not isinstance(error, ConnectorException):
            raise error
    if not asked.is_set():
        # The library ends as if nothing were wrong when the database is lost.
        raise QueueLost
    return bool(running)
