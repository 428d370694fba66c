"""Who asks for an account of a professional, decided by a référent of theirs, else a curateur."""

import smtplib
from typing import Annotated, Literal
from uuid import UUID

import structlog
from fastapi import APIRouter, Form, Query, Request
from fastapi.responses import RedirectResponse, Response

from app.accounts import invitation, request_mails, requests
from app.accounts.errors import MailTaken, PracticeMissing
from app.accounts.inviting import INVITED_FOR
from app.accounts.professionals import LONGEST_REASON
from app.audit.actions import Action
from app.audit.journal import add
from app.desk.shell import gate
from app.desk.shell.gate import DeskOf, Proved, Signed
from app.desk.shell.page import render
from app.desk.shell.taking_in import take_in
from app.errors import Mesure23Error
from app.gazetteer.territories import read_names
from app.models import Role
from app.platform.database.sessions import read, write
from app.platform.web.permissions import open_to

log = structlog.get_logger(__name__)
HERE = f"{gate.HOME}/demandes"
router = APIRouter(prefix=HERE)
DECIDERS = (Role.REFERENT_DEPARTEMENT, Role.CURATEUR)
DONE = {
    "approuve": "L’accès est approuvé : l’invitation est partie.",
    "a-inviter": "L’accès est approuvé, mais le message n’est pas parti : un administrateur peut "
    "inviter de nouveau cette personne, à la page Comptes.",
    "refuse": "La demande est refusée, et rien n’en est gardé.",
}


@router.get("")
@open_to(*DECIDERS)
def asked(
    request: Request,
    desk: DeskOf,
    signed: Signed,
    fait: Annotated[str, Query(max_length=20)] = "",
) -> Response:
    """Show who waits for somebody's decision."""
    take_in(desk.engine, desk.vault)
    return _page(request, desk, signed, done=DONE.get(fait, ""))


def _page(
    request: Request,
    desk: DeskOf,
    signed: Signed,
    *,
    error: Mesure23Error | None = None,
    done: str = "",
    given: tuple[UUID, str] | None = None,
) -> Response:
    with read(desk.engine) as session:
        found = requests.waiting(session, desk.vault, signed.role, signed.territories)
        names = read_names(session)
    return render(
        request,
        "desk/access.html",
        signed,
        http_status=error.status if error else 200,
        found=found,
        names=names,
        error=error,
        done=done,
        given=given,
        longest=LONGEST_REASON,
    )


@router.post("/{request_id}")
@open_to(*DECIDERS)
def decide(
    request: Request,
    desk: DeskOf,
    signed: Proved,
    request_id: UUID,
    reponse: Annotated[Literal["approuver", "refuser"], Form()],
    motif: Annotated[str, Form(max_length=2_000)] = "",
) -> Response:
    """Approve a request with a reason, or refuse it; raise RequestDecided."""
    if reponse == "refuser":
        return _refuse(desk, signed, request_id)
    scope = (request_id, signed.role, signed.territories)
    by, now = str(signed.account_id), desk.now()
    try:
        with write(desk.engine) as session:
            person, token = requests.approve(
                session, desk.vault, *scope, by=by, reason=motif, now=now
            )
            detail = {"territoires": list(person.territories)}
            author, subject = gate.author_of(signed), str(person.id)
            add(session, desk.vault, author, Action.ACCESS_APPROVED, subject, detail)
    except (MailTaken, PracticeMissing) as error:
        return _page(request, desk, signed, error=error, given=(request_id, motif))
    link = invitation.link_of(gate.origin_of(request), token)
    sent, _ = invitation.mail(desk.settings, person, link, now + INVITED_FOR)
    return RedirectResponse(f"{HERE}?fait={'approuve' if sent else 'a-inviter'}", 303)


def _refuse(desk: DeskOf, signed: Signed, request_id: UUID) -> Response:
    with write(desk.engine) as session:
        asker = requests.refuse(session, desk.vault, request_id, signed.role, signed.territories)
        detail = {"territoires": [asker.territory]}
        add(session, desk.vault, gate.author_of(signed), Action.ACCESS_REFUSED, "", detail)
    try:
        request_mails.mail_refusal(desk.settings, asker)
    except (OSError, ValueError, smtplib.SMTPException) as error:
        log.error("refusal not sent", exception=type(error).__name__)
    return RedirectResponse(f"{HERE}?fait=refuse", 303)
