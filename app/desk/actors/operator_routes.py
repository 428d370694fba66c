"""Codes of an actor's operator: given by a link that is shown once, and revoked."""

from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Form, Request
from fastapi.responses import RedirectResponse, Response
from sqlalchemy import select

from app.accounts.people import names_of
from app.accounts.sessions import SignedIn
from app.audit.actions import Action
from app.audit.journal import add
from app.desk.actors.protect_routes import StillMasked
from app.desk.actors.sheet_routes import find, to_open
from app.desk.actors.showing import ACTORS
from app.desk.shell import gate
from app.desk.shell.gate import Desk, DeskOf, Signed
from app.desk.shell.page import render
from app.errors import Mesure23Error
from app.models import Actor, Role
from app.platform.database.sessions import read, write
from app.platform.web.permissions import open_to
from app.records import hiding_by_code, operator_codes
from app.records.operator_codes import LabelMissing, TooManyCodes

router = APIRouter(prefix=ACTORS)
Label = Annotated[str, Form(max_length=operator_codes.LONGEST_LABEL)]
DONE = {
    "revoque": "C’est révoqué : ce code, ou ce lien, ne sert plus.",
    "deja": "Ce lien est déjà créé ; il n’est plus montré. Révoquez-le, puis créez-en un autre.",
}


@router.get("/{public_id}/operateur")
@open_to(Role.CURATEUR)
def holders(
    request: Request, desk: DeskOf, signed: Signed, public_id: str, fait: str = ""
) -> Response:
    """Show who holds a code, and invite another one."""
    return _page(request, desk, signed, public_id, done=DONE.get(fait, ""))


@router.post("/{public_id}/operateur")
@open_to(Role.CURATEUR)
def invite(
    request: Request,
    desk: DeskOf,
    signed: Signed,
    public_id: str,
    code: Annotated[UUID, Form()],
    qui: Label = "",
) -> Response:
    """Make a link that shows a code, and show it this once: nothing that is stored opens it."""
    try:
        with write(desk.engine) as session:
            found = find(session, desk, signed, public_id)
            if found.is_masked:
                raise StillMasked
            who = str(signed.account_id)
            given = (session, desk.vault, found.actor_id, code, qui)
            token = operator_codes.invite(*given, who=who, now=desk.now())
            if token is None:
                return RedirectResponse(f"{ACTORS}/{public_id}/operateur?fait=deja", 303)
            author, subject = gate.author_of(signed), str(found.actor_id)
            add(session, desk.vault, author, Action.CODE_GIVEN, subject)
    except (LabelMissing, TooManyCodes) as error:
        return _page(request, desk, signed, public_id, error=error, label=qui)
    link = f"{gate.origin_of(request)}{gate.DOOR}/code/{token}"
    return _page(request, desk, signed, public_id, link=link)


@router.post("/{public_id}/operateur/{code_id}/revoquer")
@open_to(Role.CURATEUR)
def revoke(desk: DeskOf, signed: Signed, public_id: str, code_id: UUID) -> Response:
    """Let a code serve no more; who is hidden by it, or waits for that, is so.

    Raises BeingWritten.
    """
    with write(desk.engine) as session:
        found = find(session, desk, signed, public_id)
        # The worker finds what waits by its code.
        hiding_by_code.write_hiding(session, desk.vault, code_id)
        if operator_codes.revoke(session, desk.vault, found.actor_id, code_id):
            author, subject = gate.author_of(signed), str(found.actor_id)
            add(session, desk.vault, author, Action.CODE_REVOKED, subject)
        # Who is hidden by that has a new address.
        address = session.scalar(select(Actor.public_id).where(Actor.id == found.actor_id))
    return RedirectResponse(f"{ACTORS}/{address}/operateur?fait=revoque", 303)


def _page(
    request: Request,
    desk: Desk,
    signed: SignedIn,
    public_id: str,
    *,
    error: Mesure23Error | None = None,
    label: str = "",
    link: str = "",
    done: str = "",
) -> Response:
    with read(desk.engine) as session:
        found = find(session, desk, signed, public_id)
        if found.is_masked:
            return to_open(found.public_id, "operateur")
        known = operator_codes.holders(session, desk.vault, found.actor_id)
        people = names_of(session, desk.vault, {each.made_by for each in known})
    return render(
        request,
        "desk/actors/operator.html",
        signed,
        http_status=error.status if error else 200,
        sheet=found,
        holders=known,
        people=people,
        link=link,
        link_days=operator_codes.LINK_FOR.days,
        next_code=operator_codes.new_code_id(),
        longest=operator_codes.LONGEST_LABEL,
        error=error,
        label=label,
        done=done,
        now=desk.now(),
    )
