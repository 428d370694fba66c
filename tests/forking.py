"""Commands that are forked from a process which has their modules: to read these takes several
times as long as what most of them do.
"""

import os
import signal
import subprocess
import sys
from collections.abc import Mapping, Sequence
from multiprocessing import get_context
from multiprocessing.reduction import DupFd
from pathlib import Path
from threading import Thread
from typing import IO, Any

from app import cli

CONTEXT = get_context("forkserver")
COMMANDS = {f"app.commands.{where.partition(':')[0]}" for where in cli.COMMANDS.values()}
CONTEXT.set_forkserver_preload(
    [
        "app.start",
        *sorted(COMMANDS),
        # What some of them load as they begin.
        "app.commands.support.server",
        "app.commands.support.desk_server",
        "app.jobs.worker",
        "app.jobs.log",
        "app.jobs.freeing",
    ]
)


class Forked:
    """A command in a process of its own: as subprocess.Popen, as far as tests ask one.

    What it says on each stream is read once, by lines or by `communicate`.
    """

    def __init__(self, arguments: Sequence[str | Path], environment: Mapping[str, str]) -> None:
        (asked, say), (hear, said), (listen, complained) = (os.pipe() for _ in range(3))
        given = (asked, said, complained)
        self.stdin: IO[str] | None = os.fdopen(say, "w")
        self.stdout, self.stderr = os.fdopen(hear), os.fdopen(listen)
        self._process = CONTEXT.Process(
            target=_run,
            args=([str(each) for each in arguments], dict(environment), *map(_Given, given)),
            daemon=True,
        )
        self._process.start()
        for each in given:
            os.close(each)

    @property
    def pid(self) -> int:
        """Its number."""
        assert self._process.pid
        return self._process.pid

    @property
    def returncode(self) -> int | None:
        """How it ended: less than 0 by a signal; None: not yet."""
        return self._process.exitcode

    def poll(self) -> int | None:
        """Return how it ended, if it did."""
        return self._process.exitcode

    def wait(self, timeout: float | None = None) -> int:
        """Return how it ended, once it did; raise subprocess.TimeoutExpired."""
        self._process.join(timeout)
        if self._process.exitcode is None:
            raise subprocess.TimeoutExpired("mesure23", timeout or 0.0)
        return self._process.exitcode

    def communicate(self, timeout: float | None = None) -> tuple[str, str]:
        """Return what is not read yet of what it says; raise subprocess.TimeoutExpired."""
        said = ["", ""]
        if self.stdin:
            self.stdin.close()

        def read(number: int, stream: IO[str]) -> None:
            if not stream.closed:
                with stream:
                    said[number] = stream.read()

        readers = [
            Thread(target=read, args=each, daemon=True)
            for each in enumerate((self.stdout, self.stderr))
        ]
        for reader in readers:
            reader.start()
        for reader in readers:
            reader.join(timeout)
            if reader.is_alive():
                raise subprocess.TimeoutExpired("mesure23", timeout or 0.0)
        self.wait(timeout)
        return said[0], said[1]

    def send_signal(self, number: int) -> None:
        """Send it a signal, unless it ended."""
        if self._process.exitcode is None:
            os.kill(self.pid, number)

    def terminate(self) -> None:
        """Ask it to end."""
        self.send_signal(signal.SIGTERM)

    def kill(self) -> None:
        """End it."""
        self.send_signal(signal.SIGKILL)


def run(
    arguments: Sequence[str | Path], environment: Mapping[str, str], timeout: float
) -> subprocess.CompletedProcess[str]:
    """Run a command and return how it ended, as subprocess.run does: it is killed after a time."""
    child = Forked(arguments, environment)
    try:
        out, err = child.communicate(timeout)
    except subprocess.TimeoutExpired:
        child.kill()
        raise
    return subprocess.CompletedProcess(arguments, child.wait(), out, err)


class _Given:
    """The end of a pipe, handed to the process that is forked."""

    def __init__(self, end: int) -> None:
        self.end = end

    def __reduce__(self) -> tuple[Any, ...]:
        return _taken, (DupFd(self.end),)


def _taken(handed: Any) -> int:
    end: int = handed.detach()
    return end


def _run(arguments: list[str], environment: dict[str, str], *streams: int) -> None:
    for number, stream in enumerate(streams):
        os.dup2(stream, number)
        os.close(stream)
    sys.stdin = os.fdopen(0, closefd=False)
    # As at a terminal, though who runs the tests may ignore Ctrl-C, as what runs in the background.
    signal.signal(signal.SIGINT, signal.default_int_handler)
    os.environ.clear()
    os.environ.update(environment)
    sys.argv[:] = ["mesure23", *arguments]
    # Who starts this has no need of it.
    from app.start import main

    main()
