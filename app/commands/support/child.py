"""The worker that `serve` starts beside it, and starts again whenever it ends."""

import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass

# A running job is given some to end in.
PATIENCE = 12.0
COMMAND = (sys.executable, "-P", "-c", "from app.start import main; main()", "worker", "--child")


@dataclass(frozen=True, slots=True)
class Waits:
    """Seconds before each start, the first one too, which leaves the processor to who serves: twice
    as long each time, until one has lived for a while.
    """

    first: float
    longest: float
    lived: float = 60.0

    @classmethod
    def of(cls, heartbeat: float) -> "Waits":
        """Return those that go with a worker's signs of life so many seconds apart."""
        return cls(first=min(3.0, 0.6 * heartbeat), longest=min(15.0, 3 * heartbeat))


@contextmanager
def child(waits: Waits, command: tuple[str, ...] = COMMAND) -> Iterator[None]:
    """Run a command beside the block, again and again; it ends with the block, or with us."""
    leaving = threading.Event()
    given = (waits, command, leaving)
    thread = threading.Thread(target=_go_on, args=given, name="worker", daemon=True)
    thread.start()
    try:
        yield
    finally:
        leaving.set()
        thread.join()


def _go_on(waits: Waits, command: tuple[str, ...], leaving: threading.Event) -> None:
    wait = waits.first
    while not leaving.wait(wait):
        started = time.monotonic()
        # Its input is ours alone: the system closes it when this process ends, however it does.
        # In a session of its own, where no Ctrl-C reaches it: it is ended below.
        with subprocess.Popen(  # noqa: S603 - ourselves
            command, stdin=subprocess.PIPE, start_new_session=True
        ) as process:
            while process.poll() is None and not leaving.wait(0.2):
                pass
            if process.poll() is None:
                _end(process)
        has_lived = time.monotonic() - started > waits.lived
        wait = waits.first if has_lived else min(2 * wait, waits.longest)


def _end(process: subprocess.Popen[bytes]) -> None:
    process.terminate()
    try:
        process.wait(PATIENCE)
    except subprocess.TimeoutExpired:
        process.kill()
