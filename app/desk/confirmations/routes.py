"""How far the questions to actors have come, and whose mail came back."""

from typing import Annotated

from fastapi import APIRouter, Form, Query, Request
from fastapi.responses import RedirectResponse, Response

from app.desk.shell import gate
from app.desk.shell.gate import DeskOf, Signed
from app.desk.shell.page import WORKERS, render
from app.freshness.progress import MOST, STATES, Wanted, left, note_came_back, progress
from app.platform.database.sessions import read, write
from app.platform.web.permissions import open_to
from importers import vocabulary

HERE = f"{gate.HOME}/confirmations"
router = APIRouter(prefix=HERE)
DONE = {
    "revenu": "C’est noté : cet acteur est à appeler.",
    "inconnu": "Aucune question qui attend n’a cette référence. Relisez-la à la fin du courriel.",
}


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
        found=found,
        total={state: sum(each[state] for each in found.values()) for state in STATES},
        left=waiting,
        most=MOST,
        states=STATES,
        names=names,
        wanted=wanted,
        categories=[each for each in vocabulary.load().categories.values() if each.searched],
        done=DONE.get(fait, ""),
    )


@router.post("/revenu")
@open_to(*WORKERS)
def came_back(
    desk: DeskOf, signed: Signed, reference: Annotated[str, Form(max_length=40)]
) -> Response:
    """Note that a mail came back, by the reference that stands in it."""
    with write(desk.engine) as session:
        noted = note_came_back(session, gate.viewer_of(signed), reference, desk.now())
    return RedirectResponse(f"{HERE}?fait={'revenu' if noted else 'inconnu'}", 303)
