"""An error on a sheet, reported by anybody: the one form of public pages that stores something.

Its answers are the same whether there is an actor or not; of one only its public name is shown.
"""

from urllib.parse import quote

from fastapi import APIRouter, Depends, Request, Response
from sqlalchemy.orm import Session

from app.errors import ActorUnknown
from app.inbox.message import LONGEST_MAIL, LONGEST_TEXT
from app.platform.web.permissions import Profile, open_to
from app.platform.web.same_origin import refuse_foreign
from app.platform.web.site import Site, SiteOf
from app.platform.web.turns import MessageInTurn
from app.public.inbox import access_routes, event_routes, letter_routes, link_routes
from app.public.inbox.forms import Form
from app.public.inbox.sent import LABELS, Sent, SentOf
from app.search.sheets import PUBLIC_ID, find_sheet
from importers import vocabulary

router = APIRouter(route_class=MessageInTurn)
router.include_router(link_routes.router)
router.include_router(access_routes.router)
router.include_router(event_routes.router)
router.include_router(letter_routes.router)


@router.get("/acteurs/{public_id}/signaler", include_in_schema=False)
@open_to(Profile.PUBLIC)
def form(site: SiteOf, request: Request, public_id: str) -> Response:
    """Show the form, or the address to write to where nothing can be sent."""
    return _form(site, public_id).page(site, request, Sent())


@router.post(
    "/acteurs/{public_id}/signaler",
    include_in_schema=False,
    dependencies=[Depends(refuse_foreign)],
)
@open_to(Profile.PUBLIC)
def send(site: SiteOf, request: Request, public_id: str, sent: SentOf) -> Response:
    """Seal what was sent for the desk; what tells of a child is answered, and stored nowhere."""
    # No link leads to what cannot be an id, and nobody reads what is said of it.
    can_be = PUBLIC_ID.fullmatch(public_id) is not None
    return _form(site, public_id).take(
        site, request, sent, sent.problems(), lambda: sent.message(public_id) if can_be else None
    )


@router.get("/acteurs/{public_id}/signaler/merci", include_in_schema=False)
@open_to(Profile.PUBLIC)
def thanks(site: SiteOf, request: Request, public_id: str) -> Response:
    """Say what happens next."""
    return _form(site, public_id).answer(site, request, "public/inbox/thanks.html")


def _form(site: Site, public_id: str) -> Form:
    return Form(
        about="report",
        path=f"/acteurs/{quote(public_id, safe='')}/signaler",
        stamped=public_id,
        template="public/inbox/report.html",
        shows=lambda session: {
            "public_id": public_id,
            "name": _name(site, session, public_id),
            "labels": LABELS,
            "longest": LONGEST_TEXT,
            "longest_mail": LONGEST_MAIL,
        },
    )


def _name(site: Site, session: Session, public_id: str) -> str:
    """Return the public name of an actor; none where nobody may read of it, or there is none."""
    try:
        return find_sheet(session, vocabulary.load(), public_id, site.now()).name
    except ActorUnknown:
        return ""
