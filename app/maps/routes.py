"""The page of a territory: its map, its list, its filters, and the data that the map draws."""

from typing import Annotated, Any

from fastapi import APIRouter, Depends, Query, Request, Response
from fastapi.responses import RedirectResponse
from markupsafe import Markup

from app import openapi as documented
from app.actors.filters import Filters, valid_codes
from app.actors.service import geojson, list_actors
from app.db import read
from app.errors import TerritoryUnknown
from app.maps.frame import map_of
from app.permissions import Profile, open_to
from app.territories.service import CODE, canonical_code, read_territory
from app.web import SiteOf
from importers import vocabulary

router = APIRouter()

CODES = valid_codes(vocabulary.load())


def _codes(name: str) -> Any:
    """Return a parameter that documents what a filter knows; Filters checks it, in French."""
    known = {"type": "string", "enum": list(CODES[name])}
    return Query(max_length=100, json_schema_extra={"items": known})


async def _filters(
    categorie: Annotated[tuple[str, ...], _codes("categorie")] = (),
    fonction: Annotated[tuple[str, ...], _codes("fonction")] = (),
    public: Annotated[tuple[str, ...], _codes("public")] = (),
) -> Filters:
    return Filters.read(vocabulary.load(), categorie=categorie, fonction=fonction, public=public)


FiltersOf = Annotated[Filters, Depends(_filters)]


@router.get("/departements/{code}", include_in_schema=False)
@open_to(Profile.PUBLIC)
def page(site: SiteOf, request: Request, code: str, filters: FiltersOf) -> Response:
    """Show the actors of a territory, as a map and as a list that says the same."""
    if code != (written := canonical_code(code)) and CODE.fullmatch(written):
        query = f"?{request.url.query}" if request.url.query else ""
        return RedirectResponse(f"/departements/{written}{query}", 308)
    with read(site.databases.public) as session:
        territory = read_territory(session, code)
        listed = list_actors(session, vocabulary.load(), code, filters)
    drawing = map_of(territory, site.tiles)
    return site.page(
        "departement.html",
        territory=territory,
        filters=filters,
        facets=listed.facets,
        here=listed.here,
        elsewhere=listed.elsewhere,
        withheld=listed.withheld,
        total=listed.total,
        drawn=listed.drawn,
        map_html=Markup(drawing.frame.html),  # noqa: S704 - Folium's element, without data
        map_script_url=drawing.script_url,
        geojson_url=f"/api/departements/{code}/actors.geojson{filters.query()}",
    )


@router.get("/departements/{code}/carte.js", include_in_schema=False)
@open_to(Profile.PUBLIC)
def script(site: SiteOf, code: str) -> Response:
    """Return the script that Folium wrote for a territory's map: no word of an actor is in it."""
    with read(site.databases.public) as session:
        territory = read_territory(session, code)
    drawing = map_of(territory, site.tiles)
    # The page names it with its digest, so it may be kept for good.
    headers = {"Cache-Control": "public, max-age=31536000, immutable"}
    return Response(drawing.frame.script, headers=headers, media_type="text/javascript")


@router.get(
    "/api/departements/{code}/actors.geojson",
    tags=["acteurs"],
    response_class=Response,
    responses=documented.geojson("FeatureCollection", counts={"type": "object"}),
)
@open_to(Profile.PUBLIC)
def actors(site: SiteOf, code: documented.TerritoryCode, filters: FiltersOf) -> Response:
    """Return the actors of a territory that have a point, as GeoJSON, EPSG:4326.

    The member "counts" says how many actors there are and how many of them are drawn.
    """
    body = geojson(site.databases.public, code, filters) if CODE.fullmatch(code) else None
    if body is None:
        raise TerritoryUnknown(code=code[:10])
    return Response(body, media_type="application/geo+json")
