"""Somebody else's page, with frames of the service in it."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import urlsplit

from playwright.sync_api import Browser, ConsoleMessage, Frame, Page, Route, ViewportSize
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import HTMLResponse
from starlette.routing import Route as Path

from tests.browser.conftest import TILE, TILE_HOST, UNUSED
from tests.serving import serving

WIDE: ViewportSize = {"width": 1000, "height": 700}
ELSEWHERE = "https://meteofrance.com/"


@dataclass
class Host:
    """Somebody else's page: its own origin, what it holds, what was written to its console, and the
    hosts that were asked for anything, whether they may answer or not.
    """

    page: Page
    origin: str
    service: str
    html: list[str] = field(default_factory=list)
    messages: list[str] = field(default_factory=list)
    hosts: set[str] = field(default_factory=set)

    def show(self, *paths: str, attributes: str = "", after: str = "", **size: Any) -> list[Frame]:
        """Open a page that has a frame for each address of the service, of its size or another."""
        size = {"width": "100%", "height": 480} | size
        frames = "".join(
            f'<iframe src="{self.service}{path}" title="Carte {number}" {attributes}'
            f' width="{size["width"]}" height="{size["height"]}"></iframe>'
            for number, path in enumerate(paths)
        )
        style = "<style>body{margin:0}iframe{display:block;border:0}</style>"
        head = '<!doctype html><html lang="fr"><title>Hôte</title><link rel="icon" href="data:,">'
        self.html[:] = [f"{head}{style}<body><main><h1>Hôte</h1>{frames}</main>{after}"]
        self.page.goto(self.origin)
        self.page.wait_for_load_state("load")
        return self.page.main_frame.child_frames


@contextmanager
def hosting(chromium: Browser, service: str) -> Iterator[Callable[..., Host]]:
    """Yield what opens a page of another origin than the service's, with options of a context."""
    html = [""]

    async def answer(_: Request) -> HTMLResponse:
        return HTMLResponse(html[0])

    contexts = []

    with serving(Starlette(routes=[Path("/", answer)])) as origin:

        def start(**options: Any) -> Host:
            context = chromium.new_context(
                **{"viewport": WIDE, "reduced_motion": "reduce"} | options
            )
            contexts.append(context)
            seen = Host(context.new_page(), origin, service, html)

            def block(route: Route) -> None:
                host = urlsplit(route.request.url).hostname or ""
                seen.hosts.add(host)
                if host == "127.0.0.1":
                    route.continue_()
                elif host == TILE_HOST:
                    route.fulfill(body=TILE, content_type="image/png")
                elif route.request.url.startswith(ELSEWHERE):
                    route.fulfill(body="<p>Il fait beau")
                else:
                    route.abort()

            context.route("**/*", block)

            def listen(message: ConsoleMessage) -> None:
                if UNUSED not in message.text:
                    seen.messages.append(message.text)

            seen.page.on("console", listen)
            seen.page.on("pageerror", lambda error: seen.messages.append(str(error)))
            return seen

        yield start
    for context in contexts:
        context.close()
