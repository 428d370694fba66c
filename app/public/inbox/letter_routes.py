"""Who wants the letter: an address, sealed for the worker, and the same answer always."""

from fastapi import APIRouter, Depends, Request, Response
from sqlalchemy.orm import Session

from app.inbox import access_form
from app.inbox.message import LONGEST_MAIL, LetterAsked
from app.platform.web.permissions import Profile, open_to
from app.platform.web.same_origin import refuse_foreign
from app.platform.web.site import Site, SiteOf
from app.platform.web.turns import MessageInTurn
from app.public.inbox.address import Address, AddressOf
from app.public.inbox.forms import Form

router = APIRouter(route_class=MessageInTurn)
HERE = "/lettres/abonnement"


def _is_open(session: Session, site: Site) -> bool:
    """Say whether who asks would be answered: links of mails name the address of the service."""
    return site.settings.public_url is not None and access_form.is_open(session, site.now())


_FORM = Form(
    about="letter",
    path=HERE,
    stamped="lettre",
    template="public/inbox/letter.html",
    shows=lambda _session: {"longest": LONGEST_MAIL},
    is_open=_is_open,
)


@router.get(HERE, include_in_schema=False)
@open_to(Profile.PUBLIC)
def form(site: SiteOf, request: Request) -> Response:
    """Show the form."""
    return _FORM.page(site, request, Address())


@router.post(HERE, include_in_schema=False, dependencies=[Depends(refuse_foreign)])
@open_to(Profile.PUBLIC)
def send(site: SiteOf, request: Request, sent: AddressOf) -> Response:
    """Seal an address for the worker, whoever asked before."""
    problems = sent.problems()
    return _FORM.take(site, request, sent, problems, lambda: LetterAsked(mail=sent.mail))


@router.get(f"{HERE}/merci", include_in_schema=False)
@open_to(Profile.PUBLIC)
def thanks(site: SiteOf, request: Request) -> Response:
    """Say what happens next."""
    return _FORM.answer(site, request, "public/inbox/letter_thanks.html")
