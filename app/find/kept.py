"""Answers with what is kept before anything of a request is read but its address."""

from collections.abc import Callable, Coroutine
from typing import Any

from fastapi import Request, Response
from fastapi.routing import APIRoute

from app.web import Site

# What depends on the hour, or on the actors of other territories: whether any of them has a word.
NEVER_KEPT = frozenset({"ouvert", "q"})


class KeptRoute(APIRoute):
    """A route of a territory, whose answers are kept as long as its version stands.

    To read and check the parameters of a search takes longer than to send 100 kB.
    """

    def get_route_handler(self) -> Callable[[Request], Coroutine[Any, Any, Response]]:
        """Return what answers a request: from memory, else as any other route."""
        handle = super().get_route_handler()

        async def answer(request: Request) -> Response:
            if not NEVER_KEPT.isdisjoint(request.query_params):
                return await handle(request)
            site: Site = request.app.state.site
            code = request.path_params["code"]
            key = (self.path, code, request.scope["query_string"])
            return await site.answers.respond(request, key, code, lambda: handle(request))

        return answer
