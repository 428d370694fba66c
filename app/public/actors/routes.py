"""The sheet of an actor."""

from typing import Annotated

from fastapi import APIRouter, Query, Request, Response
from fastapi.responses import RedirectResponse

from app.agenda.queries import next_of_actor
from app.gazetteer.territories import read_territory
from app.platform.database.sessions import read
from app.platform.web.permissions import Profile, open_to
from app.platform.web.site import SiteOf
from app.platform.web.turns import RouteInTurn
from app.resources.beside import of_actor
from app.search.reading import CODES
from app.search.sheets import find_sheet
from app.statistics.counting import about
from app.statistics.page_types import PageType, counted_as
from importers import vocabulary

router = APIRouter(route_class=RouteInTurn)


@router.get("/acteurs/{public_id}", include_in_schema=False)
@open_to(Profile.PUBLIC)
def short(site: SiteOf, public_id: str) -> Response:
    """Lead from the short address that is in the code on paper to the whole one."""
    with read(site.databases.public) as session:
        actor = find_sheet(session, vocabulary.load(), public_id, site.now())
    return RedirectResponse(actor.url, 308)


@router.get("/acteurs/{public_id}/{slug}", include_in_schema=False)
@open_to(Profile.PUBLIC)
@counted_as(PageType.SHEET)
def sheet(
    site: SiteOf,
    request: Request,
    public_id: str,
    slug: str,
    fond: Annotated[str, Query(max_length=100)] = "",
) -> Response:
    """Show one actor; an old slug, or the id of one that it was joined with, leads to it.

    fond: the ground of the map that somebody came from, and goes back to.
    """
    on_ground = f"?fond={fond}" if fond in CODES["fond"] else ""
    with read(site.databases.public) as session:
        actor = find_sheet(session, vocabulary.load(), public_id, site.now())
        territory = read_territory(session, actor.seat_territory_code)
        # What names a hidden one would tell which it is.
        events = [] if actor.protected else next_of_actor(session, actor.public_id, site.now())
        beside = () if actor.protected else of_actor(session, actor.public_id)
    if (public_id, slug) != (actor.public_id, actor.slug):
        return RedirectResponse(f"{actor.url}{on_ground}", 308)
    page = site.page(
        "public/actors/sheet.html",
        base=site.base(request),
        page_path=actor.short_url,
        actor=actor,
        territory=territory,
        commune_name=actor.commune_name,
        on_ground=on_ground,
        beside=beside,
        events=events,
    )
    about(page, actor.seat_territory_code)
    return page
