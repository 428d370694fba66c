"""An error on a sheet, reported by anybody: the one form of public pages that stores something.

Its answers are the same whether there is an actor or not; of one only its public name is shown.
"""

from urllib.parse import quote

from fastapi import APIRouter, Depends, Request, Response
from fastapi.responses import RedirectResponse
from sqlalchemy.orm import Session

from app.errors import ActorUnknown
from app.inbox.message import LONGEST_MAIL, LONGEST_TEXT, Correction
from app.inbox.putting import InboxFull, Lock, NotPut, put, read_lock
from app.inbox.screening import tells_of_a_child
from app.platform.database.sessions import read, write
from app.platform.web.clients import shown
from app.platform.web.permissions import Profile, open_to
from app.platform.web.same_origin import refuse_foreign
from app.platform.web.site import Site, SiteOf
from app.platform.web.turns import MessageInTurn
from app.public.inbox import access_routes, link_routes
from app.public.inbox.sent import LABELS, Sent, SentOf
from app.public.inbox.stamp import AGAIN, OWN_REFERRER, pace, stamp
from app.search.sheets import PUBLIC_ID, find_sheet
from importers import vocabulary

router = APIRouter(route_class=MessageInTurn)
router.include_router(link_routes.router)
router.include_router(access_routes.router)


@router.get("/acteurs/{public_id}/signaler", include_in_schema=False)
@open_to(Profile.PUBLIC)
def form(site: SiteOf, request: Request, public_id: str) -> Response:
    """Show the form, or the address to write to where nothing can be sent."""
    return _page(site, request, public_id, Sent())


@router.post(
    "/acteurs/{public_id}/signaler",
    include_in_schema=False,
    dependencies=[Depends(refuse_foreign)],
)
@open_to(Profile.PUBLIC)
def send(site: SiteOf, request: Request, public_id: str, sent: SentOf) -> Response:
    """Seal what was sent for the desk; what tells of a child is answered, and stored nowhere."""
    if tells_of_a_child(sent.right):
        return _answer(site, request, public_id, "public/inbox/child.html")
    inbox, lock = site.databases.inbox, _lock(site)
    problems = sent.problems()
    if problems or sent.wrong is None or inbox is None or lock is None:
        return _page(site, request, public_id, sent, problems, http_status=422)
    rhythm = pace(lock.stamp, public_id, sent.stamp, site.now())
    if rhythm != "usual":
        return _page(site, request, public_id, sent, again=AGAIN[rhythm], http_status=422)
    # No link leads to what cannot be an id, and nobody reads what is said of it.
    if PUBLIC_ID.fullmatch(public_id):
        message = Correction(actor=public_id, wrong=sent.wrong, right=sent.right, mail=sent.mail)
        try:
            with write(inbox) as session:
                put(session, lock, shown(request.scope), message)
        except NotPut as refused:
            return _page(
                site, request, public_id, sent, refused=refused, http_status=refused.status
            )
    return RedirectResponse(f"/acteurs/{quote(public_id, safe='')}/signaler/merci", 303)


@router.get("/acteurs/{public_id}/signaler/merci", include_in_schema=False)
@open_to(Profile.PUBLIC)
def thanks(site: SiteOf, request: Request, public_id: str) -> Response:
    """Say what happens next."""
    return _answer(site, request, public_id, "public/inbox/thanks.html")


def _page(
    site: Site,
    request: Request,
    public_id: str,
    sent: Sent,
    problems: dict[str, str] | None = None,
    *,
    again: str = "",
    refused: NotPut | None = None,
    http_status: int = 200,
) -> Response:
    with read(site.databases.public) as session:
        name = _name(site, session, public_id)
        lock = read_lock(session) if site.databases.inbox is not None else None
    page = site.page(
        "public/inbox/report.html",
        http_status=http_status,
        base=site.base(request),
        public_id=public_id,
        name=name,
        is_open=lock is not None,
        labels=LABELS,
        sent=sent,
        problems=problems or {},
        again=again,
        refused=refused,
        is_full=isinstance(refused, InboxFull),
        stamp=_stamp(lock, public_id, sent, site) if lock else "",
        longest=LONGEST_TEXT,
        longest_mail=LONGEST_MAIL,
    )
    page.headers.update(OWN_REFERRER)
    return page


def _stamp(lock: Lock, public_id: str, sent: Sent, site: Site) -> str:
    """Return that of the form as it was first shown, unless it is over: nobody waits twice."""
    now = site.now()
    over = pace(lock.stamp, public_id, sent.stamp, now) == "late"
    return stamp(lock.stamp, public_id, now) if over else sent.stamp


def _answer(site: Site, request: Request, public_id: str, template: str) -> Response:
    path = f"/acteurs/{quote(public_id, safe='')}/signaler"
    return site.page(template, base=site.base(request), form_path=path, of="report")


def _lock(site: Site) -> Lock | None:
    with read(site.databases.public) as session:
        return read_lock(session)


def _name(site: Site, session: Session, public_id: str) -> str:
    """Return the public name of an actor; none where nobody may read of it, or there is none."""
    try:
        return find_sheet(session, vocabulary.load(), public_id, site.now()).name
    except ActorUnknown:
        return ""
