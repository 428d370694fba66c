"""Every route says whom it is for; one that says nothing is found."""

import operator
from collections.abc import Iterator
from importlib import import_module
from pkgutil import walk_packages

import pytest
from fastapi import APIRouter, FastAPI, Request, Response
from starlette.staticfiles import StaticFiles

import app as package
from app.desk.application import create_desk
from app.main import create_app
from app.platform.database.engines import Databases, PublicDatabase, make_engine
from app.platform.web.permissions import Profile, declared, open_to, routes_of, undeclared
from app.settings import ROOT, Settings
from app.vault.sealing import Vault

# Where a route may be made; beside them, that of the health of the service.
PAGES = ("app.public.", "app.desk.")


@pytest.fixture
def app() -> Iterator[FastAPI]:
    """The application over a database that is never asked."""
    database = PublicDatabase(make_engine("postgresql+psycopg://nobody@/nowhere"))
    yield create_app(Settings(), database)
    database.dispose()


def test_every_route_says_whom_it_is_for(app: FastAPI) -> None:
    assert undeclared(app) == []
    assert {declared(route) for route in routes_of(app)} == {frozenset({Profile.PUBLIC})}


def test_every_route_of_the_site_is_among_them(app: FastAPI) -> None:
    paths = {getattr(route, "path", None) for route in routes_of(app)}
    assert paths >= {"/", "/departements/{code}", "/sante", "/static", "/api/openapi.json"}
    assert paths >= set(app.openapi()["paths"])


def test_routes_are_made_where_pages_are_whatever_their_file_is_called(
    app: FastAPI, vault: Vault
) -> None:
    nowhere = make_engine("postgresql+psycopg://nobody@/nowhere")
    desk = create_desk(Settings(), Databases(nowhere, nowhere), vault)
    both = (*routes_of(app), *routes_of(desk))
    served = {getattr(route, "endpoint", None) for route in both}
    rooms = set()
    for module in walk_packages(package.__path__, "app."):
        for made in vars(import_module(module.name)).values():
            if isinstance(made, APIRouter):
                endpoints = {getattr(route, "endpoint", None) for route in routes_of(made)}
                assert endpoints <= served, module.name
                rooms.add(module.name.rpartition(".")[0])
    assert {room for room in rooms if not room.startswith(PAGES)} == {"app.platform.web"}


def test_pages_are_put_together_once_for_every_application_of_a_process(
    app: FastAPI, vault: Vault
) -> None:
    nowhere = make_engine("postgresql+psycopg://nobody@/nowhere")
    databases = Databases(nowhere, nowhere)
    desks = [create_desk(Settings(), databases, vault) for _ in range(2)]
    for first, second in ((app, create_app(Settings(), databases)), desks):
        of_first = [route.dependant for route in routes_of(first) if hasattr(route, "dependant")]
        of_second = [route.dependant for route in routes_of(second) if hasattr(route, "dependant")]
        assert len(of_first) == len(of_second) > 60
        assert all(map(operator.is_, of_first, of_second))


def test_a_route_that_does_not_say_is_found_wherever_it_is(app: FastAPI) -> None:
    async def endpoint() -> None: ...

    async def page(_: Request) -> Response:
        return Response()

    @open_to(Profile.PUBLIC)
    async def said() -> None: ...

    inner, outer = APIRouter(prefix="/dedans"), APIRouter()
    inner.add_api_route("/route", endpoint)
    inner.add_api_route("/dite", said)
    outer.include_router(inner)
    app.include_router(outer, prefix="/dehors")
    app.add_api_route("/ici", endpoint, include_in_schema=False)
    app.add_route("/starlette", page)
    app.add_api_websocket_route("/prise", endpoint)
    app.mount("/fichiers", StaticFiles(directory=ROOT / "static"))
    found = sorted(undeclared(app))
    assert found == ["/dehors/dedans/route", "/fichiers", "/ici", "/prise", "/starlette"]
