"""Workers that are forked from a process which has their modules: to read these takes several times
as long as what most of them are to do.
"""

import os
import signal
import sys
from collections.abc import Mapping
from dataclasses import dataclass
from multiprocessing import get_context
from multiprocessing.process import BaseProcess
from pathlib import Path

CONTEXT = get_context("forkserver")
CONTEXT.set_forkserver_preload(
    ["app.start", "app.cli", "app.jobs.worker", "app.jobs.log", "app.jobs.freeing"]
)


@dataclass
class Forked:
    """One of them, asked and ended as a `Popen` is."""

    process: BaseProcess
    out: Path
    err: Path

    @property
    def returncode(self) -> int | None:
        return self.process.exitcode

    def poll(self) -> int | None:
        return self.process.exitcode

    def send_signal(self, number: signal.Signals) -> None:
        assert self.process.pid
        os.kill(self.process.pid, number)

    def terminate(self) -> None:
        self.process.terminate()

    def kill(self) -> None:
        self.process.kill()

    def wait(self, timeout: float | None = None) -> None:
        self.process.join(timeout)
        assert self.process.exitcode is not None

    def communicate(self, timeout: float | None = None) -> tuple[str, str]:
        """Wait until it ended; return what it said."""
        self.wait(timeout)
        return self.out.read_text(), self.err.read_text()


def start(environment: Mapping[str, str], said: Path) -> Forked:
    """Start `mesure23 worker` in a process of its own; said: what it says is written beside it."""
    out, err = said.with_suffix(".out"), said.with_suffix(".err")
    out.touch()
    err.touch()
    process = CONTEXT.Process(
        target=_work, args=(dict(environment), str(out), str(err)), daemon=True
    )
    process.start()
    return Forked(process, out, err)


def _work(environment: dict[str, str], *said: str) -> None:
    os.environ.clear()
    os.environ.update(environment)
    for stream, path in enumerate(said, 1):
        os.dup2(os.open(path, os.O_WRONLY | os.O_APPEND | os.O_CREAT, 0o600), stream)
    sys.argv[:] = ["mesure23", "worker"]
    # Who starts this has no need of it.
    from app.start import main

    main()
