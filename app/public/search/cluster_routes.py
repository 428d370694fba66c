"""What the map of a selection too large to send asks for, view after view."""

from typing import Annotated

from fastapi import APIRouter, Query, Response

from app.platform.database.sessions import read
from app.platform.web import openapi as documented
from app.platform.web.permissions import Profile, open_to, to_any_origin
from app.platform.web.site import SiteOf
from app.platform.web.turns import RouteInTurn
from app.platform.web.versions import FRANCE
from app.search.clusters import groups
from app.search.criteria import Search
from app.search.parameters import ReaderOf, Territory
from app.search.viewport import ZOOM_MOST, read_window

router = APIRouter(route_class=RouteInTurn)

Zoom = Annotated[
    str,
    Query(max_length=10, json_schema_extra={"enum": [*map(str, range(ZOOM_MOST + 1))]}),
]
Corners = Annotated[
    str,
    Query(max_length=100, description="Ouest, sud, est, nord", examples=["-5.2,41.3,9.6,51.1"]),
]


@router.get(
    "/api/groupes.geojson",
    tags=["acteurs"],
    response_class=Response,
    responses=documented.geojson("FeatureCollection", counts={"type": "object"}),
)
@open_to(Profile.PUBLIC)
@to_any_origin
def grouped(
    site: SiteOf, reader: ReaderOf, zoom: Zoom, bbox: Corners, territoire: Territory = ""
) -> Response:
    """Return the actors of a search in a view of a map, as GeoJSON, EPSG:4326.

    Actors close together at that zoom of Web Mercator are one feature: the middle of them, their
    bbox, and the properties "count" and "families", how many of each. Where few are in view, each
    is a feature as in actors.geojson. More than the view is answered, in blocks that do not move
    with it. The member "counts" says how many actors there are in these.
    """
    window = read_window(zoom, bbox)
    with read(site.databases.public) as session:
        search = reader(session, territoire)
    # Nothing else of it says which are in view.
    search = search.as_drawn()

    def make() -> bytes:
        with read(site.databases.public) as session:
            return groups(session, search, window, site.now())

    if _cacheable(search):
        key = ("groups", search, window)
        body = site.cache.value(key, search.territory or FRANCE, make, len)
    else:
        body = make()
    return Response(body, media_type="application/geo+json")


def _cacheable(search: Search) -> bool:
    """Say that the search has no words, no place, no exclusion around one, and no hour."""
    return not (search.text or search.place or search.far or search.open_now)
