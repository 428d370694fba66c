"""Who asks for an account of a professional: sealed for the desk, and answered the same always."""

from fastapi import APIRouter, Depends, Request, Response

from app.gazetteer.territories import read_names
from app.inbox import access_form
from app.platform.database.sessions import read
from app.platform.web.permissions import Profile, open_to
from app.platform.web.same_origin import refuse_foreign
from app.platform.web.site import SiteOf
from app.platform.web.turns import MessageInTurn
from app.public.inbox.asked_access import LONGEST, Asking, AskingOf
from app.public.inbox.forms import Form

router = APIRouter(route_class=MessageInTurn)
PATH = "/professionnels/demande"
FORM = Form(
    about="access",
    path=PATH,
    # Where a report has the id of a sheet.
    stamped="acces",
    template="public/inbox/access.html",
    shows=lambda session: {"names": read_names(session), "longest": LONGEST},
    # Nobody asks who would not be answered.
    is_open=lambda session, site: access_form.is_open(session, site.now()),
)


@router.get(PATH, include_in_schema=False)
@open_to(Profile.PUBLIC)
def form(site: SiteOf, request: Request) -> Response:
    """Show the form, or the address to write to where nothing can be sent."""
    return FORM.page(site, request, Asking())


@router.post(PATH, include_in_schema=False, dependencies=[Depends(refuse_foreign)])
@open_to(Profile.PUBLIC)
def send(site: SiteOf, request: Request, sent: AskingOf) -> Response:
    """Seal what was sent for the desk, whatever is known of its address."""
    with read(site.databases.public) as session:
        codes = read_names(session)
    return FORM.take(site, request, sent, sent.problems(codes), sent.message)


@router.get(f"{PATH}/merci", include_in_schema=False)
@open_to(Profile.PUBLIC)
def thanks(site: SiteOf, request: Request) -> Response:
    """Say what happens next."""
    return FORM.answer(site, request, "public/inbox/access_thanks.html")
