"""What every page needs: the site of one application, its templates and its addresses."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from threading import Event
from typing import Annotated

from fastapi import Depends, Request
from fastapi.responses import HTMLResponse
from jinja2 import Environment, FileSystemLoader, StrictUndefined

from app.errors import Mesure23Error
from app.platform.database.engines import Databases, PublicDatabase
from app.platform.web.headers import HeaderPolicy
from app.platform.web.static_files import Assets
from app.platform.web.templates import COMPILED, Templates
from app.platform.web.turns import Turns
from app.platform.web.version_cache import VersionCache
from app.platform.web.versions import Versions
from app.settings import ROOT, Settings
from geo.folium_map import Tiles
from geo.text import curled
from geo.zones import paris_day

STATIC = ROOT / "static"
TEMPLATES = ROOT / "app" / "templates"


def _now() -> datetime:
    return datetime.now(UTC)


@dataclass(frozen=True, slots=True)
class Site:
    """One application: two of them with other settings can live in one process.

    now: the moment at which places are open or not, aware; a test gives its own. problem_page: the
    template of its errors. draining: set once it is about to end. opens: say
    whether the keys of this process still open its database, where it has any. advice: to the
    reader of errors, where it is not that of the error.
    """

    settings: Settings
    databases: Databases | PublicDatabase
    assets: Assets
    templates: Environment
    tiles: Tiles | None
    versions: Versions
    cache: VersionCache
    headers: HeaderPolicy
    turns: Turns
    now: Callable[[], datetime] = _now
    problem_page: str = "error.html"
    draining: Event = field(default_factory=Event)
    opens: list[Callable[[], bool]] = field(default_factory=list)
    advice: Mapping[type[Mesure23Error], str] = field(default_factory=dict)

    def base(self, request: Request) -> str:
        """Return the address of the service without a slash: as it is set, else as asked.

        What is asked is one of its own names: see app.platform.web.known_host.
        """
        return self.settings.public_url or str(request.base_url).rstrip("/")

    def page(self, template: str, *, http_status: int = 200, **context: object) -> HTMLResponse:
        """Render a template; an undefined name in it is an error, never an empty place.

        made_on, in it: the day of Paris.
        """
        made_on = paris_day(self.now())
        html = self.templates.get_template(template).render(context, made_on=made_on)
        return HTMLResponse(html, http_status)


def make_site(
    settings: Settings,
    databases: Databases | PublicDatabase,
    environment: type[Templates],
    words: Mapping[str, object],
    tiles: Tiles | None,
    headers: HeaderPolicy,
    problem_page: str = "error.html",
    advice: Mapping[type[Mesure23Error], str] | None = None,
) -> Site:
    """Gather what the routes of one application share.

    environment: of its templates. words: what they call by name. tiles: those of its maps.
    headers: of its answers.
    """
    assets = Assets(STATIC)
    templates = environment(
        loader=FileSystemLoader(TEMPLATES),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        # A change is seen at the next start, as one of the code is: to look whether there is one
        # takes as long as all else that a page does with its template.
        auto_reload=False,
        bytecode_cache=COMPILED,
    )
    templates.globals.update(
        words, asset=assets.address, exit_url=settings.exit_url, contact=settings.contact
    )
    templates.filters["curled"] = curled
    said = advice or {}
    templates.filters["advice"] = lambda error: said.get(type(error), error.advice)
    versions = Versions(databases.public, settings.lag_most)
    cache = VersionCache(versions)
    return Site(
        settings,
        databases,
        assets,
        templates,
        tiles,
        versions,
        cache,
        headers,
        Turns(settings.pool_size, settings.wait_most),
        problem_page=problem_page,
        advice=said,
    )


async def _site(request: Request) -> Site:
    # async: FastAPI would run a plain function in a thread of its own.
    site: Site = request.app.state.site
    return site


SiteOf = Annotated[Site, Depends(_site)]
