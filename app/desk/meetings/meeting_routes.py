"""One meeting of the CDLP: its page and its paper, and what is confirmed at the table."""

from datetime import date
from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Form, Query, Request
from fastapi.responses import RedirectResponse, Response

from app.accounts.people import names_of
from app.desk.meetings.paper import paper_of
from app.desk.meetings.routes import CONVENERS
from app.desk.meetings.words import DONE, HERE, Own, name_of, page_of
from app.desk.shell import gate
from app.desk.shell.gate import DeskOf, Signed
from app.desk.shell.page import WORKERS, render
from app.meetings import meetings
from app.meetings.meetings import NothingToTakeBack
from app.meetings.reporting import last_asked, report
from app.models import Role
from app.platform.database.sessions import read, write
from app.platform.web.pdf import MEDIA_TYPE, place
from app.platform.web.permissions import open_to
from app.platform.web.site import SiteOf
from app.records.correcting import may_correct
from app.records.many import Done
from app.records.undoing import undo
from app.search.here import Here
from app.visibility import PUBLIC, Viewer
from geo.zones import paris_day

router = APIRouter(prefix=f"{HERE}/{{code}}/{{jour}}")
# Of those to confirm, on one page.
MOST = 60
# What came of the mail by which an actor was asked; of who has no mailbox there is none.
CAME = {
    "waiting": "en attente",
    "confirmed": "a confirmé",
    "corrected": "a corrigé",
    "silent": "sans réponse",
    "bounced": "revenu",
}
Right = Annotated[tuple[str, ...], Form(max_length=MOST)]


@router.get("")
@open_to(*WORKERS)
def meeting(
    request: Request,
    desk: DeskOf,
    signed: Signed,
    code: Own,
    jour: date,
    fait: Annotated[str, Query(max_length=20)] = "",
    lot: UUID | None = None,
) -> Response:
    """Show the état des lieux of a meeting. lot: of history, what was said right a moment ago."""
    viewer, now = gate.viewer_of(signed), desk.now()
    with read(desk.engine) as session:
        name = name_of(session, signed, code)
        found = meetings.find(session, code, jour)
        state = report(session, desk.vault, viewer, code, found, now)
        shown = state.to_confirm[:MOST]
        asked = last_asked(session, viewer, [each.public_id for each in shown], now)
        by = found.confirmed_by or ""
        who = names_of(session, desk.vault, [by])
    is_time = meetings.is_time(found, paris_day(now))
    is_open = is_time and found.confirmed_at is None
    return render(
        request,
        "desk/meeting.html",
        signed,
        code=code,
        name=name,
        meeting=found,
        state=state,
        shown=shown,
        may_say=_may_say(viewer, shown) if is_open else frozenset(),
        asked=asked,
        came=CAME,
        by=who.get(by, ""),
        confirms=signed.role is Role.REFERENT_ETAT,
        convenes=signed.role in CONVENERS,
        is_time=is_time,
        may_withdraw=meetings.may_withdraw(found, gate.author_of(signed).who, now),
        today=paris_day(now),
        path=page_of(code, jour),
        done=DONE.get(fait, ""),
        undo=(f"{page_of(code, jour)}/rendre", "lot", lot) if lot else None,
    )


@router.get("/etat-des-lieux.pdf")
@open_to(*WORKERS)
def paper(
    request: Request, site: SiteOf, desk: DeskOf, signed: Signed, code: Own, jour: date
) -> Response:
    """Return the état des lieux for the table: A4, what visitors read and counts, for all alike."""
    with read(desk.engine) as session:
        name = name_of(session, signed, code)
        found = meetings.find(session, code, jour)
        state = report(session, desk.vault, PUBLIC, code, found, desk.now())
        confirmed = found.confirmed_at is not None
    with place(site.settings.wait_most):
        pdf = paper_of(site, request, name, code, jour, state, confirmed=confirmed)
    file = f"etat-des-lieux-{code}-{jour.isoformat()}.pdf"
    return Response(
        pdf, headers={"Content-Disposition": f'inline; filename="{file}"'}, media_type=MEDIA_TYPE
    )


@router.post("/justes")
@open_to(*WORKERS)
def say_right(desk: DeskOf, signed: Signed, code: Own, jour: date, juste: Right = ()) -> Response:
    """Renew the days of actors that the meeting says are right."""
    viewer, author = gate.viewer_of(signed), gate.author_of(signed)
    with write(desk.engine) as session:
        found = meetings.find(session, code, jour, lock=True)
        done = meetings.say_right(session, desk.vault, viewer, author, found, juste, desk.now())
    return _back(code, jour, "justes" if done and done.batch else "aucun", done)


@router.post("/confirmer")
@open_to(Role.REFERENT_ETAT)
def confirm(desk: DeskOf, signed: Signed, code: Own, jour: date, juste: Right = ()) -> Response:
    """Confirm the état des lieux of a meeting, with those who are said to be right."""
    viewer, author = gate.viewer_of(signed), gate.author_of(signed)
    with write(desk.engine) as session:
        found = meetings.find(session, code, jour, lock=True)
        if found.confirmed_by == author.who:
            # Pressed twice.
            return _back(code, jour, "confirme")
        done = meetings.confirm(session, desk.vault, viewer, author, found, juste, desk.now())
    return _back(code, jour, "confirme-avec" if done and done.batch else "confirme", done)


@router.post("/annuler")
@open_to(Role.REFERENT_ETAT)
def withdraw(desk: DeskOf, signed: Signed, code: Own, jour: date) -> Response:
    """Take a confirmation back within the hour."""
    with write(desk.engine) as session:
        found = meetings.find(session, code, jour, lock=True)
        meetings.withdraw(session, desk.vault, gate.author_of(signed), found, desk.now())
    return _back(code, jour, "annule")


@router.post("/rendre")
@open_to(*WORKERS)
def give_back(
    desk: DeskOf, signed: Signed, code: Own, jour: date, lot: Annotated[UUID, Form()]
) -> Response:
    """Take back what one said to be right within the hour; raise NothingToTakeBack."""
    viewer, author = gate.viewer_of(signed), gate.author_of(signed)
    with write(desk.engine) as session:
        if not undo(session, desk.vault, viewer, author, lot).done:
            raise NothingToTakeBack
    return _back(code, jour, "rendus")


@router.post("/retirer")
@open_to(*CONVENERS)
def remove(desk: DeskOf, signed: Signed, code: Own, jour: date) -> Response:
    """Remove a meeting that is not confirmed."""
    with write(desk.engine) as session:
        meetings.remove(session, desk.vault, gate.author_of(signed), code, jour)
    return RedirectResponse(f"{page_of(code)}?fait=retiree", 303)


def _back(code: str, day: date, done: str, said: Done | None = None) -> Response:
    batch = f"&lot={said.batch}" if said and said.batch else ""
    return RedirectResponse(f"{page_of(code, day)}?fait={done}{batch}", 303)


def _may_say(viewer: Viewer, shown: tuple[Here, ...]) -> frozenset[str]:
    """Return public ids of those whom somebody may say to be right."""
    return frozenset(
        each.public_id
        for each in shown
        if may_correct(viewer, each.category, each.territory) is None
    )
