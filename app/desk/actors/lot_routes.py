"""Several actors at once: verified, classified, archived, published if they are drafts, undone.

Never is a protection lifted here: that is decided on the sheet of each.
"""

import re
from typing import Annotated, Literal
from urllib.parse import urlencode
from uuid import UUID

from fastapi import APIRouter, Form, Request
from fastapi.responses import RedirectResponse, Response
from sqlalchemy.orm import Session

from app.desk.actors.choices import territories_of, wanted_by
from app.desk.actors.outcomes import written
from app.desk.actors.showing import ACTORS, WORKERS
from app.desk.shell import gate
from app.desk.shell.gate import Desk, DeskOf, Signed
from app.errors import Mesure23Error
from app.platform.database.sessions import write
from app.platform.web.permissions import open_to
from app.records import many, undoing
from app.records.finding import Finding
from app.records.listing import everyone, mark_of
from app.records.many import MOST, MOST_FOUND, Deed
from app.records.wanted import Wanted
from app.visibility import Viewer
from geo.zones import paris_day
from importers import vocabulary

PILE = f"{gate.HOME}/a-classer"
router = APIRouter()
DEEDS = {"verifier": many.VERIFY, "archiver": many.ARCHIVE, "publier": many.PUBLISH}
_PUBLIC_ID = re.compile(r"[0-9a-f]{16}")
Ids = Annotated[tuple[str, ...], Form(max_length=MOST)]
Text = Annotated[str, Form(max_length=60)]


class NothingChosen(Mesure23Error):
    """Rien n’a été fait : il manque les acteurs à cocher, ou la catégorie à leur donner."""

    status = 422
    title = "Choix à compléter"
    advice = "Revenez à la liste, cochez les acteurs, puis choisissez le geste."


class TooManyFound(Mesure23Error):
    """Cette liste compte plus de {most} acteurs : un geste n’en touche pas davantage à la fois."""

    status = 422
    title = "Trop d’acteurs à la fois"
    advice = "Revenez à la liste, choisissez un territoire ou un filtre, puis recommencez."


class ListChanged(Mesure23Error):
    """Rien n’a été fait : la liste ne trouve plus ceux que vous lisiez."""

    status = 409
    title = "La liste a changé"
    advice = "Revenez à la liste, relisez ce qui est trouvé, puis recommencez."


@router.post(f"{ACTORS}/lot")
@open_to(*WORKERS)
def several(
    request: Request,
    desk: DeskOf,
    signed: Signed,
    geste: Text = "",
    categorie: Text = "",
    acteur: Ids = (),
    vu: Ids = (),
    portee: Annotated[Literal["", "page", "tous"], Form()] = "",
    trouves: Text = "",
) -> Response:
    """Do one thing to the actors that were chosen, and say what became of them.

    acteur: those that were checked. vu: those of the page. trouves: the mark of all that was found.
    """
    sent = vu if portee == "page" else acteur
    deed = _deed(geste, categorie)
    if deed is None or not (sent or portee == "tous"):
        raise NothingChosen
    viewer, author = gate.viewer_of(signed), gate.author_of(signed)
    with write(desk.engine) as session:
        wanted = wanted_by(session, request, signed, territories_of(session, signed))
        chosen = [each for each in sent if _PUBLIC_ID.fullmatch(each)]
        if portee == "tous":
            chosen = _all_found(session, desk, viewer, wanted, trouves)
        becomes = categorie if geste == "classer" else None
        done = many.do(session, desk.vault, viewer, author, chosen, deed, category=becomes)
    return _back(request, wanted, written(geste, done))


@router.post(f"{ACTORS}/lot/annuler")
@open_to(*WORKERS)
def undo(request: Request, desk: DeskOf, signed: Signed, lot: Annotated[UUID, Form()]) -> Response:
    """Take back what somebody just did to several."""
    viewer, author = gate.viewer_of(signed), gate.author_of(signed)
    with write(desk.engine) as session:
        done = undoing.undo(session, desk.vault, viewer, author, lot)
        wanted = wanted_by(session, request, signed, territories_of(session, signed))
    return _back(request, wanted, written("annuler", done))


def _all_found(
    session: Session, desk: Desk, viewer: Viewer, wanted: Wanted, mark: str
) -> list[str]:
    """Return all that a list finds, if it finds those that its reader was shown."""
    today = paris_day(desk.now())
    found = everyone(Finding(session, desk.vault, viewer, today), wanted)
    if len(found) > MOST_FOUND:
        raise TooManyFound(most=str(MOST_FOUND))
    if mark_of(found) != mark:
        raise ListChanged
    return found


def _deed(name: str, category: str) -> Deed | None:
    if name != "classer":
        return DEEDS.get(name)
    known = vocabulary.load().categories.get(category)
    return many.classify_as(category) if known else None


def _back(request: Request, wanted: Wanted, said: dict[str, str]) -> Response:
    """Lead back to the list or the pile that the form stood on, as it was narrowed."""
    if request.query_params.get("depuis") == "a-classer":
        return RedirectResponse(f"{PILE}?{urlencode(said)}", 303)
    query = "&".join(part for part in (wanted.query(), urlencode(said)) if part)
    return RedirectResponse(f"{ACTORS}?{query}", 303)
