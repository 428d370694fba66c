"""The page about the data: files with permanent addresses, what each column says, the API."""

from fastapi import APIRouter, Request, Response

from app.gazetteer.territories import read_regions
from app.platform.database.sessions import read
from app.platform.web.permissions import Profile, open_to
from app.platform.web.site import SiteOf
from app.platform.web.turns import RouteInTurn
from app.public.exports import as_csv
from app.public.exports.dictionary import dictionary
from app.public.exports.formats import FORMATS
from app.search.queries import MOST_DRAWN
from app.search.registers import read_registers
from app.search.rows import LICENCE, LICENCE_URL, REFERENCES
from app.statistics.page_types import PageType, counted_as

router = APIRouter(route_class=RouteInTurn)
PATH = "/donnees"


@router.get(PATH, include_in_schema=False)
@open_to(Profile.PUBLIC)
@counted_as(PageType.SERVICE)
def open_data(site: SiteOf, request: Request) -> Response:
    """Say what the data are, under which licence, and where files of them lie."""
    with read(site.databases.public) as session:
        regions = read_regions(session)
        registers = read_registers(session)
    return site.page(
        "public/exports/data.html",
        base=site.base(request),
        page_path=PATH,
        publisher=site.settings.publisher,
        licence=LICENCE,
        licence_url=LICENCE_URL,
        references=REFERENCES,
        formats=FORMATS,
        regions=regions,
        registers=registers,
        entries=dictionary(),
        added=as_csv.ADDED,
        most_drawn=MOST_DRAWN,
    )
