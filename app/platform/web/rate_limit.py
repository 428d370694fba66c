"""How many requests one client may make."""

from collections.abc import Callable, Collection
from time import time

import structlog
from limits import RateLimitItemPerMinute
from limits.storage import MemoryStorage
from limits.strategies import FixedWindowRateLimiter
from starlette.requests import Request
from starlette.types import ASGIApp, Receive, Scope, Send

from app.platform.web.clients import counted
from app.platform.web.errors import TooManyRequests
from app.platform.web.problems import answer

# A page draws its map with up to three requests of data.
DATA_PER_PAGE = 3
# A file of all of France takes as long as thousands of pages.
PAGES_PER_FILE = 10

log = structlog.get_logger(__name__)


def route_class(path: str, free: Collection[str] = ()) -> str | None:
    """Return "page", "data" or "file", each counted apart; None for what is never counted.

    free: whole paths. What merely begins as one of them is an error page, which takes its time.
    """
    if path in free:
        return None
    if path.startswith("/table.") or path.endswith("/fiche.pdf"):
        return "file"
    return "data" if path.startswith("/api/") or path.endswith(".js") else "page"


class RateLimit:
    """Answer 429 to a client that asks for more than so many pages, data or files, in a minute.

    Counted in the memory of this process: several processes allow several times as much.
    free: the whole paths that monitors and browsers ask for without anyone having clicked.
    proxies: whether any are declared. spared: says of which other paths nothing is counted.
    """

    def __init__(
        self,
        app: ASGIApp,
        pages_per_minute: int,
        *,
        free: Collection[str],
        proxies: bool,
        spared: Callable[[str], bool] = lambda _path: False,
    ) -> None:
        self.app = app
        self.spared = spared
        self.free = free
        self.limiter = FixedWindowRateLimiter(MemoryStorage())
        self.allowed = {
            "page": RateLimitItemPerMinute(pages_per_minute, namespace=""),
            "data": RateLimitItemPerMinute(pages_per_minute * DATA_PER_PAGE, namespace=""),
            "file": RateLimitItemPerMinute(
                max(1, pages_per_minute // PAGES_PER_FILE), namespace=""
            ),
        }
        # Behind a proxy that nobody declared all visitors are one client: said once.
        self.silent = proxies

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Count the request, and let it through or not."""
        class_name = route_class(scope["path"], self.free) if scope["type"] == "http" else None
        if class_name is None or self.spared(scope["path"]):
            await self.app(scope, receive, send)
            return
        item, client = self.allowed[class_name], counted(scope)
        if self.limiter.hit(item, class_name, client):
            await self.app(scope, receive, send)
            return
        self._warn_of_undeclared_proxy(scope)
        reset = self.limiter.get_window_stats(item, class_name, client).reset_time
        seconds = str(max(1, round(reset - time() + 0.5)))
        error = TooManyRequests()
        await answer(Request(scope), error, {"Retry-After": seconds})(scope, receive, send)

    def _warn_of_undeclared_proxy(self, scope: Scope) -> None:
        if not self.silent and any(name == b"x-forwarded-for" for name, _ in scope["headers"]):
            self.silent = True
            log.warning("undeclared proxy", setting="MESURE23_TRUSTED_PROXIES")
