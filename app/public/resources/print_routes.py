"""Resources on paper: one to pin up beside the telephone, and the list of a selection."""

from collections.abc import Hashable

from fastapi import APIRouter, Request, Response
from fastapi.responses import RedirectResponse

from app.platform.database.sessions import read
from app.platform.web.openapi import Responses
from app.platform.web.pdf import MEDIA_TYPE, inline, place, size, write_pdf
from app.platform.web.permissions import Profile, open_to
from app.platform.web.qr_code import qr_code
from app.platform.web.response_cache import Body
from app.platform.web.site import SiteOf
from app.platform.web.turns import FileInTurn
from app.platform.web.versions import FRANCE, RESOURCES
from app.public.resources.cached import index_cached_by
from app.public.resources.showing import facts
from app.reference.national_numbers import NATIONAL_NUMBERS
from app.resources import citation
from app.resources.content import SheetPart
from app.resources.criteria import PATH
from app.resources.markdown import render
from app.resources.page import read_cited, read_resource
from app.resources.parameters import QueryOf
from app.resources.queries import read_cards
from app.resources.results import applied, select_ids
from app.resources.vocabulary import label
from app.resources.wording import standing
from app.statistics.page_types import PageType, counted_as
from app.visibility import PUBLIC
from geo.zones import paris_day

router = APIRouter(route_class=FileInTurn)
LIST = f"{PATH}/fiche.pdf"
# Of a list: what somebody reads through on paper.
MOST_PRINTED = 100
DOCUMENTED: Responses = {
    200: {"content": {MEDIA_TYPE: {"schema": {"type": "string", "format": "binary"}}}},
    304: {"description": "Unchanged since If-None-Match"},
}


@router.get(
    LIST,
    tags=["impression"],
    response_class=Response,
    responses=DOCUMENTED | {303: {"description": "None: the list, which says what to give up"}},
)
@open_to(Profile.PUBLIC)
@counted_as(PageType.PRINT)
def printed_list(site: SiteOf, request: Request, query: QueryOf) -> Response:
    """Return the resources of a selection as PDF for printing, the first ones where many are."""
    day, address = paris_day(site.now()), site.base(request)
    query = query.but()
    with read(site.databases.public) as session:
        none = not select_ids(session, PUBLIC, query, index_cached_by(site), 1)
    if none:
        return RedirectResponse(query.url(), 303)

    def make() -> Body:
        with place(site.settings.wait_most):
            with read(site.databases.public) as session:
                known = index_cached_by(site)(session)
                ids = select_ids(session, PUBLIC, query, lambda _session: known, len(known.ids))
                cards = read_cards(session, PUBLIC, ids[:MOST_PRINTED])
            html = site.templates.get_template("public/prints/resources.html").render(
                cards=cards,
                total=len(ids),
                asked=[label for label, _ in applied(query, known)],
                address=address,
                day_printed=day,
                qr_svg=qr_code(address + query.url()),
                publisher=site.settings.publisher,
            )
            return Body.plain(write_pdf(html), MEDIA_TYPE)

    # What a visitor wrote is not cached.
    key: Hashable = ("resources.pdf", address, query, day)
    body = make() if query.text else site.cache.value(key, RESOURCES, make, size)
    return inline(request, body, f"ressources-{day}.pdf")


@router.get(
    f"{PATH}/{{resource_id}}/fiche.pdf",
    tags=["impression"],
    response_class=Response,
    responses=DOCUMENTED,
)
@open_to(Profile.PUBLIC)
@counted_as(PageType.PRINT)
def printed(site: SiteOf, request: Request, resource_id: str) -> Response:
    """Return one resource as PDF for printing: A4, tagged, with a code that leads to its page."""
    day, address = paris_day(site.now()), site.base(request)
    with read(site.databases.public) as session:
        # Raises for a resource that is not there, before the cache is asked to remember anything.
        found = read_resource(session, PUBLIC, resource_id)
    # With the title, the code would be too fine to print.
    short = f"{address}{PATH}/{found.public_id}"

    def make() -> Body:
        with place(site.settings.wait_most):
            with read(site.databases.public) as session:
                resource = read_resource(session, PUBLIC, resource_id)
                cited = read_cited(session, PUBLIC, resource.content)
            own = resource.content.own
            numbers = own.numbers if isinstance(own, SheetPart) else ()
            html = site.templates.get_template("public/prints/resource.html").render(
                resource=resource,
                content=resource.content,
                own=own,
                form=label("forms", resource.content.form),
                facts=facts(resource),
                standing=standing(resource.content),
                numbers_to_call=[
                    NATIONAL_NUMBERS[each] for each in numbers if each in NATIONAL_NUMBERS
                ],
                cited=cited,
                address=address,
                render=render,
                citation=citation.text(resource, address, day),
                day_printed=day,
                qr_svg=qr_code(short),
                publisher=site.settings.publisher,
            )
            return Body.plain(write_pdf(html), MEDIA_TYPE)

    key: Hashable = ("resource.pdf", address, found.public_id, found.edition, day)
    body = site.cache.value(key, FRANCE, make, size)
    return inline(request, body, f"ressource-{day}.pdf")
