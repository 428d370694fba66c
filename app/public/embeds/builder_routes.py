"""The page that builds an embed, and what programs ask for to show one of our addresses."""

from typing import Annotated
from urllib.parse import urlencode

from fastapi import APIRouter, Query, Request, Response
from fastapi.responses import JSONResponse, RedirectResponse

from app.embeds.address import ADDRESS_MAX, read_address
from app.embeds.code import HEIGHT_MAX, HEIGHT_MIN, frame_title, height_script
from app.embeds.colours import OURS
from app.embeds.legibility import warnings
from app.embeds.look import CORNER_MAX
from app.errors import Mesure23Error
from app.gazetteer.territories import read_names, read_regions
from app.maps.drawing import grounds, other_ground
from app.places.geocoding import geocoder_for
from app.places.parameters import PlaceText
from app.places.resolution import WITHOUT_COMMUNE, resolve
from app.places.schemas import NO_COMMUNE, Instead, Resolution
from app.platform.database.sessions import read
from app.platform.web.clients import counted
from app.platform.web.openapi import Responses
from app.platform.web.permissions import Profile, open_to
from app.platform.web.site import SiteOf
from app.platform.web.turns import RouteInTurn
from app.public.embeds.oembed import answer
from app.public.embeds.recipe import PATH, PHONE, Recipe, Where, by_family, other_criteria
from app.public.embeds.recipe_form import GivenOf, read_recipe
from app.search.criteria import RADII
from app.search.parameters import finer
from app.statistics.page_types import PageType, counted_as

router = APIRouter(route_class=RouteInTurn)

Notice = Annotated[str, Query(max_length=20)]
Pixels = Annotated[int | None, Query(ge=1, description="px")]


class FormatNotOffered(Mesure23Error):
    """La réponse n’existe pas au format « {format} »."""

    status = 501
    title = "Format absent"
    advice = "Demandez le format « json »."


@router.get(PATH, include_in_schema=False)
@open_to(Profile.PUBLIC)
@counted_as(PageType.SERVICE)
def builder(
    site: SiteOf, request: Request, given: GivenOf, ou: PlaceText = "", avis: Notice = ""
) -> Response:
    """Show an embed in the making, its code and what to mind; a text leads to its place."""
    with read(site.databases.public) as session:
        recipe = read_recipe(session, given, ou)
        place = recipe.search.place
        resolution = Resolution()
        # What stands in the box may be the name of the place that was found before.
        if recipe.where is Where.PLACE and ou.strip() not in ("", place.label if place else ""):
            resolution = resolve(session, ou, geocoder_for(site.settings, counted(request.scope)))
            if resolution.place:
                return _settled(recipe.at(resolution.place), resolution.instead)
            recipe = recipe.at(None)
            if resolution.shorter is not None:
                why = None if resolution.shorter else NO_COMMUNE
                return _settled(recipe, why, resolution.shorter)
        elif finer(recipe.search, request):
            return _settled(recipe)
        elif place and avis in tuple(Instead):
            resolution = Resolution(notice=Instead(avis).sentence(place))
        elif avis == NO_COMMUNE:
            resolution = Resolution(notice=WITHOUT_COMMUNE)
        page = site.page(
            "public/embeds/builder.html",
            recipe=recipe,
            names=read_names(session),
            regions=read_regions(session),
            families=by_family(),
            others=other_criteria(session, recipe),
            resolution=resolution,
            place_text=ou,
            radii=RADII,
            limits={"corner": CORNER_MAX, "lowest": HEIGHT_MIN, "highest": HEIGHT_MAX},
            phone=PHONE,
            ours=OURS,
            # (value, label, chosen)
            grounds=[
                (each.code, each.label, each != other_ground(site, recipe.search.ground))
                for each in grounds(site)
            ],
            warnings=warnings(recipe.look),
            base=site.base(request),
            height_script=height_script(site.base(request)),
        )
    # For the previews: no other page of the service has frames.
    policy = f"{site.headers.content_security()}; frame-src 'self'"
    page.headers["Content-Security-Policy"] = policy
    return page


def _settled(recipe: Recipe, avis: str | None = None, ou: str | None = None) -> Response:
    """Lead to the address of a recipe, which repeats no street that was entered."""
    more = [("avis", avis)] if avis else []
    more += [("ou", ou)] if ou else []
    url = recipe.url()
    if more:
        url += f"{'&' if '?' in url else '?'}{urlencode(more)}"
    return RedirectResponse(url, 303)


DOCUMENTED: Responses = {
    200: {
        "content": {
            "application/json": {
                "schema": {
                    "type": "object",
                    "description": "oEmbed 1.0, type « rich »",
                    "required": ["version", "type", "html", "width", "height"],
                    "properties": {
                        "version": {"const": "1.0"},
                        "type": {"const": "rich"},
                        "title": {"type": "string"},
                        "provider_name": {"type": "string"},
                        "provider_url": {"type": "string"},
                        "html": {"type": "string"},
                        "width": {"type": "integer"},
                        "height": {"type": "integer"},
                    },
                }
            }
        }
    }
}


@router.get("/oembed", tags=["intégration"], response_class=JSONResponse, responses=DOCUMENTED)
@open_to(Profile.PUBLIC)
def oembed(
    site: SiteOf,
    request: Request,
    url: Annotated[str, Query(max_length=ADDRESS_MAX, description="Of one of our own maps")],
    format: Annotated[str, Query(max_length=10, json_schema_extra={"enum": ["json"]})] = "json",
    maxwidth: Pixels = None,
    maxheight: Pixels = None,
) -> JSONResponse:
    """Return the code that shows one of our addresses elsewhere, as oEmbed 1.0."""
    if format != "json":
        raise FormatNotOffered(format=format)
    base = site.base(request)
    with read(site.databases.public) as session:
        shown = read_address(session, url, base)
        title = frame_title(shown.search, read_names(session))
    return JSONResponse(answer(shown, title, base, maxwidth=maxwidth, maxheight=maxheight))
