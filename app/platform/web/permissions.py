"""Whom each route is for: said where the route is, and by every route."""

from collections.abc import Callable, Iterator
from enum import StrEnum
from typing import Any, TypeVar

from fastapi import FastAPI
from fastapi.routing import RouteContext, iter_route_contexts
from starlette.routing import Router

from app.models.account import Role

Endpoint = TypeVar("Endpoint", bound=Callable[..., Any])
MARK = "__mesure23_profile__"
ANY_ORIGIN = "__mesure23_any_origin__"
SAME = "__mesure23_same_for_everybody__"


class Profile(StrEnum):
    """Who may ask without being known: anyone, and what is open is all that its login can read.

    DOOR: whoever comes to sign in to the desk; LINK: whoever has a link of a mail, for what it was
    made for. Such pages show nothing of an actor.
    """

    PUBLIC = "public"
    DOOR = "door"
    LINK = "link"


# Whom a route is for: one of these, or some roles of people who are signed in.
Audience = frozenset[Profile | Role]
EVERY_ROLE = frozenset(Role)
# Named one by one: a role that comes later opens nothing of the desk by itself.
STAFF = frozenset(
    {Role.REFERENT_DEPARTEMENT, Role.REFERENT_ETAT, Role.CURATEUR, Role.ADMINISTRATEUR}
)


def open_to(*audience: Profile | Role) -> Callable[[Endpoint], Endpoint]:
    """Declare whom a route is for; written under the route's own decorator."""

    def declare(endpoint: Endpoint) -> Endpoint:
        setattr(endpoint, MARK, frozenset(audience))
        return endpoint

    return declare


# FastAPI writes these itself.
WRITTEN_BY_FASTAPI: dict[str, Audience] = {"/api/openapi.json": frozenset({Profile.PUBLIC})}


def to_any_origin(endpoint: Endpoint) -> Endpoint:
    """Declare that pages of any origin may load what a route answers, the same for everybody.

    A frame that its site sandboxes is one: it has no origin, and asks for all of its own files as
    a stranger. Written under open_to. What is answered must not depend on who asks.
    """
    setattr(endpoint, ANY_ORIGIN, True)
    return endpoint


def same_for_everybody(endpoint: Endpoint) -> Endpoint:
    """Declare that an answer is the same whoever asks, so that a CachedRoute may cache it.

    Written under open_to. Nothing of who asks reaches the endpoint then.
    """
    setattr(endpoint, SAME, True)
    return endpoint


def is_the_same_for_everybody(endpoint: object) -> bool:
    """Return whether what an endpoint answers is the same whoever asks."""
    return getattr(endpoint, SAME, False) is True


def goes_to_any_origin(endpoint: object) -> bool:
    """Return whether pages of any origin may load what answers a request."""
    return getattr(endpoint, ANY_ORIGIN, False) is True


def audience_of(endpoint: object) -> Audience | None:
    """Return whom an endpoint is for; None where it does not say."""
    audience: Audience | None = getattr(endpoint, MARK, None)
    return audience or None


def declared(route: RouteContext) -> Audience | None:
    """Return whom a route, or what is mounted there, is for; None where it does not say."""
    for each in (getattr(route, "endpoint", None), getattr(route, "app", None)):
        if audience := audience_of(each):
            return audience
    return WRITTEN_BY_FASTAPI.get(route.path or "")


def routes_of(router: FastAPI | Router) -> Iterator[RouteContext]:
    """Yield every route and mount of an application, those of included routers too.

    Each with the path and the dependencies that it has there, its router's among them.
    """
    yield from iter_route_contexts(router.routes)


def undeclared(app: FastAPI) -> list[str]:
    """Return the paths of the routes that do not say whom they are for."""
    return [str(route.path) for route in routes_of(app) if declared(route) is None]
