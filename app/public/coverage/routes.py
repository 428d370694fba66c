"""Coverage for everybody: counts of what the lists show, by territory and function."""

from collections.abc import Mapping
from datetime import date
from typing import Annotated

from fastapi import APIRouter, Query, Request, Response

from app.maps.areas import OUTLINES, Script, read_outlines, script
from app.platform.database.sessions import read
from app.platform.web.cached_route import CachedRoute
from app.platform.web.permissions import Profile, open_to, same_for_everybody
from app.platform.web.site import Site, SiteOf
from app.platform.web.versions import FRANCE
from app.search.ages import AGES
from app.search.cache import names_cached_by
from app.search.coverage import Coverage, read_coverage
from app.search.coverage_history import Quarter, read_quarters
from app.search.coverage_table import Asked, csv_of, file_name, read_asked, table_of
from app.search.steering import Unsteered, read_unsteered
from app.statistics.page_types import PageType, counted_as
from geo.zones import paris_day

PATH = "/couverture"
CSV = f"{PATH}.csv"
CONTOURS = f"{PATH}/contours.geojson"
SCRIPT = f"{PATH}/carte.js"
# A cell is a tuple of numbers with its key.
BYTES_OF_A_CELL = 500


class OfADay(CachedRoute):
    """A route whose answer changes with what is public in France, and with the day: ages do."""

    in_front = frozenset({"fonction", "tri"})
    names_itself = True

    def stands_for(
        self, site: Site, path: Mapping[str, str], query: Mapping[str, str]
    ) -> tuple[str, int]:
        """Return France and the day."""
        return FRANCE, paris_day(site.now()).toordinal()


router = APIRouter(route_class=OfADay)
Word = Annotated[str, Query(max_length=40)]


@router.get(PATH, include_in_schema=False)
@open_to(Profile.PUBLIC)
@counted_as(PageType.COVERAGE)
@same_for_everybody
def coverage(site: SiteOf, request: Request, fonction: Word = "", tri: Word = "") -> Response:
    """Show where nobody is; fonction: of one function alone. tri: what comes first."""
    asked = read_asked(fonction, tri)
    names = names_cached_by(site)
    table = table_of(_counted(site, paris_day(site.now())), names, asked)
    return site.page(
        "public/coverage/coverage.html",
        base=site.base(request),
        page_path=PATH,
        path=PATH,
        csv=CSV,
        table=table,
        link=asked.public_list,
        ages=AGES,
        contours=CONTOURS,
        map=script(SCRIPT),
        quarters=_quarters(site, asked.function),
        unsteered=() if asked.function else _unsteered(site, names),
    )


@router.get(CSV, include_in_schema=False)
@open_to(Profile.PUBLIC)
@counted_as(PageType.FILE)
@same_for_everybody
def coverage_csv(site: SiteOf, request: Request) -> Response:
    """Return the same as CSV: a line for each territory and function."""
    today = paris_day(site.now())
    table = table_of(_counted(site, today), names_cached_by(site), Asked())
    headers = {"Content-Disposition": f'attachment; filename="{file_name(today)}"'}
    body = csv_of(table, today, site.base(request))
    return Response(body, headers=headers, media_type="text/csv")


@router.get(CONTOURS, include_in_schema=False)
@open_to(Profile.PUBLIC)
@same_for_everybody
def contours(site: SiteOf) -> Response:
    """Return the outlines of territories as GeoJSON, EPSG:4326, for the map of this page."""
    with read(site.databases.public) as session:
        return Response(read_outlines(session), media_type=OUTLINES)


@router.get(SCRIPT, include_in_schema=False)
@open_to(Profile.PUBLIC)
def map_script(request: Request) -> Response:
    """Return the script that Folium wrote for that map: no word of it is of an actor."""
    found: Script = script(SCRIPT)
    return found.answer(request)


def _counted(site: Site, today: date) -> Coverage:
    def count() -> Coverage:
        with read(site.databases.public) as session:
            return read_coverage(session, today)

    # To count 100,000 actors takes half a second.
    version = site.cache.version(FRANCE, today.toordinal())
    return site.cache.value_under("coverage", version, count, _size)


def _quarters(site: Site, function: str) -> list[Quarter]:
    with read(site.databases.public) as session:
        return read_quarters(session, function)


def _unsteered(site: Site, names: Mapping[str, str]) -> tuple[Unsteered, ...]:
    with read(site.databases.public) as session:
        return read_unsteered(session, names)


def _size(found: Coverage) -> int:
    return len(found.cells) * BYTES_OF_A_CELL
