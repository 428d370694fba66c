"""A server of a register in the test's process, on loopback: answers as the test scripts it."""

import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from email.message import Message
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

Answer = Callable[["Handler"], None]


class RegisterServer:
    """url: of the file. asked: headers of each request. answers: in turn, the last for ever."""

    def __init__(self, url: str) -> None:
        self.url = url
        self.asked: list[Message] = []
        self.paths: list[str] = []
        self.answers: list[Answer] = []


class Handler(BaseHTTPRequestHandler):
    """Hands each request to the next answer."""

    server_of: RegisterServer

    def do_GET(self) -> None:
        peer = self.server_of
        peer.asked.append(self.headers)
        peer.paths.append(self.path)
        answer = peer.answers.pop(0) if len(peer.answers) > 1 else peer.answers[0]
        answer(self)

    def log_message(self, format: str, *args: object) -> None:
        """Say nothing."""


def says(status: int, body: bytes = b"", **headers: str) -> Answer:
    """Answer with a status and headers, Retry_After for Retry-After; the length unless given."""

    def answer(handler: Handler) -> None:
        given = {name.replace("_", "-"): value for name, value in headers.items()}
        if status != 304:
            given.setdefault("Content-Length", str(len(body)))
        handler.send_response(status)
        for name, value in given.items():
            handler.send_header(name, value)
        handler.end_headers()
        handler.wfile.write(body)

    return answer


def endless(handler: Handler) -> None:
    """Send a body without length until the other side hangs up."""
    handler.send_response(200)
    handler.end_headers()
    try:
        while True:
            handler.wfile.write(bytes(10_000))
    except OSError:
        handler.close_connection = True


@contextmanager
def register_server() -> Iterator[RegisterServer]:
    """Serve until the block ends."""
    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    peer = RegisterServer(f"http://127.0.0.1:{server.server_port}/register")
    server.RequestHandlerClass = type("Scripted", (Handler,), {"server_of": peer})
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
    thread.start()
    try:
        yield peer
    finally:
        server.shutdown()
        thread.join()
        server.server_close()
