"""A member writes their profile, and chooses whom they work for."""

from typing import Annotated

from fastapi import APIRouter, Depends, Form, Query, Request
from fastapi.responses import RedirectResponse, Response
from sqlalchemy import select
from sqlalchemy.orm import Session

from app.accounts.sessions import SignedIn
from app.desk.network.charter_routes import NETWORK
from app.desk.network.entered import Entered, NotWhole, profile_of, read_form, shown
from app.desk.network.viewing import viewer_of
from app.desk.shell import gate
from app.desk.shell.gate import Desk, DeskOf, Signed
from app.desk.shell.page import render
from app.errors import Mesure23Error
from app.gazetteer.territories import read_names
from app.models import Role
from app.network import directory, writing
from app.network.errors import SavedTooOften
from app.network.members import check_member
from app.network.words import FUNCTIONS, WHO_READS, themes
from app.platform.database.sessions import read, write
from app.platform.web.permissions import open_to
from app.visibility import published
from geo.text import fold

PROFILE = f"{NETWORK}/profil"
DONE = {
    "enregistre": "Votre profil est enregistré : l’annuaire le montre tel que vous l’avez dit.",
    "organisation": "Votre organisation est enregistrée.",
}
# Of actors that have the words of an organisation, so many.
MOST = 20
router = APIRouter(prefix=NETWORK)
EnteredOf = Annotated[Entered, Depends(read_form)]


@router.get("/profil")
@open_to(Role.PROFESSIONNEL)
def profile(
    request: Request,
    desk: DeskOf,
    signed: Signed,
    fait: Annotated[str, Query(max_length=20)] = "",
) -> Response:
    """Show the form of one's own profile, and how others read it."""
    return _page(request, desk, signed, done=DONE.get(fait, ""))


@router.post("/profil")
@open_to(Role.PROFESSIONNEL)
def save(request: Request, desk: DeskOf, signed: Signed, entered: EnteredOf) -> Response:
    """Save one's own profile."""
    try:
        with write(desk.engine) as session:
            said = profile_of(entered, read_names(session))
            given = (gate.author_of(signed), signed.account_id, said, desk.now())
            writing.save(session, desk.vault, *given)
    except NotWhole as wrong:
        return _page(request, desk, signed, wrong.entered)
    except SavedTooOften as error:
        return _page(request, desk, signed, entered, error=error)
    return RedirectResponse(f"{PROFILE}?fait=enregistre", 303)


@router.get("/organisation")
@open_to(Role.PROFESSIONNEL)
def organisations(
    request: Request,
    desk: DeskOf,
    signed: Signed,
    q: Annotated[str, Query(max_length=100)] = "",
) -> Response:
    """Show the actors that have some words, for somebody to choose whom they work for."""
    with read(desk.engine) as session:
        check_member(session, signed.account_id, desk.now())
        found = _found(session, q)
        names = read_names(session)
    return render(
        request,
        "desk/network/organisation.html",
        signed,
        found=found,
        most=MOST,
        words=q,
        names=names,
        path=NETWORK,
    )


@router.post("/organisation")
@open_to(Role.PROFESSIONNEL)
def choose(
    desk: DeskOf, signed: Signed, fiche: Annotated[str, Form(max_length=16)] = ""
) -> Response:
    """Say whom one works for; nobody where no sheet is given."""
    with write(desk.engine) as session:
        given = (gate.author_of(signed), signed.account_id, fiche, desk.now())
        writing.choose_actor(session, desk.vault, *given)
    return RedirectResponse(f"{PROFILE}?fait=organisation", 303)


def _found(session: Session, words: str) -> list[tuple[str, str, str]]:
    """Return public id, name and territory of the actors that everybody reads, by words."""
    wanted = fold(words).split()
    if not wanted:
        return []
    actor = published().c
    has = (actor.folded.contains(word, autoescape=True) for word in wanted)
    asked = select(actor.public_id, actor.name, actor.territory_code).where(*has)
    rows = session.execute(asked.order_by(actor.name, actor.public_id).limit(MOST)).all()
    return [(row.public_id, row.name, row.territory_code) for row in rows]


def _page(
    request: Request,
    desk: Desk,
    signed: SignedIn,
    entered: Entered | None = None,
    *,
    done: str = "",
    error: Mesure23Error | None = None,
) -> Response:
    with read(desk.engine) as session:
        names = read_names(session)
        given = (viewer_of(desk, signed), names, signed.account_id)
        own = directory.read_member(session, desk.vault, *given)
    wrong = error is not None or entered is not None
    status = error.status if error else 422 if wrong else 200
    return render(
        request,
        "desk/network/profile.html",
        signed,
        http_status=status,
        own=own,
        entered=entered or shown(own.profile),
        functions=FUNCTIONS,
        themes=themes(),
        who_reads=WHO_READS,
        names=names,
        path=NETWORK,
        done=done,
        error=error,
    )
