"""The web application: middleware and routers, no logic."""

from fastapi import FastAPI
from starlette.middleware.gzip import GZipMiddleware

from app import health, problems
from app.actors import routes as actors
from app.db import Databases
from app.maps import routes as maps
from app.security import HeadAsGet, SecurityHeaders
from app.settings import Settings
from app.territories import routes as territories
from app.web import make_site


def create_app(settings: Settings, databases: Databases) -> FastAPI:
    """Return the application; the caller opens and closes the databases."""
    site = make_site(settings, databases)
    app = FastAPI(
        title="Mesure 23",
        description="Cartographie des acteurs contre l'exploitation sexuelle des mineurs.",
        # Swagger and ReDoc load from a third party's host.
        docs_url=None,
        redoc_url=None,
        openapi_url="/api/openapi.json",
    )
    app.state.site = site
    problems.register(app)
    # The last one added is the outermost.
    app.add_middleware(problems.LastResort)
    app.add_middleware(GZipMiddleware, minimum_size=1000, compresslevel=5)
    app.add_middleware(HeadAsGet)
    app.add_middleware(SecurityHeaders, tile_origin=site.tiles.origin if site.tiles else None)
    for feature in (territories, maps, actors, health):
        app.include_router(feature.router)
    app.mount("/static", site.assets, name="static")
    return app
