"""One actor verified, archived, or published if it is a draft, from its sheet."""

from dataclasses import replace
from typing import Annotated, Literal

from fastapi import APIRouter, Form
from fastapi.responses import RedirectResponse, Response
from sqlalchemy import select

from app.desk.actors.deeds import DEEDS
from app.desk.actors.sheet_routes import find, to_open
from app.desk.actors.showing import ACTORS, WORKERS
from app.desk.shell import gate
from app.desk.shell.gate import DeskOf, Signed
from app.errors import ActorUnknown
from app.models import Actor
from app.platform.database.sessions import write
from app.platform.web.permissions import open_to
from app.records import many

router = APIRouter(prefix=ACTORS)
DONE = {"verifier": "verifie", "archiver": "archive", "publier": "en_ligne"}


@router.post("/{public_id}/geste")
@open_to(*WORKERS)
def do(
    desk: DeskOf,
    signed: Signed,
    public_id: str,
    geste: Annotated[Literal["verifier", "archiver", "publier"], Form()],
) -> Response:
    """Do one thing to an actor, as a list does it to several, and say what became of it."""
    viewer, author = gate.viewer_of(signed), gate.author_of(signed)
    with write(desk.engine) as session:
        found = find(session, desk, signed, public_id)
        if found.is_masked:
            return to_open(found.public_id, "geste")
        deed = replace(DEEDS[geste], why="")
        done = many.do(session, desk.vault, viewer, author, [found.public_id], deed)
        # What it stands beside may have hidden it meanwhile, under another address.
        now = session.scalars(select(Actor.public_id).where(Actor.id == found.actor_id)).one()
        try:
            hid = find(session, desk, signed, now).level != found.level
        except ActorUnknown:
            return RedirectResponse(f"{ACTORS}/fait", 303)
    refused = next(iter(done.refused), None)
    said = f"non_{refused}" if refused else "enregistre_cache" if hid else DONE[geste]
    return RedirectResponse(f"{ACTORS}/{now}?fait={said}", 303)
