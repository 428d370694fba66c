"""The history of a resource: who did what with which version, and a former one restored."""

from typing import Annotated

from fastapi import APIRouter, Form, Request
from fastapi.responses import RedirectResponse, Response

from app.accounts.people import names_of
from app.cataloguing import secrecy, versions
from app.cataloguing.secrecy import MASKED
from app.desk.resources.found import FoundOf
from app.desk.resources.words import ACTS, HERE
from app.desk.shell.gate import DeskOf, Signed
from app.desk.shell.page import WORKERS, render
from app.models import Role
from app.platform.database.sessions import read, write
from app.platform.web.permissions import open_to

router = APIRouter(prefix=f"{HERE}/{{resource_id}}")


@router.get("/historique")
@open_to(*WORKERS)
def history(request: Request, desk: DeskOf, signed: Signed, found: FoundOf) -> Response:
    """Show all that was done with a resource, the newest first."""
    publishes = signed.role is Role.CURATEUR
    with read(desk.engine) as session:
        stored = versions.read(session, desk.vault, found.viewer, found.id, found.number)
        masked = found.is_masked(session, desk, stored)
        steps = versions.history(session, desk.vault, found.viewer, stored)
        names = names_of(session, desk.vault, {each.who for each in steps})
        given = (session, desk.vault, found.author.who, stored.id, steps)
        masked_notes = secrecy.masked_notes(*given, desk.now())
    return render(
        request,
        "desk/resources/history.html",
        signed,
        found=found,
        title=MASKED if masked else stored.content.title,
        latest=stored.latest,
        steps=steps,
        masked_notes=masked_notes,
        names=names,
        acts=ACTS,
        own=found.author.who,
        publishes=publishes,
    )


@router.post("/retablir")
@open_to(*WORKERS)
def restore(
    desk: DeskOf,
    signed: Signed,
    found: FoundOf,
    version: Annotated[int, Form(ge=1, le=1_000_000)],
) -> Response:
    """Save a former version once more, as the last; somebody's own, unless they may publish."""
    with read(desk.engine) as session:
        if signed.role is not Role.CURATEUR:
            versions.check_own(session, found.author, found.id, version)
        stored = versions.read(session, desk.vault, found.viewer, found.id, version)
        masked = found.is_masked(session, desk, stored)
    if masked:
        # As their own version they would read it without having opened it.
        return RedirectResponse(f"{found.path}?version={version}", 303)
    with write(desk.engine) as session:
        versions.restore(session, desk.vault, found.author, found.id, version, desk.now())
    return RedirectResponse(found.then("retablie"), 303)
