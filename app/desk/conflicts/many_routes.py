"""Several disagreements at once: somebody reads what would be written, then all of it is."""

import re
from collections import defaultdict
from collections.abc import Collection
from typing import Annotated, Literal
from urllib.parse import urlencode

from fastapi import APIRouter, Form, Request
from fastapi.responses import RedirectResponse, Response
from sqlalchemy.orm import Session

from app.desk.conflicts.routes import (
    HERE,
    MOST,
    READERS,
    WHY,
    ConflictOver,
    answerable,
    settled,
    token,
    undecided,
)
from app.desk.shell import gate
from app.desk.shell.gate import Desk, DeskOf, Signed
from app.desk.shell.page import render
from app.lists.conflicts import Conflict
from app.models import Actor
from app.platform.database.sessions import IMPORT_LOCK, among, hold, read, write
from app.platform.web.permissions import open_to
from app.records import many
from app.records.many import Settled
from app.visibility import Viewer

router = APIRouter(prefix=HERE)
# Actor, field, list and mark of a disagreement, as its reader saw it.
_LONGEST = 110
_CHOICE = re.compile(r"([0-9a-f]{16})\.([a-z_]{1,20})\..*")
Chosen = Annotated[tuple[Annotated[str, Form(max_length=_LONGEST)], ...], Form(max_length=MOST)]


@router.post("/plusieurs")
@open_to(*READERS)
def settle_several(
    request: Request,
    desk: DeskOf,
    signed: Signed,
    reponse: Annotated[Literal["garder", "prendre"], Form()],
    choix: Chosen = (),
    confirme: Annotated[bool, Form()] = False,
    territoire: Annotated[str, Form(pattern="^[0-9A-Za-z]{0,10}$")] = "",
) -> Response:
    """Show what an answer to several disagreements would write, then write it.

    choix: those that the page showed. Of a protected actor nothing is written, nor what a list
    withholds; what changed since is left out, and counted.
    """
    viewer, takes = gate.viewer_of(signed), reponse == "prendre"
    if confirme:
        return _write(desk, signed, choix, territoire, takes=takes)
    with read(desk.engine) as session:
        found = _found(session, desk, viewer, choix, takes=takes)
    # What another list says of a field is answered with it.
    fields = {(each.public_id, each.name_of_field) for each in found}
    left = {each for each in choix if tuple(each.split(".")[:2]) not in fields}
    return render(
        request,
        "desk/conflicts_many.html",
        signed,
        found=found,
        answer=reponse,
        left=len(left),
        territory=territoire,
        token=token,
    )


def _write(
    desk: Desk, signed: Signed, chosen: Collection[str], territory: str, *, takes: bool
) -> Response:
    viewer, author = gate.viewer_of(signed), gate.author_of(signed)
    with write(desk.engine) as session:
        # Before anything is read: what was read while another wrote would undo it.
        hold(session, IMPORT_LOCK)
        fields: dict[str, list[Settled]] = defaultdict(list)
        for each in _found(session, desk, viewer, chosen, takes=takes):
            fields[each.public_id].append(settled(each, takes=takes))
        deed = many.settle_each(fields, WHY[takes])
        done = many.do(session, desk.vault, viewer, author, fields, deed)
        if not done.done:
            raise ConflictOver
    written = {
        (actor, each.field)
        for actor, some in fields.items()
        if actor not in done.left
        for each in some
    }
    asked = {found.groups() for each in chosen if (found := _CHOICE.fullmatch(each))}
    said = [("fait", "prises" if takes else "gardees"), ("lot", str(done.batch))]
    said += [("faits", str(len(written)))]
    said += [("laisse", ".".join(each)) for each in sorted(asked - written)]
    said += [("territoire", territory)] if territory else []
    return RedirectResponse(f"{HERE}?{urlencode(said)}", 303)


def _found(
    session: Session, desk: Desk, viewer: Viewer, chosen: Collection[str], *, takes: bool
) -> list[Conflict]:
    """Return what is still as its reader saw it, and may be answered so."""
    which = among(Actor.public_id, {each.partition(".")[0] for each in chosen})
    seen = (each for each in undecided(session, desk, viewer, which) if token(each) in chosen)
    return answerable(seen, takes=takes)
