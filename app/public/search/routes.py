"""Pages that find actors: of a territory, around a place, everywhere; and what their maps draw."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime
from typing import Annotated, Any

from fastapi import APIRouter, Query, Request, Response
from fastapi.responses import RedirectResponse
from markupsafe import Markup
from sqlalchemy.orm import Session

from app.agenda.queries import next_of_territory
from app.errors import TerritoryUnknown
from app.gazetteer.parameters import TerritoryCode
from app.gazetteer.schemas import TerritoryView
from app.gazetteer.territories import CODE, canonical_code, read_territory
from app.maps.drawing import SCRIPT, clusters_url, frame_of, options_of, other_ground
from app.places.geocoding import geocoder_for
from app.places.parameters import PlaceText
from app.places.resolution import WITHOUT_COMMUNE, WITHOUT_POINT, homonyms, resolve
from app.places.schemas import HOMONYMS, NO_COMMUNE, NO_POINT, Area, Instead, Resolution
from app.platform.database.sessions import read
from app.platform.web import openapi as documented
from app.platform.web.clients import counted
from app.platform.web.permissions import Profile, open_to, same_for_everybody, to_any_origin
from app.platform.web.site import Site, SiteOf
from app.platform.web.static_files import FOR_GOOD
from app.platform.web.turns import RouteInTurn
from app.public.search import cluster_routes, feed_routes
from app.public.search.redirects import explained, in_territory, is_said, lead, settled, shortened
from app.resources.beside import first_lines, of_situation
from app.resources.beside import of_territory as beside_territory
from app.search.cache import CachedData, CachedPage, buckets_cached_by, names_cached_by
from app.search.competence import who_acts, who_follows
from app.search.criteria import DEFAULT_RADIUS, FOLLOWED_BY, RADII, Search
from app.search.exclusion import Exclusion, exclude
from app.search.geojson import geojson, geojson_alone
from app.search.message import message
from app.search.parameters import Ground, ReaderOf, Territory, finer
from app.search.reading import CODES
from app.search.results import find
from app.search.rows import MOST_PRINTED
from app.search.situations import situations
from app.search.values import one_of
from app.search.wording import heading
from app.statistics.counting import about, one_territory
from app.statistics.page_types import PageType, counted_as

NOTICE_MAX = 20


class SearchPage(CachedPage):
    """A page of a search, which may say why it shows another place than the one asked for."""

    def changes(self, name: str, value: str, query: Mapping[str, str]) -> bool:
        """Say that "avis" is of a sentence that such a page has, or is wrong."""
        if name != "avis" or len(value) > NOTICE_MAX:
            return True
        return is_said(value, around="lieu" in query)


router = APIRouter(route_class=RouteInTurn)
pages = APIRouter(route_class=SearchPage)
data = APIRouter(route_class=CachedData)

Notice = Annotated[str, Query(max_length=NOTICE_MAX)]


@pages.get("/departements/{code}", include_in_schema=False)
@open_to(Profile.PUBLIC)
@counted_as(PageType.TERRITORY)
@same_for_everybody
def of_territory(
    site: SiteOf,
    request: Request,
    code: str,
    reader: ReaderOf,
    eloigner: PlaceText = "",
    avis: Notice = "",
) -> Response:
    """Show the actors of a territory, as a map and as a list that says the same."""
    if code != (written := canonical_code(code)) and CODE.fullmatch(written):
        query = f"?{request.url.query}" if request.url.query else ""
        return RedirectResponse(f"/departements/{written}{query}", 308)
    names = names_cached_by(site)
    with read(site.databases.public) as session:
        territory = read_territory(session, code)
        exclusion = _exclude(site, request, session, reader(session, code), eloigner)
        if exclusion.shorter is not None:
            return shortened(exclusion)
        if exclusion.settled or finer(exclusion.search, request):
            return settled(exclusion.search, loin=exclusion.instead)
        exclusion = explained(exclusion, avis)
        resolution = Resolution(notice=WITHOUT_POINT) if avis == NO_POINT else None
        return _explorer(
            site, request, session, exclusion, names, territory=territory, resolution=resolution
        )


@pages.get("/autour", include_in_schema=False)
@open_to(Profile.PUBLIC)
@counted_as(PageType.SEARCH)
@same_for_everybody
def around(
    site: SiteOf,
    request: Request,
    reader: ReaderOf,
    ou: PlaceText = "",
    eloigner: PlaceText = "",
    avis: Notice = "",
) -> Response:
    """Show the actors around a place, or of all of France; a text leads to its place."""
    names = names_cached_by(site)
    with read(site.databases.public) as session:
        exclusion = _exclude(site, request, session, reader(session), eloigner)
        resolution = None
        if exclusion.shorter is not None:
            return shortened(exclusion, *([("ou", ou)] if ou.strip() else []))
        if exclusion.search.territory and not ou.strip():
            return in_territory(exclusion)
        # What is typed takes the place of a commune without a point.
        search = replace(exclusion.search, territory=None)
        exclusion = replace(exclusion, search=search)
        if ou.strip():
            resolution = resolve(session, ou, geocoder_for(site.settings, counted(request.scope)))
            if resolution.place:
                place = search.but(place=resolution.place, among=())
                return settled(place, lieu=resolution.instead, loin=exclusion.instead)
            if resolution.likely and resolution.shorter is None:
                return _likely(search, resolution, exclusion)
            if resolution.shorter is not None:
                # The name of the commune stays in the address, and the street does not.
                said = ("ou", resolution.shorter) if resolution.shorter else ("avis", NO_COMMUNE)
                return lead(search.but(place=None, among=()), said)
        elif exclusion.settled or finer(search, request):
            return settled(search, loin=exclusion.instead)
        elif search.place and avis in tuple(Instead):
            resolution = Resolution(notice=Instead(avis).sentence(search.place))
        elif search.place and avis == HOMONYMS:
            resolution = homonyms(session, search.place)
        elif avis == NO_COMMUNE:
            resolution = Resolution(notice=WITHOUT_COMMUNE)
        exclusion = explained(exclusion, avis)
        return _explorer(
            site, request, session, exclusion, names, resolution=resolution, place_text=ou
        )


def _likely(search: Search, resolution: Resolution, exclusion: Exclusion) -> Response:
    """Lead to what is meant, and say there that there are others of its name."""
    if isinstance(resolution.likely, str):
        there = search.but(territory=resolution.likely, place=None, among=())
        named = any(each.code == resolution.likely for each in resolution.choices)
        return (
            settled(there, loin=exclusion.instead)
            if named
            else in_territory(replace(exclusion, search=there))
        )
    there = search.but(place=resolution.likely, among=())
    others = there.place and any(c.code != there.place.code for c in resolution.choices)
    if exclusion.instead or not others:
        return settled(there, loin=exclusion.instead)
    return lead(there, ("avis", HOMONYMS))


def _exclude(
    site: Site, request: Request, session: Session, search: Search, place_text: str
) -> Exclusion:
    return exclude(session, search, place_text, geocoder_for(site.settings, counted(request.scope)))


def _explorer(
    site: Site,
    request: Request,
    session: Session,
    exclusion: Exclusion,
    names: Mapping[str, str],
    *,
    territory: TerritoryView | None = None,
    resolution: Resolution | None = None,
    place_text: str = "",
) -> Response:
    now = site.now()
    search = exclusion.search
    found = find(session, search, now, read_buckets=buckets_cached_by(site))
    frame = frame_of(site, search.ground)
    drawn = options_of(session, search)
    if search.page > found.pages:
        return RedirectResponse(search.but(page=found.pages).url(), 303)
    area = search.place.area if search.place else None
    if territory:
        area = Area(None, None, territory.code)
    # At sea and abroad nobody is in charge.
    in_charge = who_acts(session, area, now) if area and area.territory_code else ()
    followed = who_follows(session, search, now)
    faced = search.situation
    page = site.page(
        "public/search/explorer.html",
        search=search,
        base=site.base(request),
        page_path=f"/departements/{territory.code}" if territory else "/autour",
        found=found,
        exclusion=exclusion,
        hidden_fields=_hidden_fields(search),
        territory=territory,
        resolution=resolution,
        place_text=place_text,
        heading=territory.name if territory else heading(session, search),
        who_acts=in_charge,
        followed=followed,
        unknown_follower=bool(request.query_params.get(FOLLOWED_BY)) and not search.followed_by,
        message=message(found, in_charge, followed),
        territories=names,
        situations=situations().values(),
        first_lines=first_lines(session, faced.number) if faced else None,
        **_beside(session, search, now),
        radii=RADII,
        default_radius=DEFAULT_RADIUS,
        map_html=Markup(frame.parts.html),  # noqa: S704 - Folium's element, without data
        map_script_url=frame.script_url,
        map_options=drawn,
        other_ground=other_ground(site, search.ground),
        most_printed=MOST_PRINTED,
        geojson_url=drawn["actors"],
        clusters_url=clusters_url(search),
    )
    about(page, territory.code if territory else one_territory(search), found)
    if "hx-request" in request.headers:
        # A form sends what is empty as well; the address in the history says only what is asked.
        page.headers["HX-Push-Url"] = search.url()
    return page


def _beside(session: Session, search: Search, now: datetime) -> Mapping[str, Any]:
    """Return resources of a situation, or resources and what comes next of a whole territory."""
    if search.situation:
        return {"beside": of_situation(session, search.situation.number), "events": ()}
    if search.territory and not search.narrowed and search.page == 1:
        code = search.territory
        following = next_of_territory(session, code, now)
        return {"beside": beside_territory(session, code), "events": following}
    return {"beside": (), "events": ()}


def _hidden_fields(search: Search) -> dict[str, list[str]]:
    """Return the parameters that a search for another place keeps."""
    found: dict[str, list[str]] = {}
    for name, value in search.pairs():
        if name not in ("dans", "lieu", "cadre", "page"):
            found.setdefault(name, []).append(value)
    return found


pages.include_router(feed_routes.router)


@router.get(SCRIPT, include_in_schema=False)
@open_to(Profile.PUBLIC)
@to_any_origin
def map_script(site: SiteOf, request: Request, fond: Ground = "") -> Response:
    """Return the script that Folium wrote for every map: no word of an actor, nor any place."""
    frame = frame_of(site, one_of("fond", fond, CODES["fond"]) if fond else "")
    # Under the digest of another release it would stay for good where that one is asked for again.
    is_named = f"{SCRIPT}?{request.url.query}" == frame.script_url
    headers = FOR_GOOD if is_named else {"Cache-Control": "no-cache"}
    return Response(frame.parts.script, headers=headers, media_type="text/javascript")


@data.get(
    "/api/departements/{code}/actors.geojson",
    tags=["acteurs"],
    response_class=Response,
    responses=documented.geojson("FeatureCollection", counts={"type": "object"})
    | {304: {"description": "Unchanged since If-None-Match"}},
)
@open_to(Profile.PUBLIC)
@same_for_everybody
@to_any_origin
def territory_actors(site: SiteOf, code: TerritoryCode, reader: ReaderOf) -> Response:
    """Return the actors of a territory that have a point, as GeoJSON, EPSG:4326.

    The member "counts" says how many actors there are, how many have a point, and how many of
    them are here.
    """
    if not CODE.fullmatch(code):
        raise TerritoryUnknown(code=code[:10])
    # One statement for most of them, which says as well whether there is such a territory.
    body = geojson_alone(
        site.databases.public, lambda session: reader(session, code, known=True), site.now()
    )
    return Response(body, media_type="application/geo+json")


@router.get(
    "/api/actors.geojson",
    tags=["acteurs"],
    response_class=Response,
    responses=documented.geojson("FeatureCollection", counts={"type": "object"}),
)
@open_to(Profile.PUBLIC)
@to_any_origin
def actors(site: SiteOf, reader: ReaderOf, territoire: Territory = "") -> Response:
    """Return the actors of a search that have a point, the nearest first, as GeoJSON, EPSG:4326."""
    with read(site.databases.public) as session:
        search = reader(session, territoire)
        body = geojson(session, search, site.now())
    return Response(body, media_type="application/geo+json")


router.include_router(cluster_routes.router)
