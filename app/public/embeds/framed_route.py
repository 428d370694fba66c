"""Routes of embeds: what is wrong with an address is said in the frame, where it was written."""

from collections.abc import Callable, Coroutine
from typing import Any

from fastapi import Request, Response
from fastapi.exceptions import RequestValidationError
from fastapi.routing import APIRoute

from app.errors import Mesure23Error
from app.platform.web.exceptions import of_validation
from app.platform.web.problems import answer
from app.platform.web.site import Site
from app.platform.web.turns import RouteInTurn
from app.public.embeds.page import framed
from app.search.cache import CachedPage


class FramedRoute(APIRoute):
    """A route whose errors anyone may frame: elsewhere they would be a grey rectangle.

    They say nothing of a registered embed, not even that there is one: whatever is wrong with its
    address itself is found before it is looked for.
    """

    def get_route_handler(self) -> Callable[[Request], Coroutine[Any, Any, Response]]:
        """Return what answers a request, or says in the frame what is wrong with it."""
        handle = super().get_route_handler()

        async def answered(request: Request) -> Response:
            try:
                return await handle(request)
            except RequestValidationError as wrong:
                error: Mesure23Error = of_validation(wrong)
            except Mesure23Error as known:
                error = known
            site: Site = request.app.state.site
            return framed(site, answer(request, error, template="public/embeds/error.html"))

        return answered


class CachedFramedRoute(FramedRoute, CachedPage):
    """A FramedRoute whose pages are cached for a minute."""


class FramedInTurn(FramedRoute, RouteInTurn):
    """A FramedRoute whose pages are made for one embed, in turn."""
