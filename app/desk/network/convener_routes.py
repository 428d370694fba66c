"""The closed place of a CDLP, for the référent of the State who convenes it: invites and writes."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Form, Path, Query, Request
from fastapi.responses import RedirectResponse, Response
from sqlalchemy.orm import Session

from app.accounts.sessions import SignedIn
from app.desk.network.viewing import viewer_of
from app.desk.shell import gate
from app.desk.shell.gate import Desk, DeskOf, Signed
from app.desk.shell.page import render
from app.errors import Mesure23Error
from app.models import Role
from app.network import committee_meetings, committee_texts, committees
from app.network.committee_errors import CommitteeUnknown
from app.network.committees import FUNCTION_MAX
from app.platform.database.sessions import read, write
from app.platform.web.permissions import open_to
from geo.zones import paris_day

HERE = f"{gate.HOME}/cdlp"
router = APIRouter(prefix=HERE)
Code = Annotated[str, Path(max_length=3)]
Short = Annotated[str, Form(max_length=400)]
Text = Annotated[str, Form(max_length=4 * committee_texts.TEXT_MAX)]
DONE = {
    "invite": "L’invitation part dans quelques minutes, si cette adresse n’en a pas eu depuis un"
    " jour. Elle vaut deux semaines.",
    "retire": "C’est retiré : l’accès et les messages s’arrêtent aussitôt.",
    "ecrit": "C’est enregistré : les membres le lisent tout de suite.",
    "efface": "C’est effacé.",
}


@dataclass(frozen=True, slots=True)
class Entered:
    """What was sent, shown again where it is to be corrected. form: which form it is of."""

    form: str = ""
    courriel: str = ""
    fonction: str = ""
    jour: str = ""
    texte: str = ""
    debut: str = ""
    fin: str = ""
    lieu: str = ""
    documents: str = ""


@router.get("/{code}")
@open_to(Role.REFERENT_ETAT)
def room(
    request: Request,
    desk: DeskOf,
    signed: Signed,
    code: Code,
    fait: Annotated[str, Query(max_length=20)] = "",
    page: Annotated[int, Query(ge=1, le=1_000)] = 1,
) -> Response:
    """Show the place: who sits in it and is invited, what comes, what was decided."""
    return _page(request, desk, signed, code, Entered(), done=DONE.get(fait, ""), page=page)


@router.post("/{code}/inviter")
@open_to(Role.REFERENT_ETAT)
def invite(
    request: Request,
    desk: DeskOf,
    signed: Signed,
    code: Code,
    courriel: Short = "",
    fonction: Short = "",
) -> Response:
    """Invite a mail address; the same answer whoever has an account."""
    author, now = gate.author_of(signed), desk.now()

    def do(session: Session) -> None:
        given = (session, desk.vault, viewer_of(desk, signed), author, code)
        committees.invite(*given, courriel, fonction, now)

    entered = Entered("inviter", courriel=courriel, fonction=fonction)
    return _done(request, desk, signed, code, entered, do, "invite")


@router.post("/{code}/retirer")
@open_to(Role.REFERENT_ETAT)
def take_out(desk: DeskOf, signed: Signed, code: Code, siege: Annotated[UUID, Form()]) -> Response:
    """Take somebody out, or an invitation back."""
    with write(desk.engine) as session:
        given = (viewer_of(desk, signed), gate.author_of(signed), code, siege)
        committees.take_out(session, desk.vault, *given)
    return RedirectResponse(f"{HERE}/{code}?fait=retire", 303)


@router.post("/{code}/ordre-du-jour")
@open_to(Role.REFERENT_ETAT)
def write_agenda(
    request: Request,
    desk: DeskOf,
    signed: Signed,
    code: Code,
    jour: Short = "",
    texte: Text = "",
    debut: Short = "",
    fin: Short = "",
    lieu: Short = "",
    documents: Text = "",
) -> Response:
    """Say when and where a meeting is, what it speaks of, and what is to be read before."""
    author, now = gate.author_of(signed), desk.now()

    def do(session: Session) -> None:
        papers = committee_meetings.papers_of(documents)
        said = committee_meetings.Said(texte, debut, fin, lieu, papers)
        given = (session, desk.vault, viewer_of(desk, signed), author, code)
        committee_meetings.write(*given, _day(jour), said, now)

    entered = Entered("ordre", "", "", jour, texte, debut, fin, lieu, documents)
    return _done(request, desk, signed, code, entered, do, "ecrit")


@router.post("/{code}/decisions")
@open_to(Role.REFERENT_ETAT)
def decide(
    request: Request,
    desk: DeskOf,
    signed: Signed,
    code: Code,
    jour: Short = "",
    texte: Text = "",
) -> Response:
    """Write down what was decided; what names a child is sent back, and stored nowhere."""
    author, now = gate.author_of(signed), desk.now()

    def do(session: Session) -> None:
        given = (session, desk.vault, viewer_of(desk, signed), author, code)
        committee_texts.decide(*given, _day(jour), texte, now)

    entered = Entered("decision", jour=jour, texte=texte)
    return _done(request, desk, signed, code, entered, do, "ecrit")


@router.post("/{code}/effacer")
@open_to(Role.REFERENT_ETAT)
def erase(desk: DeskOf, signed: Signed, code: Code, decision: Annotated[UUID, Form()]) -> Response:
    """Erase a decision."""
    with write(desk.engine) as session:
        given = (viewer_of(desk, signed), gate.author_of(signed), code, decision)
        committee_texts.erase(session, desk.vault, *given)
    return RedirectResponse(f"{HERE}/{code}?fait=efface", 303)


def _done(
    request: Request,
    desk: Desk,
    signed: SignedIn,
    code: str,
    entered: Entered,
    do: Callable[[Session], None],
    what: str,
) -> Response:
    """Do something, or show what was sent again with what is to be corrected."""
    try:
        with write(desk.engine) as session:
            do(session)
    except CommitteeUnknown:
        raise
    except Mesure23Error as error:
        return _page(request, desk, signed, code, entered, error=error)
    return RedirectResponse(f"{HERE}/{code}?fait={what}", 303)


def _page(
    request: Request,
    desk: Desk,
    signed: SignedIn,
    code: str,
    entered: Entered,
    *,
    error: Mesure23Error | None = None,
    done: str = "",
    page: int = 1,
) -> Response:
    viewer, now = viewer_of(desk, signed), desk.now()
    with read(desk.engine) as session:
        found = committees.read_room(session, viewer, code)
        seats = committees.read_seats(session, desk.vault, viewer, code, now)
        waiting = committees.read_invited(session, desk.vault, viewer, code, now)
        coming = committee_meetings.read_coming(session, desk.vault, viewer, code, now)
        pages = committee_texts.count_pages(session, viewer, code)
        page = min(page, pages)
        decisions = committee_texts.read_decisions(session, desk.vault, viewer, code, page)
    return render(
        request,
        "desk/network/convener.html",
        signed,
        http_status=error.status if error else 200,
        room=found,
        seats=seats,
        waiting=waiting,
        coming=coming,
        decisions=decisions,
        page=page,
        pages=pages,
        entered=entered,
        as_lines=committee_meetings.as_lines,
        error=error,
        done=done,
        today=paris_day(now),
        function_max=FUNCTION_MAX,
        text_max=committee_texts.TEXT_MAX,
        path=HERE,
    )


def _day(given: str) -> date | None:
    try:
        return date.fromisoformat(given)
    except ValueError:
        return None
