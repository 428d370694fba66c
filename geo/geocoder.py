"""Client of the Géoplateforme geocoding API (or any addok); the one module of geo/ on the network.

Source: https://geoservices.ign.fr/documentation/services/services-geoplateforme/geocodage, which
allows 50 requests a second from one address and answers 429 beyond.
"""

import random
import time
from collections.abc import Callable, Iterable, Sequence
from types import TracebackType

import httpx

from geo.answers import (
    Answer,
    GeocoderBusy,
    GeocoderError,
    GeocoderRefused,
    GeocoderUnreachable,
    GeocoderUnreadable,
    Query,
    Result,
    read_csv,
    read_json,
    to_csv,
)
from geo.calling import NO_ANSWER, USER_AGENT, is_bounded, retry_after

__all__ = [
    "Answer", "Geocoder", "GeocoderBusy", "GeocoderError", "GeocoderRefused",
    "GeocoderUnreachable", "GeocoderUnreadable", "Query", "Result",
]  # fmt: skip

# Up to this many addresses are asked one by one; a batch answers slower than a single search.
FEW = 3
# Rows of a batch. Géoplateforme takes files of 50 MB; a short batch loses less when it fails.
BATCH_ROWS = 1_000
# Seconds between two requests: 45 a second, so that no second holds more than the 50 allowed.
PACE = 1 / 45
ATTEMPTS = 4
# Géoplateforme shuts a caller out for five seconds after a 429.
BUSY_PAUSE = 5.0
# A longer retry-after is not slept through: the caller comes back later.
LONGEST_PAUSE = 60.0
# A batch of 1,000 rows gives 0.4 MB; more than this is no answer of a geocoder.
LARGEST_ANSWER = 20_000_000


class Geocoder:
    """Asks one geocoder, politely: paced, retried with back-off, never longer than it must.

    base_url: without "/search". timeout: seconds for a connection and a single search; a batch has
    six times as long. attempts: ATTEMPTS, or 1 where a person waits. One thread at a time. Every
    failure is a GeocoderError without any address.
    """

    def __init__(
        self,
        base_url: str,
        *,
        timeout: float = 10.0,
        attempts: int | None = None,
        transport: httpx.BaseTransport | None = None,
        sleep: Callable[[float], None] = time.sleep,
    ) -> None:
        if not base_url.startswith(("https://", "http://")):
            raise GeocoderRefused
        self._base = base_url.rstrip("/")
        self._timeout = timeout
        self._attempts = attempts or ATTEMPTS
        self._sleep = sleep
        headers = {"User-Agent": USER_AGENT, "Accept-Encoding": "gzip"}
        self._client = httpx.Client(transport=transport, timeout=timeout, headers=headers)
        self._next = 0.0

    def __enter__(self) -> "Geocoder":
        return self

    def __exit__(
        self,
        error_type: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        self._client.close()

    def search(self, query: Query) -> Answer | None:
        """Return the best answer, None where the geocoder knows none. Raises GeocoderError."""
        if not query.askable:
            return None
        params = {"q": " ".join(query.asked).strip(), "limit": "1", "autocomplete": "0"}
        if query.filter:
            params[query.filter[0]] = query.filter[1]
        request = self._client.build_request("GET", f"{self._base}/search", params=params)
        return read_json(self._send(request, self._timeout))

    def search_many(self, queries: Sequence[Query]) -> list[Result]:
        """Return for each query its answer, None, or the GeocoderError for which it was not asked.

        A batch that fails leaves the answers of the others; after two unreachable batches in a row
        the rest is not tried.
        """
        results: list[Result] = [None] * len(queries)
        down = 0
        for batch in _batches(queries):
            asked = [queries[position] for position in batch]
            answers: list[Result]
            try:
                if down == 2:
                    answers = [GeocoderUnreachable()] * len(asked)
                else:
                    answers = self._batch(asked)
                    down = 0
            except GeocoderError as error:
                down = down + 1 if isinstance(error, GeocoderUnreachable | GeocoderBusy) else 0
                answers = [error] * len(asked)
            for position, answer in zip(batch, answers, strict=True):
                results[position] = answer
        return results

    def _batch(self, queries: Sequence[Query]) -> list[Result]:
        if len(queries) <= FEW:
            return [self.search(query) for query in queries]
        # Said in full, since addok would guess, and take an apostrophe for the quote.
        data: dict[str, str | list[str]] = {
            "columns": ["street", "city"],
            "delimiter": ",",
            "quote": '"',
        }
        if queries[0].filter:
            data[queries[0].filter[0]] = "narrow"
        request = self._client.build_request(
            "POST",
            f"{self._base}/search/csv",
            data=data,
            files={"data": ("adresses.csv", to_csv(queries), "text/csv")},
            timeout=httpx.Timeout(self._timeout, read=self._timeout * 6),
        )
        return read_csv(self._send(request, self._timeout * 6), len(queries))

    def _send(self, request: httpx.Request, longest: float) -> bytes:
        """Return the body of a 200, after as many attempts as are allowed."""
        for attempt in range(1, self._attempts + 1):
            self._sleep_until_next()
            outcome = self._attempt(request, longest)
            if isinstance(outcome, bytes):
                return outcome
            error, pause = outcome
            if pause is None or pause > LONGEST_PAUSE or attempt == self._attempts:
                break
            # Half of the delay is random, so that several instances do not retry together.
            back_off = min(2.0**attempt, 8.0) * random.uniform(0.25, 0.5)  # noqa: S311
            self._sleep(max(pause, back_off))
        raise error

    def _attempt(
        self, request: httpx.Request, longest: float
    ) -> bytes | tuple[GeocoderError, float | None]:
        """Return a body, or the error and the least seconds to wait (None: a retry is useless).

        No exception of httpx leaves this method, since each of them carries the request.
        """
        deadline = time.monotonic() + longest
        body = bytearray()
        try:
            response = self._client.send(request, stream=True)
            try:
                if response.status_code == 200:
                    if not is_bounded(response.headers):
                        return GeocoderUnreadable("compression"), None
                    for chunk in response.iter_bytes():
                        body += chunk
                        if len(body) > LARGEST_ANSWER:
                            return GeocoderUnreadable("réponse trop longue"), None
                        if time.monotonic() > deadline:
                            return GeocoderUnreachable("délai dépassé"), 0.0
            finally:
                response.close()
        except httpx.TimeoutException:
            return GeocoderUnreachable("délai dépassé"), 0.0
        except httpx.DecodingError:
            return GeocoderUnreadable("compression"), None
        except NO_ANSWER:
            return GeocoderUnreachable(), 0.0
        if response.status_code == 200:
            return bytes(body)
        detail = f"réponse {response.status_code}"
        if response.status_code == 429:
            return GeocoderBusy(detail), retry_after(response.headers, BUSY_PAUSE)
        if response.status_code >= 500:
            return GeocoderUnreachable(detail), retry_after(response.headers, 0.0)
        return GeocoderRefused(detail), None

    def _sleep_until_next(self) -> None:
        wait = self._next - time.monotonic()
        if wait > 0:
            self._sleep(wait)
        self._next = time.monotonic() + PACE


def _batches(queries: Sequence[Query]) -> Iterable[list[int]]:
    """Yield positions of queries that may share a batch, whose rows all have one filter."""
    groups: dict[str | None, list[int]] = {}
    for position, query in enumerate(queries):
        if query.askable:
            groups.setdefault(query.filter[0] if query.filter else None, []).append(position)
    for group in groups.values():
        for start in range(0, len(group), BATCH_ROWS):
            yield group[start : start + BATCH_ROWS]
