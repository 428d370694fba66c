"""France by territory, and the boundary of a territory."""

from functools import lru_cache
from hashlib import sha256
from urllib.parse import urlencode

from fastapi import APIRouter, Request, Response
from fastapi.responses import RedirectResponse
from markupsafe import Markup

from app.db import read
from app.errors import TerritoryUnknown
from app.find.situations import situations
from app.openapi import TerritoryCode, geojson
from app.permissions import Profile, open_to, to_any_origin
from app.territories import queries
from app.territories.service import CODE, France, read_france
from app.versions import FRANCE
from app.web import Site, SiteOf
from geo.france_svg import Shape, france_svg

router = APIRouter()
DAY = 86_400
# A territory's code, names and number.
BYTES_OF_A_COUNT = 500
# What the search that was here read of a text.
OLD_SEARCH_MAX = 80


# Drawing 100 outlines takes far longer than all the rest of the page, and changes with the counts.
@lru_cache(maxsize=2)
def _drawing(shapes: tuple[Shape, ...]) -> Markup:
    # france_svg escapes the names that it writes.
    return Markup(france_svg(shapes))  # noqa: S704


def _france(site: Site) -> France:
    def counted() -> France:
        with read(site.databases.public) as session:
            return read_france(session)

    # To count 100,000 actors takes 0.2 s.
    return site.answers.value("france", FRANCE, counted, _size)


def _size(france: France) -> int:
    return sum(len(outline or b"") + BYTES_OF_A_COUNT for outline in france[1])


@router.get("/", include_in_schema=False)
@open_to(Profile.PUBLIC)
def home(site: SiteOf, request: Request, q: str = "") -> Response:
    """Show France by territory; q, which once searched here, leads to the search of today."""
    if q.strip():
        return RedirectResponse(f"/autour?{urlencode({'ou': q[:OLD_SEARCH_MAX]})}", 308)
    territories, outlines = _france(site)
    shapes = tuple(
        Shape(territory.code, territory.name, territory.count, outline)
        for territory, outline in zip(territories, outlines, strict=True)
        if outline is not None
    )
    return site.page(
        "home.html",
        base=site.base(request),
        territories=territories,
        france_svg=_drawing(shapes),
        situations=situations().values(),
    )


@router.get(
    "/api/departements/{code}/boundary.geojson",
    tags=["territoires"],
    response_class=Response,
    responses=geojson("Feature") | {304: {"description": "Unchanged since If-None-Match"}},
)
@open_to(Profile.PUBLIC)
@to_any_origin
def boundary(site: SiteOf, request: Request, code: TerritoryCode) -> Response:
    """Return the boundary of a territory as one GeoJSON feature, EPSG:4326."""
    text = None
    if CODE.fullmatch(code):
        with read(site.databases.public) as session:
            text = session.scalar(queries.BOUNDARY, {"code": code})
    if text is None:
        raise TerritoryUnknown(code=code[:10])
    body = text.encode()
    headers = {
        "ETag": f'W/"{sha256(body).hexdigest()[:16]}"',
        "Cache-Control": f"public, max-age={DAY}",
    }
    if request.headers.get("if-none-match") == headers["ETag"]:
        return Response(status_code=304, headers=headers)
    return Response(body, headers=headers, media_type="application/geo+json")
