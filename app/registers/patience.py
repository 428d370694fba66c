"""How long a server may take: a byte now and then keeps a connection open for ever."""

import socket
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from functools import partial
from threading import Event, Lock, Thread
from typing import Any

import httpx

# Seconds from a request to the last header of its answer.
LONGEST_HEAD = 60.0
# Seconds until what is late is ended once more: a connection may have opened since the last time.
_AGAIN = 0.5


class Patience:
    """Ends the connections of one client, which one thread uses, where something is late.

    Time-outs of httpx are of one read, of which a server may make thousands. connected: is told
    whom each connection reached, by address, before anything is sent; what it raises ends it. It is
    not told of a proxy, which the operator chose, and which alone knows whom it reaches.
    """

    def __init__(self, connected: Callable[[str], None] = lambda peer: None) -> None:
        self._connected = connected
        self._sockets: list[Any] = []
        self._lock = Lock()
        self._by_proxy = False

    def extensions(self, url: httpx.URL) -> dict[str, Any]:
        """Return what a request of an address is built with, by which its connection is known."""
        return {"trace": partial(self._trace, url.raw_host.decode("ascii"))}

    @contextmanager
    def until_answered(self) -> Iterator[None]:
        """Ask within this block, and read no body; httpx raises an error of the network."""
        with self.within(LONGEST_HEAD):
            yield

    @contextmanager
    def within(self, seconds: float) -> Iterator[None]:
        """Ask or read within this block; httpx.ReadTimeout, or another error of it, if it lasts."""
        done, late = Event(), Event()
        watch = Thread(target=self._watch, args=(seconds, done, late), daemon=True)
        watch.start()
        try:
            yield
        finally:
            with self._lock:
                done.set()
        # A body without a length ends as well as it is cut.
        if late.is_set():
            raise httpx.ReadTimeout("")

    def _trace(self, host: str, name: str, info: dict[str, Any]) -> None:
        if name.endswith("connect_tcp.started"):
            self._by_proxy = info["host"] != host
        if name.endswith(("connect_tcp.complete", "start_tls.complete")):
            stream = info["return_value"]
            opened = stream.get_extra_info("socket")
            with self._lock:
                left = (each for each in self._sockets if each.fileno() >= 0)
                self._sockets = [*left, opened]
            if name.endswith("connect_tcp.complete") and not self._by_proxy:
                self._tell_of(stream)

    def _tell_of(self, stream: Any) -> None:
        try:
            self._connected(stream.get_extra_info("server_addr")[0])
        except OSError:
            # The other end has hung up already.
            stream.close()
            raise httpx.ConnectError("") from None
        except BaseException:
            stream.close()
            raise

    def _watch(self, seconds: float, done: Event, late: Event) -> None:
        wait = seconds
        while not done.wait(wait):
            wait = _AGAIN
            with self._lock:
                # Not those of the next attempt, which begins meanwhile.
                if done.is_set():
                    return
                late.set()
                self._end()

    def _end(self) -> None:
        several, self._sockets = self._sockets, []
        for each in several:
            with suppress(OSError):
                # Not as an SSLSocket does, which forgets its session while another thread reads.
                socket.socket.shutdown(each, socket.SHUT_RDWR)
