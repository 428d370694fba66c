"""A link that anybody proposes to the resource centre: sealed, and read by a curateur alone."""

from fastapi import APIRouter, Depends, Request, Response

from app.inbox.message import LONGEST_TITLE, LONGEST_URL, LONGEST_WHY
from app.platform.web.permissions import Profile, open_to
from app.platform.web.same_origin import refuse_foreign
from app.platform.web.site import SiteOf
from app.platform.web.turns import MessageInTurn
from app.public.inbox.forms import Form
from app.public.inbox.proposed import Proposed, ProposedOf

router = APIRouter(route_class=MessageInTurn)
PATH = "/ressources/proposer"
LONGEST = {
    "longest_url": LONGEST_URL,
    "longest_title": LONGEST_TITLE,
    "longest_why": LONGEST_WHY,
}
FORM = Form(
    about="link",
    path=PATH,
    # Where a report has the id of a sheet.
    stamped="ressource",
    template="public/inbox/link.html",
    shows=lambda _session: LONGEST,
)


@router.get(PATH, include_in_schema=False)
@open_to(Profile.PUBLIC)
def form(site: SiteOf, request: Request) -> Response:
    """Show the form, or the address to write to where nothing can be sent."""
    return FORM.page(site, request, Proposed())


@router.post(PATH, include_in_schema=False, dependencies=[Depends(refuse_foreign)])
@open_to(Profile.PUBLIC)
def send(site: SiteOf, request: Request, sent: ProposedOf) -> Response:
    """Seal what was sent for the desk; what tells of a child is answered, and stored nowhere."""
    return FORM.take(site, request, sent, sent.problems(), sent.message)


@router.get(f"{PATH}/merci", include_in_schema=False)
@open_to(Profile.PUBLIC)
def thanks(site: SiteOf, request: Request) -> Response:
    """Say what happens next."""
    return FORM.answer(site, request, "public/inbox/link_thanks.html")
