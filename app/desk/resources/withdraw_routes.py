"""A resource is taken from its readers, back within the hour, or erased for good."""

from typing import Annotated

from fastapi import APIRouter, Form
from fastapi.responses import RedirectResponse, Response

from app.cataloguing import withdrawing
from app.desk.resources.found import FoundOf
from app.desk.resources.words import HERE
from app.desk.shell.gate import DeskOf, Proved
from app.models import Role
from app.operations.deleted_resources import erase_for_good
from app.platform.database.sessions import write
from app.platform.web.permissions import open_to

router = APIRouter(prefix=f"{HERE}/{{resource_id}}")


@router.post("/retirer")
@open_to(Role.CURATEUR)
def withdraw(
    desk: DeskOf, found: FoundOf, pourquoi: Annotated[str, Form(max_length=500)] = ""
) -> Response:
    """Leave of a resource its title and the day."""
    with write(desk.engine) as session:
        given = (session, desk.vault, found.viewer, found.author, found.id, desk.now())
        withdrawing.withdraw(*given, pourquoi.strip())
    return RedirectResponse(found.then("retiree"), 303)


@router.post("/retirer/annuler")
@open_to(Role.CURATEUR)
def take_back(desk: DeskOf, found: FoundOf) -> Response:
    """Show again what was withdrawn within the hour, unless somebody was hidden meanwhile."""
    with write(desk.engine) as session:
        given = (session, desk.vault, found.viewer, found.author, found.id, desk.now())
        remarks = withdrawing.take_back(*given)
    return RedirectResponse(found.then("retenue" if remarks else "remise"), 303)


@router.post("/effacer")
@open_to(Role.CURATEUR)
def erase(desk: DeskOf, signed: Proved, found: FoundOf) -> Response:
    """Leave nothing of a resource, by a curateur who has just proved who they are."""
    with write(desk.engine) as session:
        of = (session, desk.vault, desk.settings, found.viewer)
        erase_for_good(*of, found.author, found.id, desk.now())
    return RedirectResponse(f"{HERE}?fait=effacee", 303)
