"""The boundary of a territory."""

from collections.abc import Mapping

from fastapi import APIRouter, Response

from app.errors import TerritoryUnknown
from app.gazetteer import queries
from app.gazetteer.parameters import TerritoryCode
from app.gazetteer.territories import CODE
from app.platform.database.sessions import read
from app.platform.web.cached_route import CachedRoute
from app.platform.web.openapi import geojson
from app.platform.web.permissions import Profile, open_to, same_for_everybody, to_any_origin
from app.platform.web.site import Site, SiteOf


class OfATerritory(CachedRoute):
    """A route whose answer changes with the names and boundaries of places alone."""

    in_front = frozenset[str]()

    def stands_for(
        self, site: Site, path: Mapping[str, str], query: Mapping[str, str]
    ) -> tuple[str, None]:
        """Return the territory of the path, whose version these raise."""
        return path["code"], None


router = APIRouter(route_class=OfATerritory)


@router.get(
    "/api/departements/{code}/boundary.geojson",
    tags=["territoires"],
    response_class=Response,
    responses=geojson("Feature") | {304: {"description": "Unchanged since If-None-Match"}},
)
@open_to(Profile.PUBLIC)
@same_for_everybody
@to_any_origin
def boundary(site: SiteOf, code: TerritoryCode) -> Response:
    """Return the boundary of a territory as one GeoJSON feature, EPSG:4326."""
    text = None
    if CODE.fullmatch(code):
        with read(site.databases.public) as session:
            text = session.scalar(queries.BOUNDARY, {"code": code})
    if text is None:
        raise TerritoryUnknown(code=code[:10])
    return Response(text, media_type="application/geo+json")
