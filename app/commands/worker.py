"""`mesure23 worker`: does what others put off, until it is asked to end."""

import os
import sys
from contextlib import nullcontext
from typing import Annotated

import typer

from app.commands.support.measuring import measured_of_staff
from app.commands.support.opening import opened
from app.commands.support.parent import end_with_parent
from app.commands.support.replaying import Replaying
from app.commands.support.signals import until_signalled
from app.platform.database.lag import Heart, read_nothing_old
from app.platform.logs import of_service
from app.runtime.addresses import read_settings
from app.runtime.staff import open_runtime


def worker(
    child: Annotated[
        bool, typer.Option("--child", hidden=True, help="Finir avec l’entrée standard.")
    ] = False,
) -> None:
    """Faire en arrière-plan ce qui est remis à plus tard ; « serve » en lance un lui-même."""
    of_service()
    if child:
        end_with_parent()
    with until_signalled():
        # What there is to say, who starts it has said.
        with open_runtime(read_settings()) if child else opened() as runtime:
            if runtime.cluster is not None:
                runtime.cluster.watch()
            # Here, since the other commands do without the queue's library.
            from app.jobs.freeing import Pace
            from app.jobs.log import JobLog
            from app.jobs.worker import run

            JobLog().listen()
            # A child leaves the address to who serves.
            measuring = nullcontext() if child else measured_of_staff(runtime)
            # What it writes for a proxy is as old as what it reads.
            read_nothing_old(runtime.databases.public, runtime.settings.lag_most)
            with Heart(runtime.staff), Replaying(runtime), measuring:
                still_running = run(runtime, Pace.of(runtime.settings.worker_heartbeat))
        if still_running:
            # Its thread would be waited for; another worker does the job again.
            sys.stdout.flush()
            os._exit(0)
