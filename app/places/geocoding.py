"""The geocoder for a person who waits: one attempt, three seconds, a few at once, never a flood."""

from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor
from concurrent.futures import TimeoutError as TooLate
from functools import lru_cache
from threading import BoundedSemaphore, local

from limits import RateLimitItemPerMinute
from limits.storage import MemoryStorage
from limits.strategies import MovingWindowRateLimiter

from app.places.addresses import Geocode
from app.settings import Settings
from geo.geocoder import Answer, Geocoder, GeocoderBusy, GeocoderUnreachable, Query

# Seconds from the question to the answer, names and connections included.
PATIENCE = 3.0
AT_ONCE = 4
# Addresses that one client, and that all of them, may ask for in a minute. Géoplateforme allows
# 3,000, of which a batch takes 2,700; a professional who corrects an address thrice is far below.
PER_CLIENT = RateLimitItemPerMinute(12, namespace="client")
OF_ALL = 240


class WaitingGeocoder:
    """Asks for one address while a person waits; every refusal and failure is a GeocoderError.

    httpx bounds each phase of a request, not their sum, nor the look-up of a name. So threads of
    its own ask, and whoever waits leaves in time; a thread that is left behind still counts among
    those at once.
    """

    def __init__(
        self, make: Callable[[], Geocoder], patience: float = PATIENCE, processes: int = 1
    ) -> None:
        self._make, self._patience = make, patience
        self._threads = ThreadPoolExecutor(AT_ONCE, thread_name_prefix="geocoder")
        self._free = BoundedSemaphore(AT_ONCE)
        self._own = local()
        share = max(OF_ALL // processes, 1)
        self._per_process = RateLimitItemPerMinute(share, namespace="process")
        self._limiter = MovingWindowRateLimiter(MemoryStorage())

    def of(self, client: str) -> Geocode:
        """Return what asks for one client: a network, see app.platform.web.clients.counted."""
        return lambda query: self._ask(query, client)

    def _ask(self, query: Query, client: str) -> Answer | None:
        # The client's own limit first: what it refuses is not taken from the others.
        if not (
            self._limiter.hit(PER_CLIENT, client)
            and self._limiter.hit(self._per_process)
            and self._free.acquire(blocking=False)
        ):
            raise GeocoderBusy
        try:
            asked = self._threads.submit(self._search, query)
        except RuntimeError:
            # The process is ending.
            self._free.release()
            raise GeocoderUnreachable from None
        asked.add_done_callback(self._done)
        try:
            return asked.result(self._patience)
        except TooLate:
            raise GeocoderUnreachable("délai dépassé") from None

    def _done(self, _: Future[Answer | None]) -> None:
        self._free.release()

    def _search(self, query: Query) -> Answer | None:
        # A Geocoder is for one thread at a time, and holds its connection.
        geocoder: Geocoder | None = getattr(self._own, "geocoder", None)
        if geocoder is None:
            geocoder = self._own.geocoder = self._make()
        return geocoder.search(query)


@lru_cache(maxsize=4)
def _shared(url: str, processes: int) -> WaitingGeocoder:
    return WaitingGeocoder(lambda: Geocoder(url, timeout=PATIENCE, attempts=1), processes=processes)


def geocoder_for(settings: Settings, client: str) -> Geocode:
    """Return what asks the geocoder of the settings for one client; shared by the process."""
    return _shared(settings.geocoder_url, settings.processes).of(client)
