"""Who wants to come to an event: an address, sealed for the worker, and the same answer always."""

from fastapi import APIRouter, Depends, Request, Response
from sqlalchemy.orm import Session

from app.agenda.event import PATH, Event
from app.agenda.queries import read_event
from app.errors import EventUnknown
from app.inbox import access_form
from app.inbox.message import LONGEST_MAIL, EventAsked
from app.platform.database.sessions import read
from app.platform.web.permissions import Profile, open_to
from app.platform.web.same_origin import refuse_foreign
from app.platform.web.site import Site, SiteOf
from app.platform.web.turns import MessageInTurn
from app.public.inbox.address import Address, AddressOf
from app.public.inbox.forms import Form
from app.visibility import PUBLIC

router = APIRouter(route_class=MessageInTurn)
HERE = f"{PATH}/{{event_id}}/inscription"


@router.get(HERE, include_in_schema=False)
@open_to(Profile.PUBLIC)
def form(site: SiteOf, request: Request, event_id: str) -> Response:
    """Show the form of an event that takes registrations; raise EventUnknown."""
    return _form(site, event_id).page(site, request, Address())


@router.post(HERE, include_in_schema=False, dependencies=[Depends(refuse_foreign)])
@open_to(Profile.PUBLIC)
def send(site: SiteOf, request: Request, event_id: str, sent: AddressOf) -> Response:
    """Seal an address for the worker, whoever asked before; raise EventUnknown."""
    return _form(site, event_id).take(
        *(site, request, sent, sent.problems()),
        lambda: EventAsked(event=event_id, mail=sent.mail),
    )


@router.get(f"{HERE}/merci", include_in_schema=False)
@open_to(Profile.PUBLIC)
def thanks(site: SiteOf, request: Request, event_id: str) -> Response:
    """Say what happens next."""
    return _form(site, event_id).answer(site, request, "public/inbox/event_thanks.html")


def _form(site: Site, event_id: str) -> Form:
    with read(site.databases.public) as session:
        event = read_event(session, PUBLIC, event_id)
    if not event.registers:
        raise EventUnknown
    return Form(
        about="event",
        path=f"{event.path}/inscription",
        stamped=event.public_id,
        template="public/inbox/event.html",
        shows=lambda _session: {"event": event, "longest": LONGEST_MAIL},
        is_open=lambda session, own: _is_open(session, own, event),
    )


def _is_open(session: Session, site: Site, event: Event) -> bool:
    """Say whether somebody who asks would be answered, and could come."""
    now = site.now()
    takes = event.cancelled_at is None and event.ends_at > now
    return takes and access_form.is_open(session, now)
