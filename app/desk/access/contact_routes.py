"""Contacts of places that professionals wait for, each given or refused by one press."""

from typing import Annotated, Literal
from uuid import UUID

from fastapi import APIRouter, Form, Query, Request
from fastapi.responses import RedirectResponse, Response

from app.desk.shell import gate
from app.desk.shell.gate import DeskOf, Signed
from app.desk.shell.page import render
from app.gazetteer.territories import read_names
from app.models import Actor, Role
from app.platform.database.sessions import among, read, write
from app.platform.web.permissions import open_to
from app.records.viewing import see
from app.revealing import agreeing, choices
from app.revealing.asking import ContactClosed

HERE = f"{gate.HOME}/demandes/contacts"
router = APIRouter(prefix=HERE)
DONE = {
    "donne": "Le contact est donné, pour vingt-quatre heures.",
    "refuse": "Le contact est refusé. Le professionnel lit qui appeler à la place.",
    "passe": "Rien n’est fait : cette demande n’attend plus.",
    "ferme": "Rien n’est donné : ce lieu ne communique plus son contact.",
}


@router.get("")
@open_to(Role.CURATEUR)
def waiting(
    request: Request,
    desk: DeskOf,
    signed: Signed,
    fait: Annotated[str, Query(max_length=20)] = "",
) -> Response:
    """Show who waits for an agreement, and whom to call for it."""
    with read(desk.engine) as session:
        found = agreeing.waiting(session, desk.vault, desk.now())
        lapsed = choices.lapsed(session, desk.vault)
        places = {each.place.actor_id for each in found} | {each.actor_id for each in lapsed}
        wanted = among(Actor.id, places)
        seen = see(session, desk.vault, gate.viewer_of(signed), wanted)
        names = {each.actor_id: each.record.name for each in seen}
        territories = read_names(session)
    return render(
        request,
        "desk/contacts.html",
        signed,
        found=found,
        lapsed=lapsed,
        names=names,
        territories=territories,
        done=DONE.get(fait, ""),
    )


@router.post("/{reveal_id}")
@open_to(Role.CURATEUR)
def decide(
    desk: DeskOf,
    signed: Signed,
    reveal_id: UUID,
    reponse: Annotated[Literal["donner", "refuser"], Form()],
) -> Response:
    """Give or refuse what somebody waits for."""
    given = reponse == "donner"
    author = gate.author_of(signed)
    try:
        with write(desk.engine) as session:
            done = agreeing.decide(session, desk.vault, author, reveal_id, desk.now(), given=given)
    except ContactClosed:
        return RedirectResponse(f"{HERE}?fait=ferme", 303)
    said = ("donne" if given else "refuse") if done else "passe"
    return RedirectResponse(f"{HERE}?fait={said}", 303)
