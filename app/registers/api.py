"""Asks open APIs for JSON, by the same manners as for a file: paced, retried, never for ever."""

import json
import time
from collections.abc import Callable, Mapping
from contextlib import closing
from datetime import UTC, datetime
from types import TracebackType
from typing import Any
from urllib.parse import urlsplit

import httpx

from app.registers.errors import (
    ApiBusy,
    ApiDown,
    ApiFailed,
    ApiGone,
    ApiRefused,
    ApiUnreadable,
)
from app.registers.pace import ATTEMPTS, LONGEST_PAUSE, Pace, pause_before_next, polite_client
from app.registers.patience import Patience
from geo.calling import NO_ANSWER, is_bounded, retry_after

# Bytes of one answer, of which an object of two takes thirty times as much in memory; a hundred
# services of the directory are less than one million.
LARGEST_ANSWER = 4_000_000
# Seconds.
LONGEST_ATTEMPT = 120.0


class Api:
    """Asks one API. url: of what is asked, without a query. One thread at a time.

    clock: aware; sleep: takes seconds. Every failure is an ApiFailed that holds no query.
    """

    def __init__(
        self,
        url: str,
        *,
        transport: httpx.BaseTransport | None = None,
        clock: Callable[[], datetime] = lambda: datetime.now(UTC),
        sleep: Callable[[float], None] = time.sleep,
    ) -> None:
        self._url, self._clock, self._sleep = url, clock, sleep
        self._host = urlsplit(url).hostname or ""
        self._pace, self._patience = Pace(clock, sleep), Patience()
        accepted = {"Accept": "application/json", "Accept-Encoding": "gzip"}
        self._client = polite_client(transport, **accepted)

    def __enter__(self) -> "Api":
        return self

    def __exit__(
        self,
        error_type: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        self._client.close()

    def ask(self, params: Mapping[str, str]) -> dict[str, Any]:
        """Return the object that answers a query, asked again where that may help.

        Raises ApiFailed. A redirect is a refusal: an API is asked at its own address.
        """
        for attempt in range(1, ATTEMPTS + 1):
            self._pace.wait()
            outcome = self._attempt(params)
            if not isinstance(outcome, tuple):
                return outcome
            error, pause = outcome
            if pause is None or pause > LONGEST_PAUSE or attempt == ATTEMPTS:
                raise error
            self._sleep(pause_before_next(attempt, pause))
        raise AssertionError

    def unreadable(self) -> ApiUnreadable:
        """Return the error of an answer that has not the shape of this API."""
        return ApiUnreadable(host=self._host)

    def _answer(self, params: Mapping[str, str]) -> httpx.Response:
        """Return an answer, its body not yet read."""
        more = self._patience.extensions(httpx.URL(self._url))
        request = self._client.build_request("GET", self._url, params=params, extensions=more)
        with self._patience.until_answered():
            return self._client.send(request, stream=True)

    def _attempt(
        self, params: Mapping[str, str]
    ) -> dict[str, Any] | tuple[ApiFailed, float | None]:
        """Return an object, or the error and the least seconds to wait (None: a retry is useless).

        No exception of httpx leaves this method, since each of them carries the request.
        """
        until = self._clock().timestamp() + LONGEST_ATTEMPT
        body = bytearray()
        try:
            with closing(self._answer(params)) as response:
                if response.status_code == 200:
                    if not is_bounded(response.headers):
                        return self.unreadable(), None
                    # What is packed may come for hours before it is one chunk.
                    with self._patience.within(LONGEST_ATTEMPT):
                        for chunk in response.iter_bytes():
                            body += chunk
                            if len(body) > LARGEST_ANSWER:
                                return self.unreadable(), None
                            if self._clock().timestamp() > until:
                                return ApiGone(host=self._host), 0.0
        except httpx.DecodingError:
            return self.unreadable(), None
        except NO_ANSWER:
            return ApiGone(host=self._host), 0.0
        if response.status_code == 200:
            found = _object(bytes(body))
            return (self.unreadable(), None) if found is None else found
        pause = retry_after(response.headers, 0.0, self._clock())
        if response.status_code == 429:
            return ApiBusy(host=self._host), pause
        status = str(response.status_code)
        if response.status_code >= 500:
            return ApiDown(host=self._host, status=status), pause
        return ApiRefused(host=self._host, status=status), None


def _object(body: bytes) -> dict[str, Any] | None:
    try:
        found = json.loads(body)
    # A text of brackets alone is deeper than the reader goes.
    except (ValueError, RecursionError):
        return None
    return found if isinstance(found, dict) else None
