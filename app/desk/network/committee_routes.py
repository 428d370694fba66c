"""The closed place of a CDLP, for who sits there: where one is invited, one of them, leaving."""

from typing import Annotated

from fastapi import APIRouter, Path, Query, Request
from fastapi.responses import RedirectResponse, Response

from app.desk.network.viewing import viewer_of
from app.desk.shell import gate
from app.desk.shell.gate import DeskOf, Signed
from app.desk.shell.page import render
from app.meetings.reporting import report
from app.models import Role
from app.network import committee_meetings, committee_texts, committees
from app.platform.database.sessions import read, write
from app.platform.web.permissions import open_to
from app.visibility import PUBLIC

COMMITTEES = f"{gate.PRO}/reseau/cdlp"
router = APIRouter(prefix=COMMITTEES)
Code = Annotated[str, Path(max_length=3)]
DONE = {
    "accepte": "Vous siégez désormais ici.",
    "parti": "C’est fait : cet espace vous est fermé, et plus aucun message n’en viendra.",
}
Page = Annotated[int, Query(ge=1, le=1_000)]
Done = Annotated[str, Query(max_length=20)]


@router.get("")
@open_to(Role.PROFESSIONNEL)
def rooms(request: Request, desk: DeskOf, signed: Signed, fait: Done = "") -> Response:
    """Show where somebody sits, and where they are invited."""
    asker = gate.asker_of(signed, desk.now())
    with read(desk.engine) as session:
        own = committees.read_rooms(session, viewer_of(desk, signed))
        waiting = committees.read_invitations(session, asker)
    return render(
        request,
        "desk/network/committees.html",
        signed,
        places=own,
        waiting=waiting,
        path=COMMITTEES,
        done=DONE.get(fait, ""),
    )


@router.get("/{code}")
@open_to(Role.PROFESSIONNEL)
def room(
    request: Request, desk: DeskOf, signed: Signed, code: Code, fait: Done = "", page: Page = 1
) -> Response:
    """Show one to who sits in it: who else does, what comes, what was decided, the état des lieux.

    What stands in that is what visitors read.
    """
    viewer, now = viewer_of(desk, signed), desk.now()
    with read(desk.engine) as session:
        found = committees.read_room(session, viewer, code)
        seats = committees.read_seats(session, desk.vault, viewer, code, now)
        coming = committee_meetings.read_coming(session, desk.vault, viewer, code, now)
        pages = committee_texts.count_pages(session, viewer, code)
        page = min(page, pages)
        decisions = committee_texts.read_decisions(session, desk.vault, viewer, code, page)
        state = report(session, desk.vault, PUBLIC, code, None, now)
    return render(
        request,
        "desk/network/committee.html",
        signed,
        room=found,
        seats=seats,
        coming=coming,
        decisions=decisions,
        page=page,
        pages=pages,
        state=state,
        path=COMMITTEES,
        done=DONE.get(fait, ""),
    )


@router.post("/{code}/accepter")
@open_to(Role.PROFESSIONNEL)
def join(desk: DeskOf, signed: Signed, code: Code) -> Response:
    """Accept an invitation."""
    author, asker = gate.author_of(signed), gate.asker_of(signed, desk.now())
    with write(desk.engine) as session:
        committees.join(session, desk.vault, author, asker, code)
    return RedirectResponse(f"{COMMITTEES}/{code}?fait=accepte", 303)


@router.post("/{code}/quitter")
@open_to(Role.PROFESSIONNEL)
def leave(desk: DeskOf, signed: Signed, code: Code) -> Response:
    """Leave, or refuse an invitation; the same answer to who is neither."""
    author, asker = gate.author_of(signed), gate.asker_of(signed, desk.now())
    with write(desk.engine) as session:
        committees.leave(session, desk.vault, author, asker, code)
    return RedirectResponse(f"{COMMITTEES}?fait=parti", 303)
