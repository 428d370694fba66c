"""The web application: middleware and routers, no logic."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from functools import cache, partial
from typing import TYPE_CHECKING

from fastapi import APIRouter, FastAPI
from sqlalchemy import Engine
from starlette.middleware.gzip import DEFAULT_EXCLUDED_CONTENT_TYPES

from app.errors import Mesure23Error
from app.inbox.acting import Checker
from app.places import grid
from app.platform.database.engines import Databases, PublicDatabase
from app.platform.web import exceptions, health, openapi
from app.platform.web.cached_route import check_same_for_everybody
from app.platform.web.compression import Compression
from app.platform.web.errors import ListRefused, OutOfOrder
from app.platform.web.headers import HeadAsGet, HeaderPolicy
from app.platform.web.outermost import surround
from app.platform.web.pdf import MEDIA_TYPE as PDF
from app.platform.web.request_size import RequestSize
from app.platform.web.site import make_site
from app.platform.web.telemetry import NONE
from app.platform.web.templates import PublicTemplates
from app.public.actors import routes as actors
from app.public.agenda import routes as agenda
from app.public.coverage import routes as coverage
from app.public.embeds import builder_routes as builder
from app.public.embeds import registered_routes as registered
from app.public.embeds import routes as embeds
from app.public.exports import data_routes as data
from app.public.exports import routes as exports
from app.public.exports.formats import XLSX
from app.public.home import routes as home
from app.public.inbox import routes as inbox
from app.public.legal import routes as legal
from app.public.letters import link_routes as letter_links
from app.public.letters import routes as letters
from app.public.letters.link_routes import LEAVING
from app.public.places import routes as places
from app.public.prints import routes as prints
from app.public.resources import router as resources
from app.public.search import routes as search
from app.public.territories import routes as territories
from app.public.territories import steering_routes as steering
from app.reference.national_numbers import NATIONAL_NUMBERS
from app.search.page_words import page_words
from app.settings import Settings
from app.statistics.counters import Counters
from app.statistics.counting import Counting
from geo.answers import GeocoderError
from geo.folium_map import tiles_named
from importers.errors import UnreadableList

if TYPE_CHECKING:
    # Its library is loaded where metrics are asked for.
    from app.platform.web.metrics import Metrics

# Exceptions of packages that know nothing of the web: one whose sentence is for whoever asked, one
# whose sentence is for the person who runs the service.
SENTENCES: dict[type[Exception], type[Mesure23Error]] = {
    UnreadableList: ListRefused,
    GeocoderError: OutOfOrder,
}


def create_app(
    settings: Settings,
    databases: Databases | PublicDatabase,
    metrics: "Metrics | None" = None,
    desk_beside: bool = False,
) -> FastAPI:
    """Return the application; the caller opens and closes the databases.

    metrics: of this process, where it shows any. desk_beside: whether it answers here as well.
    """
    tiles = tiles_named(settings.tiles, settings.tiles_attribution)
    policy = HeaderPolicy(images=tiles.origin if tiles else None, any_origin=True)
    site = make_site(settings, databases, PublicTemplates, _words(), tiles, policy)
    # A prefix of links to the space of professionals; None where nobody has said where it is.
    site.templates.globals["desk_base"] = settings.desk_url or ("" if desk_beside else None)
    app = FastAPI(
        title="Mesure 23",
        description="Cartographie des acteurs contre l'exploitation sexuelle des mineurs.",
        # Swagger and ReDoc load from a third party's host.
        docs_url=None,
        redoc_url=None,
        openapi_url="/api/openapi.json",
        telemetry=NONE,
        lifespan=_lifespan,
    )
    app.state.site, app.state.counters = site, _counters(app, databases.inbox)
    app.state.links = Checker()
    exceptions.register(app, SENTENCES)
    # The last one added is the outermost.
    app.add_middleware(exceptions.LastResort)
    packed = (*DEFAULT_EXCLUDED_CONTENT_TYPES, XLSX.media_type, PDF)
    app.add_middleware(
        Compression, minimum_size=1000, compresslevel=5, exclude_content_types=packed
    )
    app.add_middleware(HeadAsGet)
    app.add_middleware(Counting, app.state.counters)
    app.add_middleware(RequestSize)
    surround(app, "public", settings.public_url, metrics, partial(_is_link, app.state.links))
    app.router.routes += _pages().routes
    app.mount("/static", site.assets, name="static")
    check_same_for_everybody(app)
    return app


def _is_link(links: Checker, path: str) -> bool:
    """Say whether somebody leaves by a link of ours: whoever wants no mail is never put off."""
    return path.startswith(LEAVING) and links.is_known(path.rpartition("/")[2])


@cache
def _pages() -> APIRouter:
    """Return the routes of all features: to work out what each takes is most of the work."""
    router = APIRouter(responses=openapi.problems())
    # First and by themselves, as they are asked for most: each router around one looks through its
    # routes three times.
    router.include_router(search.data)
    router.include_router(search.pages)
    # Before the sheets of actors, whose addresses would take theirs for a name.
    for feature in (
        *(home, territories, steering, coverage),
        places,
        search,
        exports,
        data,
        prints,
        builder,
        embeds,
        registered,
        *(inbox, letter_links, letters, resources, agenda, actors),
        legal,
        health,
    ):
        router.include_router(feature.router)
    return router


def _counters(app: FastAPI, inbox: Engine | None) -> Counters | None:
    """Return what counts views, None where no login adds them."""
    # By the clock of the site that answers, which a test changes.
    return Counters(inbox, lambda: app.state.site.now()) if inbox is not None else None


def _words() -> dict[str, object]:
    """Return what templates call by name."""
    return {"numbers": NATIONAL_NUMBERS, "position_grid": grid.FOR_SCRIPTS, **page_words()}


@asynccontextmanager
async def _lifespan(app: FastAPI) -> AsyncIterator[None]:
    counters: Counters | None = app.state.counters
    if counters is not None:
        counters.start()
    yield
    app.state.site.versions.stop()
    if counters is not None:
        counters.stop()
