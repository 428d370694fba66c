"""How long a server may take to begin its answer: a byte now and then keeps a connection open."""

import socket
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from threading import Timer
from typing import Any

# Seconds from a request to the last header of its answer.
LONGEST_HEAD = 60.0


class Patience:
    """Ends the connections of one client, which one thread uses, where no answer begins in time.

    Time-outs of httpx are of one read, of which a server may make thousands.
    """

    def __init__(self) -> None:
        self._sockets: list[Any] = []

    @property
    def extensions(self) -> dict[str, Any]:
        """Return what a request is built with, by which its connection is known."""
        return {"trace": self._trace}

    @contextmanager
    def until_answered(self) -> Iterator[None]:
        """Ask within this block, and read no body; httpx raises an error of the network."""
        timer = Timer(LONGEST_HEAD, self._end)
        timer.daemon = True
        timer.start()
        try:
            yield
        finally:
            timer.cancel()

    def _trace(self, name: str, info: dict[str, Any]) -> None:
        if name.endswith(("connect_tcp.complete", "start_tls.complete")):
            opened = info["return_value"].get_extra_info("socket")
            self._sockets = [*(each for each in self._sockets if each.fileno() >= 0), opened]

    def _end(self) -> None:
        # Not those of the next attempt, which begins meanwhile.
        several, self._sockets = self._sockets, []
        for each in several:
            with suppress(OSError):
                # Not as an SSLSocket does, which forgets its session while another thread reads.
                socket.socket.shutdown(each, socket.SHUT_RDWR)
