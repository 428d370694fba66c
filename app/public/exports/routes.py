"""A search as a table that its header sorts, and as files to download."""

from collections.abc import Callable
from datetime import datetime
from typing import IO, Annotated, TypeVar

from fastapi import APIRouter, Query, Request, Response
from fastapi.responses import RedirectResponse

from app.gazetteer.territories import CODE, canonical_code
from app.platform.database.sessions import read
from app.platform.web.download import Download
from app.platform.web.openapi import Responses, geojson
from app.platform.web.permissions import Profile, open_to
from app.platform.web.site import Site, SiteOf
from app.platform.web.turns import FileInTurn
from app.public.exports import as_geojson
from app.public.exports.formats import CSV, FORMATS, GEOJSON, XLSX, Format
from app.public.exports.headers import PATH, headers
from app.search.columns import hours_lines, km, phones
from app.search.criteria import Search
from app.search.parameters import Reader, ReaderOf, Territory, finer
from app.search.results import find
from app.search.rows import MOST_PRINTED, TOO_MANY, place_in_words, read_selection
from app.statistics.counting import about, one_territory
from app.statistics.page_types import PageType, counted_as
from geo.zones import PARIS_TIME

router = APIRouter(route_class=FileInTurn)
ROWS = 100


@router.get("/table", include_in_schema=False)
@open_to(Profile.PUBLIC)
@counted_as(PageType.TABLE)
def table(
    site: SiteOf,
    request: Request,
    reader: ReaderOf,
    territoire: Territory = "",
    avis: Annotated[str, Query(max_length=20)] = "",
) -> Response:
    """Show the actors of a search as a table, a hundred a page.

    avis: "impression" for who asked for a sheet of so many that none is made.
    """
    written = canonical_code(territoire) if territoire else ""
    known = written if CODE.fullmatch(written) else territoire
    with read(site.databases.public) as session:
        search = reader(session, known)
        if known != territoire or finer(search, request):
            # A search has one address, and no position in it is finer than the grid.
            return RedirectResponse(search.url(PATH), 303)
        found = find(session, search, site.now(), grouped=False, size=ROWS, address=_address)
        if search.page > found.pages:
            return RedirectResponse(search.but(page=found.pages).url(PATH), 303)
        where = place_in_words(session, search)
    page = site.page(
        "public/exports/table.html",
        path=PATH,
        search=search,
        found=found,
        where=where,
        headers=headers(search, found.facets),
        base=site.base(request),
        page_path=PATH,
        most_printed=MOST_PRINTED,
        too_many_to_print=avis == TOO_MANY and found.total > MOST_PRINTED,
        downloads=[(each.label, search.url(each.path)) for each in FORMATS],
        hours_lines=hours_lines,
        km=km,
        phones=phones,
    )
    about(page, one_territory(search), found)
    return page


def _address(search: Search) -> str:
    return search.url(PATH)


Endpoint = TypeVar("Endpoint", bound=Callable[..., Response])


def _route(
    file_format: Format, documented: Responses | None = None
) -> Callable[[Endpoint], Endpoint]:
    return router.get(
        file_format.path,
        tags=["acteurs"],
        response_class=Response,
        responses=documented or file_format.documented,
    )


@_route(CSV)
@open_to(Profile.PUBLIC)
@counted_as(PageType.FILE)
def csv_file(
    site: SiteOf, request: Request, reader: ReaderOf, territoire: Territory = ""
) -> Response:
    """Return all actors of a search as CSV: UTF-8 with BOM, `;`, decimal commas, a line each."""
    return _download(CSV, site, request, reader, territoire)


@_route(XLSX)
@open_to(Profile.PUBLIC)
@counted_as(PageType.FILE)
def xlsx_file(
    site: SiteOf, request: Request, reader: ReaderOf, territoire: Territory = ""
) -> Response:
    """Return all actors of a search, 100,000 at most, as a workbook that says what it is."""
    return _download(XLSX, site, request, reader, territoire)


@_route(GEOJSON, geojson("FeatureCollection", **as_geojson.MEMBERS))
@open_to(Profile.PUBLIC)
@counted_as(PageType.FILE)
def geojson_file(
    site: SiteOf, request: Request, reader: ReaderOf, territoire: Territory = ""
) -> Response:
    """Return all actors of a search as GeoJSON, EPSG:4326, those without a point as well."""
    return _download(GEOJSON, site, request, reader, territoire)


def _download(
    file_format: Format, site: Site, request: Request, reader: Reader, territory: str
) -> Response:
    now = site.now()
    address = site.base(request)

    def write(file: IO[bytes]) -> str:
        with read(site.databases.public) as session:
            search = reader(session, territory)
            selection = read_selection(
                session, search, now, site=address, publisher=site.settings.publisher
            )
            file_format.write(selection, file)
        return _name(search, now, file_format)

    return Download(write, file_format.media_type, site.settings.wait_most)


def _name(search: Search, now: datetime, file_format: Format) -> str:
    # The name says nothing of the search: it stays in the folder of downloads.
    place = search.territory or ("autour" if search.place else "france")
    return f"acteurs-{place}-{now.astimezone(PARIS_TIME):%Y-%m-%d}.{file_format.extension}"
