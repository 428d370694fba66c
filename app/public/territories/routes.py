"""The boundary of a territory."""

from fastapi import APIRouter, Request, Response

from app.errors import TerritoryUnknown
from app.gazetteer import queries
from app.gazetteer.parameters import TerritoryCode
from app.gazetteer.territories import CODE
from app.platform.database.sessions import read
from app.platform.web.openapi import geojson
from app.platform.web.permissions import Profile, open_to, to_any_origin
from app.platform.web.response_cache import Body
from app.platform.web.site import SiteOf
from app.platform.web.turns import RouteInTurn

router = APIRouter(route_class=RouteInTurn)
# On the disk of a visitor it would say which territory somebody looked at.
UNSTORED = [(b"cache-control", b"no-store")]


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
    return Body.plain(text.encode(), "application/geo+json", UNSTORED).answer(request)
