"""Which curateur looks after which territory, and who stands in: read and changed, many at once."""

from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Form, Query, Request
from fastapi.responses import RedirectResponse, Response
from sqlalchemy.orm import Session

from app.accounts import assigning, people
from app.accounts.assigning import Assigned
from app.audit.actions import Action
from app.audit.journal import add
from app.desk.shell import gate
from app.desk.shell.gate import Desk, DeskOf, Signed
from app.desk.shell.page import render
from app.errors import Mesure23Error
from app.gazetteer.territories import read_names
from app.models import Role
from app.platform.database.sessions import read, write
from app.platform.web.permissions import open_to

HERE = f"{gate.HOME}/territoires"
router = APIRouter(prefix=HERE)
NOBODY = "personne"
Text = Annotated[str, Form(max_length=36)]


class NothingToAssign(Mesure23Error):
    """Rien n’a été fait : il manque les territoires à cocher, ou la personne à leur donner."""

    status = 422
    title = "Choix à compléter"
    advice = "Revenez à la page, cochez des territoires, puis choisissez une personne."


@router.get("")
@open_to(Role.CURATEUR, Role.ADMINISTRATEUR)
def territories(
    request: Request,
    desk: DeskOf,
    signed: Signed,
    fait: Annotated[str, Query(max_length=3, pattern="^[0-9]*$")] = "",
    sans: Annotated[str, Query(max_length=20)] = "",
) -> Response:
    """Show who looks after each territory; sans: those that nobody looks after."""
    with read(desk.engine) as session:
        names = read_names(session)
        found = assigning.assigned(session)
        offered = _curateurs(session, desk)
    lacking = [code for code in names if found.get(code, Assigned()).curateur is None]
    shown = lacking if sans else list(names)
    return render(
        request,
        "desk/territories.html",
        signed,
        names=names,
        shown=shown,
        lacking=len(lacking),
        only_lacking=bool(sans),
        found=found,
        nobody=Assigned(),
        people=offered,
        done=int(fait or 0),
    )


@router.post("")
@open_to(Role.CURATEUR, Role.ADMINISTRATEUR)
def assign(
    desk: DeskOf,
    signed: Signed,
    territoire: Annotated[tuple[str, ...], Form(max_length=200)] = (),
    curateur: Text = "",
    suppleant: Text = "",
) -> Response:
    """Give the territories that were chosen to somebody; what is left empty stays."""
    given = {False: curateur, True: suppleant}
    changes = {stand_in: _who(text) for stand_in, text in given.items() if text}
    with write(desk.engine) as session:
        codes = sorted(set(territoire) & read_names(session).keys())
        if not codes or not changes:
            raise NothingToAssign
        assigning.assign(session, codes, changes)
        said = {"territoires": codes} | {
            "suppléant" if stand_in else "curateur": str(who or NOBODY)
            for stand_in, who in changes.items()
        }
        add(session, desk.vault, gate.author_of(signed), Action.ASSIGNED, "", said)
    return RedirectResponse(f"{HERE}?fait={len(codes)}", 303)


def _curateurs(session: Session, desk: Desk) -> dict[UUID, str]:
    """Return the names of the curateurs who may sign in, by id, in their order."""
    return {
        each.id: each.name
        for each in people.everybody(session, desk.vault)
        if each.role is Role.CURATEUR and each.disabled_at is None
    }


def _who(text: str) -> UUID | None:
    """Return the account that a form names, None for nobody; raise NotACurateur."""
    if text == NOBODY:
        return None
    try:
        return UUID(text)
    except ValueError:
        raise assigning.NotACurateur from None
