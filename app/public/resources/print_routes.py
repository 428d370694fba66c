"""One resource on paper: a sheet to pin up beside the telephone, with the code that leads here."""

from fastapi import APIRouter, Request, Response
from markupsafe import Markup

from app.platform.database.sessions import read
from app.platform.web.openapi import Responses
from app.platform.web.pdf import MEDIA_TYPE, place, write_pdf
from app.platform.web.permissions import Profile, open_to
from app.platform.web.qr_code import qr_code
from app.platform.web.response_cache import Body
from app.platform.web.site import SiteOf
from app.platform.web.versions import FRANCE
from app.public.resources.showing import facts
from app.reference.national_numbers import NATIONAL_NUMBERS
from app.resources import citation
from app.resources.content import SheetPart
from app.resources.criteria import PATH
from app.resources.markdown import render
from app.resources.page import read_resource
from app.resources.vocabulary import label
from app.resources.wording import standing
from app.statistics.page_types import PageType, counted_as
from app.visibility import PUBLIC
from geo.zones import paris_day

router = APIRouter()
DOCUMENTED: Responses = {
    200: {"content": {MEDIA_TYPE: {"schema": {"type": "string", "format": "binary"}}}},
    304: {"description": "Unchanged since If-None-Match"},
}


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
        resource = read_resource(session, PUBLIC, resource_id)

    # With the title, the code would be too fine to print.
    short = f"{address}{PATH}/{resource.public_id}"

    def make() -> Body:
        with place():
            own = resource.content.own
            numbers = own.numbers if isinstance(own, SheetPart) else ()
            html = site.templates.get_template("public/prints/resource.html").render(
                resource=resource,
                content=resource.content,
                own=own,
                form=label("forms", resource.content.form),
                facts=facts(resource),
                standing=standing(resource.content),
                numbers_to_call=[NATIONAL_NUMBERS[each] for each in numbers],
                render=render,
                citation=citation.text(resource, address, day),
                day_printed=day,
                qr_svg=Markup(qr_code(short)),  # noqa: S704 - segno escapes it
                publisher=site.settings.publisher,
            )
            return Body.plain(write_pdf(html), MEDIA_TYPE)

    key = ("resource.pdf", address, resource.public_id, resource.edition, day)
    body = site.cache.value(key, FRANCE, make, lambda made: len(made.content))
    answer = body.answer(request)
    # Neither its name nor its title tells what somebody reads about.
    answer.headers["Content-Disposition"] = f'inline; filename="ressource-{day}.pdf"'
    answer.headers["X-Robots-Tag"] = "noindex"
    return answer
