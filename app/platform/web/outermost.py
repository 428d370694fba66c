"""What stands around both applications: limits, headers, whom they believe, who is told."""

from collections.abc import Callable
from typing import TYPE_CHECKING, Literal

from fastapi import FastAPI
from uvicorn.middleware.proxy_headers import ProxyHeadersMiddleware

from app.platform.web.access_log import AccessLog
from app.platform.web.headers import SecurityHeaders
from app.platform.web.health import PATHS
from app.platform.web.known_host import KnownHost
from app.platform.web.observing import Noting, Observing
from app.platform.web.rate_limit import RateLimit
from app.platform.web.site import Site

if TYPE_CHECKING:
    # Its library is loaded where metrics are asked for.
    from app.platform.web.metrics import Metrics

Part = Literal["public", "desk"]


def surround(
    app: FastAPI,
    part: Part,
    address: str | None,
    metrics: "Metrics | None" = None,
    spared: Callable[[str], bool] = lambda _path: False,
) -> None:
    """Add the outermost middleware to an application that has its site and all others.

    address: of the service, as its settings say. metrics: of this process, where it shows any.
    spared: says of which paths requests are not counted.
    """
    site: Site = app.state.site
    settings, trusted = site.settings, site.settings.trusted_proxies
    # The last one added is the outermost.
    if settings.rate_limit:
        free = PATHS | set(site.assets.addresses())
        app.add_middleware(
            RateLimit, settings.rate_limit, free=free, proxies=bool(trusted), spared=spared
        )
    app.add_middleware(KnownHost, address)
    app.add_middleware(SecurityHeaders, site.headers, https=settings.https)
    if trusted:
        app.add_middleware(ProxyHeadersMiddleware, trusted_hosts=list(trusted))
    noting: list[Noting] = [AccessLog()] if settings.access_log else []
    if metrics is not None:
        noting.append(metrics.requests(part))
        metrics.watch(part, site)
    app.add_middleware(Observing, trusted, *noting, wait_most=settings.wait_most)
