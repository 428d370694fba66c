"""Legal pages, and the addresses that robots ask for."""

from urllib.parse import urlsplit

from fastapi import APIRouter, Request, Response
from fastapi.responses import HTMLResponse, PlainTextResponse

from app.errors import PageUnknown
from app.gazetteer.territories import read_names, read_territory
from app.maps.drawing import OURS
from app.platform.database.sessions import read
from app.platform.web.permissions import Profile, open_to
from app.platform.web.site import SiteOf
from app.platform.web.turns import RouteInTurn
from app.public.legal import queries
from app.public.legal.robots import robots_txt, security_txt, sitemap, sitemap_index
from app.statistics.page_types import PageType, counted_as

router = APIRouter(route_class=RouteInTurn)

PAGES = (
    *("/", "/departements", "/ressources", "/agenda", "/couverture", "/donnees", "/integrer"),
    *("/mentions-legales", "/confidentialite", "/accessibilite"),
)


@router.get("/mentions-legales", include_in_schema=False)
@open_to(Profile.PUBLIC)
@counted_as(PageType.SERVICE)
def legal_notice(site: SiteOf, request: Request) -> HTMLResponse:
    """Say who publishes and hosts the service, and whose the data are."""
    return site.page(
        "public/legal/mentions.html",
        base=site.base(request),
        settings=site.settings,
        tiles=site.tiles,
    )


@router.get("/confidentialite", include_in_schema=False)
@open_to(Profile.PUBLIC)
@counted_as(PageType.SERVICE)
def privacy(site: SiteOf, request: Request) -> HTMLResponse:
    """Say what becomes of a visit: what is sent to whom, and what is stored."""
    return site.page(
        "public/legal/confidentialite.html",
        is_counting=site.databases.inbox is not None,
        base=site.base(request),
        settings=site.settings,
        tiles=site.tiles,
        plain=OURS,
        tiles_host=site.tiles.host if site.tiles else None,
        tiles_of_ign=site.settings.tiles in {"offered", "ign"},
        geocoder_host=urlsplit(site.settings.geocoder_url).hostname,
    )


@router.get("/accessibilite", include_in_schema=False)
@open_to(Profile.PUBLIC)
@counted_as(PageType.SERVICE)
def accessibility(site: SiteOf, request: Request) -> HTMLResponse:
    """Say how far the service is accessible, what was tried, and whom to tell."""
    return site.page(
        "public/legal/accessibilite.html", base=site.base(request), settings=site.settings
    )


@router.get("/robots.txt", include_in_schema=False)
@open_to(Profile.PUBLIC)
def robots(site: SiteOf, request: Request) -> PlainTextResponse:
    """Let robots read the pages; searches and data are for people and for the map."""
    return PlainTextResponse(robots_txt(site.base(request)))


@router.get("/.well-known/security.txt", include_in_schema=False)
@open_to(Profile.PUBLIC)
def security(site: SiteOf) -> PlainTextResponse:
    """Say whom to tell of a weakness; 404 where nobody is named."""
    settings = site.settings
    contact = settings.security_contact or settings.contact
    if contact is None:
        raise PageUnknown
    return PlainTextResponse(security_txt(contact, site.now(), settings.public_url))


@router.get("/sitemap.xml", include_in_schema=False)
@open_to(Profile.PUBLIC)
def index(site: SiteOf, request: Request) -> Response:
    """List the sitemaps: of pages, of resources, and one per territory."""
    with read(site.databases.public) as session:
        codes = list(read_names(session))
    base = site.base(request)
    names = ("pages", "ressources", *codes)
    return _xml(sitemap_index(f"{base}/sitemaps/{name}.xml" for name in names))


@router.get("/sitemaps/pages.xml", include_in_schema=False)
@open_to(Profile.PUBLIC)
def pages(site: SiteOf, request: Request) -> Response:
    """List the pages that belong to no territory."""
    base = site.base(request)
    return _xml(sitemap((base + path, None) for path in PAGES))


@router.get("/sitemaps/ressources.xml", include_in_schema=False)
@open_to(Profile.PUBLIC)
def of_resources(site: SiteOf, request: Request) -> Response:
    """List the pages of resources that visitors may read."""
    with read(site.databases.public) as session:
        found = session.execute(queries.RESOURCES).all()
    base = site.base(request)
    return _xml(sitemap((f"{base}/ressources/{key}/{slug}", day) for key, slug, day in found))


@router.get("/sitemaps/{code}.xml", include_in_schema=False)
@open_to(Profile.PUBLIC)
def of_territory(site: SiteOf, request: Request, code: str) -> Response:
    """List the page of a territory and the sheets of its actors that are not protected."""
    with read(site.databases.public) as session:
        read_territory(session, code)
        sheets = session.execute(queries.SHEETS, {"territory": code}).all()
    base = site.base(request)
    page = (f"{base}/departements/{code}", None)
    return _xml(
        sitemap([page, *((f"{base}/acteurs/{key}/{slug}", day) for key, slug, day in sheets)])
    )


def _xml(body: bytes) -> Response:
    return Response(body, media_type="application/xml")
