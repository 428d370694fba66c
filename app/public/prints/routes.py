"""Sheets for paper: a territory, any search, one actor to hand over."""

from collections.abc import Hashable

from fastapi import APIRouter, Request, Response
from fastapi.responses import RedirectResponse
from markupsafe import Markup

from app.gazetteer.parameters import TerritoryCode
from app.gazetteer.territories import CODE, canonical_code
from app.hours import open_now
from app.platform.database.sessions import read
from app.platform.web.openapi import Responses
from app.platform.web.pdf import MEDIA_TYPE, inline, place, size, write_fitting, write_pdf
from app.platform.web.permissions import Profile, open_to
from app.platform.web.qr_code import qr_code
from app.platform.web.response_cache import Body
from app.platform.web.site import Site, SiteOf
from app.platform.web.turns import FileInTurn
from app.platform.web.versions import FRANCE
from app.public.prints import wording
from app.public.prints.content import read_printed_search
from app.public.prints.drawings import NAMES, shapes
from app.search.cache import buckets_cached_by
from app.search.counts import count, hours, in_columns
from app.search.parameters import Reader, ReaderOf, finer
from app.search.rows import MOST_PRINTED, TOO_MANY
from app.search.sheets import find_sheet, read_sheet
from app.statistics.page_types import PageType, counted_as
from geo.zones import paris_day
from importers import vocabulary

router = APIRouter(route_class=FileInTurn)

TABLE = "/table"
# Of an actor's sheet the first one on which all has room is taken; actor.css says what they are.
DENSITIES = ("roomy", "close", "closer", "closest")
DOCUMENTED: Responses = {
    200: {"content": {MEDIA_TYPE: {"schema": {"type": "string", "format": "binary"}}}},
    303: {"description": f"None, or more than {MOST_PRINTED} actors: the list, or the table"},
    304: {"description": "Unchanged since If-None-Match"},
}


@router.get(
    "/departements/{code}/fiche.pdf",
    tags=["impression"],
    response_class=Response,
    responses=DOCUMENTED | {308: {"description": "The code as addresses write it"}},
)
@open_to(Profile.PUBLIC)
@counted_as(PageType.PRINT)
def of_territory(site: SiteOf, request: Request, code: TerritoryCode, reader: ReaderOf) -> Response:
    """Return the actors of a territory as PDF for printing: A4, tagged, with a map."""
    if code != (written := canonical_code(code)) and CODE.fullmatch(written):
        query = f"?{request.url.query}" if request.url.query else ""
        return RedirectResponse(f"/departements/{written}/fiche.pdf{query}", 308)
    return _of_search(site, request, reader, code)


@router.get("/autour/fiche.pdf", tags=["impression"], response_class=Response, responses=DOCUMENTED)
@open_to(Profile.PUBLIC)
@counted_as(PageType.PRINT)
def around(site: SiteOf, request: Request, reader: ReaderOf) -> Response:
    """Return the actors of a search as PDF for printing: A4, tagged, with a map."""
    return _of_search(site, request, reader, "")


@router.get(
    "/acteurs/{public_id}/fiche.pdf",
    tags=["impression"],
    response_class=Response,
    responses={
        200: DOCUMENTED[200],
        304: DOCUMENTED[304],
        308: {"description": "The actor that this one was joined to"},
    },
)
@open_to(Profile.PUBLIC)
@counted_as(PageType.PRINT)
def of_actor(site: SiteOf, request: Request, public_id: str) -> Response:
    """Return one actor as PDF to fold and to hand over: nothing is printed outside."""
    now = site.now()
    day = paris_day(now)
    address = site.base(request)
    with read(site.databases.public) as session:
        # Raises for an actor who is not there, before the cache is asked to remember anything.
        found = find_sheet(session, vocabulary.load(), public_id, now)
    if found.public_id != public_id:
        return RedirectResponse(f"/acteurs/{found.public_id}/fiche.pdf", 308)

    def make() -> Body:
        with place(site.settings.wait_most):
            with read(site.databases.public) as session:
                actor = read_sheet(session, vocabulary.load(), public_id, now)
            # The short address: with the name, the code would be too fine to print.
            qr_svg = qr_code(address + actor.short_url)
            pages = (
                _page(
                    site,
                    "public/prints/actor.html",
                    actor=actor,
                    where=wording.where(actor),
                    hours=wording.hours(actor.opening_hours, actor.hours_text),
                    density=density,
                    day_printed=day,
                    qr_svg=qr_svg,
                    publisher=site.settings.publisher,
                )
                for density in DENSITIES
            )
            return Body.plain(write_fitting(pages), MEDIA_TYPE)

    body = site.cache.value(("actor.pdf", address, public_id, day), FRANCE, make, size)
    return inline(request, body, f"fiche-{day}.pdf")


def _of_search(site: Site, request: Request, reader: Reader, territory: str) -> Response:
    now = site.now()
    with read(site.databases.public) as session:
        asked = reader(session, territory)
        # The view and the ground change nothing on paper: its address leaves them out.
        search = asked.but(view="", ground="")
        if finer(asked, request):
            return RedirectResponse(search.printed_url, 303)
        open_pairs = []
        if search.open_now:
            open_pairs = open_now(hours(session, search), now)
        total = count(
            in_columns(buckets_cached_by(site)(session, search, open_pairs)), search
        ).total
    if total == 0:
        return RedirectResponse(search.url(), 303)
    if total > MOST_PRINTED:
        url = search.url(TABLE)
        return RedirectResponse(f"{url}{'&' if '?' in url else '?'}avis={TOO_MANY}", 303)
    address = site.base(request)

    def make() -> Body:
        with place(site.settings.wait_most):
            with read(site.databases.public) as session:
                printed = read_printed_search(
                    session, search, now, site=address, publisher=site.settings.publisher
                )
            html = _page(
                site,
                "public/prints/search.html",
                printed=printed,
                map_svg=Markup(printed.map_svg),  # noqa: S704 - names are escaped in it
                qr_svg=qr_code(printed.address),
            )
            return Body.plain(write_pdf(html), MEDIA_TYPE)

    day = paris_day(now)
    name = search.territory or ("autour" if search.place else "france")
    # Cached by the version of all of France, since a sheet has telephones of services of other
    # territories. What depends on the hour or on words is not cached.
    if search.open_now or search.text:
        body = make()
    else:
        key: Hashable = ("search.pdf", address, search, day)
        body = site.cache.value(key, FRANCE, make, size)
    return inline(request, body, f"acteurs-{name}-{day}.pdf")


def _page(site: Site, template: str, **context: object) -> str:
    """Render a sheet; what it shows is read already, and no session is held."""
    drawings = {name: Markup(drawing) for name, drawing in shapes().items()}  # noqa: S704 - ours
    # How a sheet says that it leaves something out: the same on all of them.
    said = {"cut": wording.cut, "REST": wording.REST, "MOST_PHONES": wording.MOST_PHONES}
    return site.templates.get_template(template).render(
        context, shapes=drawings, shape_names=NAMES, **said
    )
