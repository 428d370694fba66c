"""Who left an organisation, by its own list of those who work there, for administrateurs."""

from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Form, Query, Request
from fastapi.responses import RedirectResponse, Response

from app.accounts import leavers, notices
from app.accounts.errors import NobodyListed
from app.accounts.leavers import Compared
from app.audit.actions import Action
from app.audit.journal import add
from app.cataloguing.screening import withheld_of
from app.desk.shell import gate
from app.desk.shell.gate import Desk, DeskOf, Proved, Signed
from app.desk.shell.page import render
from app.errors import Mesure23Error
from app.models import Role
from app.platform.database.sessions import read, write
from app.platform.web.permissions import open_to

HERE = f"{gate.HOME}/comptes/partis"
router = APIRouter(prefix=HERE)
# Characters of a list, and bytes with what a form makes of its accents and @.
LONGEST, LARGEST = 100_000, 400_000
# Of each, the other administrateurs read a mail.
MOST = 50


@router.get("")
@open_to(Role.ADMINISTRATEUR)
def leaving(
    request: Request, desk: DeskOf, signed: Signed, fait: Annotated[int, Query(ge=0)] = 0
) -> Response:
    """Ask for the list of an organisation."""
    return _page(request, desk, signed, done=fait)


@router.post("", max_body_size=LARGEST)
@open_to(Role.ADMINISTRATEUR)
def compare(
    request: Request,
    desk: DeskOf,
    signed: Signed,
    organisation: Annotated[list[UUID], Form(max_length=1_000)],
    liste: Annotated[str, Form(max_length=LONGEST)],
) -> Response:
    """Show who is not in it; nothing of it is kept."""
    try:
        with read(desk.engine) as session:
            found = leavers.compare(session, desk.vault, set(organisation), liste)
    except NobodyListed as error:
        return _page(request, desk, signed, error=error, chosen=organisation, listed=liste)
    return _page(request, desk, signed, found=found, chosen=organisation)


@router.post("/desactiver")
@open_to(Role.ADMINISTRATEUR)
def disable(
    desk: DeskOf, signed: Proved, compte: Annotated[list[UUID], Form(max_length=MOST)]
) -> Response:
    """Let nobody in by the chosen accounts any more."""
    with write(desk.engine) as session:
        ended = leavers.disable(session, desk.vault, compte, desk.now())
        for person in ended:
            detail = {"pourquoi": "unlisted"}
            author = gate.author_of(signed)
            add(session, desk.vault, author, Action.DISABLED, str(person.id), detail)
    for person in ended:
        notices.mail_administrators(
            desk.settings,
            desk.engine,
            desk.vault,
            deed=Action.DISABLED,
            person=person,
            by=str(signed.account_id),
            now=desk.now(),
        )
    return RedirectResponse(f"{HERE}?fait={len(ended)}", 303)


def _page(
    request: Request,
    desk: Desk,
    signed: Signed,
    *,
    done: int = 0,
    error: Mesure23Error | None = None,
    found: Compared | None = None,
    chosen: list[UUID] | None = None,
    listed: str = "",
) -> Response:
    with read(desk.engine) as session:
        known = leavers.organisations(session, desk.vault)
        said: dict[object, str] = {("organisation", each.key): each.name for each in known}
        if found:
            several = found.leavers[:MOST]
            said |= {each.id: f"{each.function}, {each.organisation}" for each in several}
        withheld = withheld_of(session, desk.vault, said)
    return render(
        request,
        "desk/leavers.html",
        signed,
        http_status=error.status if error else 200,
        organisations=known,
        withheld=withheld,
        found=found,
        chosen=chosen or [],
        listed=listed,
        longest=LONGEST,
        most=MOST,
        done=done,
        error=error,
        may_change=signed.has_just_proved(desk.now()),
    )
