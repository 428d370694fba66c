"""Workers that are forked from a process which has their modules: to read these takes several times
as long as what a worker that is killed two hundred times is to do.
"""

import os
import sys
from collections.abc import Mapping
from multiprocessing import get_context
from multiprocessing.process import BaseProcess
from pathlib import Path

CONTEXT = get_context("forkserver")
CONTEXT.set_forkserver_preload(
    ["app.start", "app.cli", "app.jobs.worker", "app.jobs.log", "app.jobs.freeing"]
)


def start(environment: Mapping[str, str], log: Path) -> BaseProcess:
    """Start `mesure23 worker` in a process of its own; log: where it writes what it says."""
    process = CONTEXT.Process(target=_work, args=(dict(environment), str(log)), daemon=True)
    process.start()
    return process


def _work(environment: dict[str, str], log: str) -> None:
    os.environ.clear()
    os.environ.update(environment)
    said = os.open(log, os.O_WRONLY | os.O_APPEND | os.O_CREAT, 0o600)
    for stream in (1, 2):
        os.dup2(said, stream)
    sys.argv[:] = ["mesure23", "worker"]
    # Who starts this has no need of it.
    from app.start import main

    main()
