"""Who asks for an account of a professional: sealed for the desk, and answered the same always."""

from fastapi import APIRouter, Depends, Request, Response
from fastapi.responses import RedirectResponse
from sqlalchemy.orm import Session

from app.gazetteer.territories import read_names
from app.inbox import access_form
from app.inbox.putting import InboxFull, Lock, NotPut, put, read_lock
from app.inbox.screening import tells_of_a_child
from app.platform.database.sessions import read, write
from app.platform.web.clients import shown
from app.platform.web.permissions import Profile, open_to
from app.platform.web.same_origin import refuse_foreign
from app.platform.web.site import Site, SiteOf
from app.platform.web.turns import MessageInTurn
from app.public.inbox.asked_access import LONGEST, Asking, AskingOf
from app.public.inbox.stamp import AGAIN, OWN_REFERRER, pace, stamp

router = APIRouter(route_class=MessageInTurn)
PATH = "/professionnels/demande"
# In its stamp, where a report has the id of a sheet.
FORM = "acces"


@router.get(PATH, include_in_schema=False)
@open_to(Profile.PUBLIC)
def form(site: SiteOf, request: Request) -> Response:
    """Show the form, or the address to write to where nothing can be sent."""
    return _page(site, request, Asking())


@router.post(PATH, include_in_schema=False, dependencies=[Depends(refuse_foreign)])
@open_to(Profile.PUBLIC)
def send(site: SiteOf, request: Request, sent: AskingOf) -> Response:
    """Seal what was sent for the desk, whatever is known of its address."""
    if tells_of_a_child(sent.said):
        return _answer(site, request, "public/inbox/child.html")
    with read(site.databases.public) as session:
        lock, codes = _lock(session, site), read_names(session)
    inbox, problems = site.databases.inbox, sent.problems(codes)
    if problems or inbox is None or lock is None:
        return _page(site, request, sent, problems, http_status=422)
    rhythm = pace(lock.stamp, FORM, sent.stamp, site.now())
    if rhythm != "usual":
        return _page(site, request, sent, again=AGAIN[rhythm], http_status=422)
    try:
        with write(inbox) as session:
            put(session, lock, shown(request.scope), sent.message())
    except NotPut as refused:
        return _page(site, request, sent, refused=refused, http_status=refused.status)
    return RedirectResponse(f"{PATH}/merci", 303)


@router.get(f"{PATH}/merci", include_in_schema=False)
@open_to(Profile.PUBLIC)
def thanks(site: SiteOf, request: Request) -> Response:
    """Say what happens next."""
    return _answer(site, request, "public/inbox/access_thanks.html")


def _page(
    site: Site,
    request: Request,
    sent: Asking,
    problems: dict[str, str] | None = None,
    *,
    again: str = "",
    refused: NotPut | None = None,
    http_status: int = 200,
) -> Response:
    with read(site.databases.public) as session:
        lock = _lock(session, site) if site.databases.inbox is not None else None
        names = read_names(session)
    page = site.page(
        "public/inbox/access.html",
        http_status=http_status,
        base=site.base(request),
        form_path=PATH,
        is_open=lock is not None,
        sent=sent,
        names=names,
        problems=problems or {},
        again=again,
        refused=refused,
        is_full=isinstance(refused, InboxFull),
        stamp=_stamp(lock, sent, site) if lock else "",
        longest=LONGEST,
    )
    page.headers.update(OWN_REFERRER)
    return page


def _lock(session: Session, site: Site) -> Lock | None:
    """Return what seals, none while nobody who asks would be answered."""
    return read_lock(session) if access_form.is_open(session, site.now()) else None


def _stamp(lock: Lock, sent: Asking, site: Site) -> str:
    """Return that of the form as it was first shown, unless it is over: nobody waits twice."""
    now = site.now()
    over = pace(lock.stamp, FORM, sent.stamp, now) == "late"
    return stamp(lock.stamp, FORM, now) if over else sent.stamp


def _answer(site: Site, request: Request, template: str) -> Response:
    return site.page(template, base=site.base(request), form_path=PATH, of="access")
