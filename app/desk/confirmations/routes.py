"""How far the questions to actors have come, and whose mail came back."""

from typing import Annotated
from urllib.parse import urlencode

from fastapi import APIRouter, Form, Query, Request
from fastapi.responses import RedirectResponse, Response

from app.accounts.sessions import SignedIn
from app.desk.shell import gate
from app.desk.shell.gate import Desk, DeskOf, Signed
from app.desk.shell.page import WORKERS, render
from app.errors import Mesure23Error
from app.freshness.progress import MOST, STATES, Wanted, left, note_came_back, progress
from app.platform.database.sessions import read, write
from app.platform.web.permissions import open_to
from importers import vocabulary

HERE = f"{gate.HOME}/confirmations"
router = APIRouter(prefix=HERE)
DONE = {"revenu": "C’est noté : cet acteur est à appeler."}


class ReferenceUnknown(Mesure23Error):
    """Aucune question qui attend n’a cette référence."""

    status = 422
    title = "Référence inconnue"
    advice = "Relisez-la à la fin du courriel : dix lettres et chiffres."


@router.get("")
@open_to(*WORKERS)
def confirmations(
    request: Request,
    desk: DeskOf,
    signed: Signed,
    territoire: Annotated[str, Query(max_length=3)] = "",
    categorie: Annotated[str, Query(max_length=40)] = "",
    fait: Annotated[str, Query(max_length=20)] = "",
) -> Response:
    """Count what was asked within the year by territory, and name whom somebody has to call.

    territoire, categorie: of those alone; of all where there is none of that code.
    """
    return _page(request, desk, signed, territoire, categorie, done=DONE.get(fait, ""))


def _page(
    request: Request,
    desk: Desk,
    signed: SignedIn,
    territoire: str,
    categorie: str,
    *,
    done: str = "",
    reference: str = "",
    error: Mesure23Error | None = None,
) -> Response:
    """Return the page. reference: what was written of a mail that came back, and error why not."""
    viewer, now = gate.viewer_of(signed), desk.now()
    category = categorie if categorie in vocabulary.load().categories else ""
    with read(desk.engine) as session:
        names = gate.territories_of(session, signed)
        wanted = Wanted(territoire if territoire in names else "", category)
        found = progress(session, viewer, wanted, now)
        waiting = left(session, desk.vault, viewer, wanted, now)
    return render(
        request,
        "desk/confirmations.html",
        signed,
        http_status=error.status if error else 200,
        found=found,
        total={state: sum(each[state] for each in found.values()) for state in STATES},
        left=waiting,
        most=MOST,
        states=STATES,
        names=names,
        wanted=wanted,
        categories=[each for each in vocabulary.load().categories.values() if each.searched],
        done=done,
        reference=reference,
        error=error,
    )


@router.post("/revenu")
@open_to(*WORKERS)
def came_back(
    request: Request,
    desk: DeskOf,
    signed: Signed,
    reference: Annotated[str, Form(max_length=40)] = "",
    territoire: Annotated[str, Form(max_length=3)] = "",
    categorie: Annotated[str, Form(max_length=40)] = "",
) -> Response:
    """Note that a mail came back, by the reference that stands in it.

    territoire, categorie: what the page is narrowed to, which stays.
    """
    with write(desk.engine) as session:
        noted = note_came_back(session, gate.viewer_of(signed), reference, desk.now())
    if not noted:
        given = (request, desk, signed, territoire, categorie)
        return _page(*given, reference=reference, error=ReferenceUnknown())
    place = {"territoire": territoire, "categorie": categorie, "fait": "revenu"}
    query = urlencode({name: value for name, value in place.items() if value})
    return RedirectResponse(f"{HERE}?{query}", 303)
