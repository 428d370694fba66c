"""Embeds that are not registered: a search in a frame, which anyone may put on a page."""

from fastapi import APIRouter, Request, Response
from fastapi.responses import RedirectResponse

from app.embeds.look import LookOf, embed_url
from app.embeds.theme import theme
from app.gazetteer.territories import CODE, canonical_code
from app.platform.database.sessions import read
from app.platform.web.permissions import Profile, open_to, same_for_everybody, to_any_origin
from app.platform.web.site import SiteOf
from app.platform.web.turns import RouteInTurn
from app.public.embeds.framed_route import CachedFramedRoute
from app.public.embeds.page import embed_page, framed
from app.search.parameters import ReaderOf, finer
from app.statistics.page_types import PageType, counted_as

router = APIRouter(route_class=RouteInTurn)
DAY = 86_400


pages = APIRouter(route_class=CachedFramedRoute)


@pages.get("/integration/autour", include_in_schema=False)
@open_to(Profile.PUBLIC)
@counted_as(PageType.FRAME)
@same_for_everybody
def around(site: SiteOf, request: Request, reader: ReaderOf, look: LookOf) -> Response:
    """Show an embed around a place, of several territories, or of all of France."""
    with read(site.databases.public) as session:
        search = reader(session)
        if finer(search, request):
            return framed(site, RedirectResponse(embed_url(search, look), 303))
        return embed_page(site, request, session, search, look)


# It comes before the codes of territories, which it could be.
@router.get("/integration/theme.css", include_in_schema=False)
@open_to(Profile.PUBLIC)
@to_any_origin
def colours(look: LookOf) -> Response:
    """Return the colours and corners of an embed as a style sheet, since no page has a style."""
    # Not for good: it repeats colours of ours, which another release may change.
    headers = {"Cache-Control": f"public, max-age={DAY}"}
    return Response(theme(look), headers=headers, media_type="text/css")


@pages.get("/integration/{code}", include_in_schema=False)
@open_to(Profile.PUBLIC)
@counted_as(PageType.FRAME)
@same_for_everybody
def of_territory(
    site: SiteOf, request: Request, code: str, reader: ReaderOf, look: LookOf
) -> Response:
    """Show an embed of a territory."""
    if code != (written := canonical_code(code)) and CODE.fullmatch(written):
        query = f"?{request.url.query}" if request.url.query else ""
        return framed(site, RedirectResponse(f"/integration/{written}{query}", 308))
    with read(site.databases.public) as session:
        search = reader(session, code)
        if finer(search, request):
            return framed(site, RedirectResponse(embed_url(search, look), 303))
        return embed_page(site, request, session, search, look)


router.include_router(pages)
