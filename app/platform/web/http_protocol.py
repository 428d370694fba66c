"""Clients that send or read by drops: uvicorn waits for them for ever, one connection each."""

from asyncio import TimerHandle, Transport
from typing import Any

import structlog
from uvicorn.protocols.http.httptools_impl import STATUS_LINE, HttpToolsProtocol

from app.platform.web.clients import shown
from app.platform.web.observing import new_id

# A phone on a bad line needs some seconds for a request and up to half a minute for a page.
HEAD_SECONDS = 10.0
READER_SECONDS = 30.0
# Well above HEADERS_MAX and ADDRESS_MAX of app.platform.web.request_size, which answers in words.
HEAD_MAX = 65_536
# Where the service ends, whoever has just come is waited for, in seconds.
COMES_SECONDS = 1.0

log = structlog.get_logger(__name__)


class AmbiguousHead(Exception):
    """A request has two hosts or none, or two lengths: uvicorn answers 400 and closes."""


class PatientProtocol(HttpToolsProtocol):
    """uvicorn's protocol with an end to its patience: for a request's head, and for a reader."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._head_timer: TimerHandle | None = None
        self._reader_timer: TimerHandle | None = None
        self._in_head = False
        self._head_bytes = 0
        self._ending = False

    def connection_made(self, transport: Transport) -> None:  # type: ignore[override]
        super().connection_made(transport)
        self._head_timer = self.loop.call_later(HEAD_SECONDS, self.timeout_keep_alive_handler)

    def on_message_begin(self) -> None:
        self._in_head = True
        super().on_message_begin()

    def on_headers_complete(self) -> None:
        names = [name for name, _ in self.headers]
        hosts, first = names.count(b"host"), self.parser.get_http_version() == "1.0"
        if hosts > 1 or not (hosts or first) or names.count(b"transfer-encoding") > 1:
            # A proxy before us may have read the other one.
            raise AmbiguousHead
        self._in_head = False
        self._head_bytes = 0
        self._forget_head_timer()
        super().on_headers_complete()
        if self._ending:
            self.cycle.keep_alive = False

    def shutdown(self) -> None:
        """End after what is asked; who has asked for nothing yet is about to."""
        if self.cycle is None:
            self._ending = True
            self.loop.call_later(COMES_SECONDS, self._leave_unasked)
        else:
            super().shutdown()

    def _leave_unasked(self) -> None:
        if self.cycle is None:
            self.transport.close()

    def data_received(self, data: bytes) -> None:
        super().data_received(data)
        if not self._in_head or self.transport.is_closing():
            return
        # The head did not come in one piece.
        self._head_bytes += len(data)
        if self._head_bytes > HEAD_MAX:
            self._refuse(431)
        elif self._head_timer is None:
            self._head_timer = self.loop.call_later(HEAD_SECONDS, self._refuse, 408)

    def pause_writing(self) -> None:
        super().pause_writing()
        self._reader_timer = self.loop.call_later(READER_SECONDS, self.transport.abort)

    def resume_writing(self) -> None:
        self._forget_reader_timer()
        super().resume_writing()

    def connection_lost(self, exc: Exception | None) -> None:
        self._forget_head_timer()
        self._forget_reader_timer()
        super().connection_lost(exc)

    def send_400_response(self, msg: str) -> None:
        """Refuse what is no request; uvicorn's own answer has no id and leaves no line."""
        self._refuse(400)

    def _refuse(self, status: int) -> None:
        if self.cycle is not None and not self.cycle.response_complete:
            # What was asked before is answered, and the connection ends with it.
            self.cycle.keep_alive = False
            self.flow.pause_reading()
            return
        request_id = new_id()
        head = f"x-request-id: {request_id}\r\ncontent-length: 0\r\nconnection: close\r\n\r\n"
        self.transport.write(STATUS_LINE[status] + head.encode())
        client = shown({"client": self.client})
        log.info(
            "refused before it was a request",
            status=status,
            request_id=request_id,
            client=client,
        )
        self.transport.close()

    def _forget_head_timer(self) -> None:
        if self._head_timer is not None:
            self._head_timer.cancel()
            self._head_timer = None

    def _forget_reader_timer(self) -> None:
        if self._reader_timer is not None:
            self._reader_timer.cancel()
            self._reader_timer = None
