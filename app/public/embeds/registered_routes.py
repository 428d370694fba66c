"""Pages of registered embeds, and their logos: read from the database each time they are asked."""

from fastapi import APIRouter, Request, Response
from fastapi.responses import RedirectResponse

from app.embeds.registered import (
    Registered,
    RegisteredOutdated,
    look_of,
    narrowed,
    read_logo,
    read_registered,
)
from app.errors import Mesure23Error
from app.platform.database.sessions import read, read_once
from app.platform.web.permissions import Profile, open_to, to_any_origin
from app.platform.web.problems import answer
from app.platform.web.site import Site, SiteOf
from app.platform.web.turns import RouteInTurn
from app.public.embeds.framed_route import FramedInTurn
from app.public.embeds.page import address_of, embed_page, framed
from app.search.parameters import GivenOf
from app.statistics.page_types import PageType, counted_as

router = APIRouter(route_class=RouteInTurn)
pages = APIRouter(route_class=FramedInTurn)

GONE = 410
# Of an image that is opened by itself: whatever it may hold, none of it is run or loaded.
OF_LOGO = "default-src 'none'; sandbox; frame-ancestors 'none'"


@pages.get("/integration/carte/{embed_id}", include_in_schema=False)
@open_to(Profile.PUBLIC)
@counted_as(PageType.EMBED)
def registered_embed(site: SiteOf, request: Request, embed_id: str, given: GivenOf) -> Response:
    """Show a registered embed within its lock, or say that it is no more."""
    with read(site.databases.public) as session:
        registered = read_registered(session, embed_id)
        if registered.revoked:
            # In brackets, since a name that an operator sets has no article that we know.
            who = f" ({site.settings.publisher})" if site.settings.publisher else ""
            sentence = f"Cette carte intégrée a été retirée par l’éditeur de ce service{who}."
            return _gone(site, registered, "Carte retirée", sentence)
        try:
            search, look = narrowed(session, registered, given), look_of(registered)
        except RegisteredOutdated:
            return _gone(
                site,
                registered,
                "Carte à refaire",
                "Le territoire ou un filtre de cette carte intégrée n’existe plus\u00a0:"
                " le site qui la montre doit en demander une autre.",
            )
        except Mesure23Error as error:
            wrong = answer(request, error, template="public/embeds/error.html")
            return framed(site, wrong, registered)
        if search.far and given["loin"] not in ("", search.far.code):
            # No address has a finer position than its page uses.
            address = address_of(session, look, registered)
            return framed(site, RedirectResponse(address(search), 303), registered)
        return embed_page(site, request, session, search, look, registered=registered)


@router.get("/integration/carte/{embed_id}/logo", include_in_schema=False)
@open_to(Profile.PUBLIC)
@to_any_origin
def logo(site: SiteOf, embed_id: str) -> Response:
    """Return the logo of a registered embed, as it was given."""
    with read_once(site.databases.public) as session:
        found = read_logo(session, embed_id)
    headers = {"Content-Security-Policy": OF_LOGO}
    return Response(found.content, headers=headers, media_type=found.media_type)


def _gone(site: Site, registered: Registered, title: str, message: str) -> Response:
    """Say what became of an embed where it stood: its own sites may still show the sentence."""
    page = site.page("public/embeds/revoked.html", http_status=GONE, title=title, message=message)
    return framed(site, page, registered)


router.include_router(pages)
