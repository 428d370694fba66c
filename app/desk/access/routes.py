"""Who asks for an account of a professional, decided by a référent of theirs, else a curateur."""

import smtplib
from typing import Annotated, Literal
from uuid import UUID

import structlog
from fastapi import APIRouter, Form, Query, Request
from fastapi.responses import RedirectResponse, Response

from app.accounts import invitation, notices, request_mails, requests
from app.accounts.deciders import Decider
from app.accounts.errors import MailTaken, PracticeMissing
from app.accounts.inviting import INVITED_FOR
from app.accounts.professionals import LONGEST, Practice, siret_of
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
    "approuve": "L’accès est approuvé : un message est parti à cette personne.",
    "a-inviter": "L’accès est approuvé, mais le message n’est pas parti : un administrateur peut "
    "inviter de nouveau cette personne, à la page Comptes.",
    "refuse": "La demande est refusée, et rien n’en est gardé.",
    "refuse-illisible": "La demande est refusée, et rien n’en est gardé. Son adresse était "
    "illisible : personne n’en est prévenu.",
}
Text = Annotated[str, Form(max_length=2_000)]


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
    given: tuple[UUID, Practice] | None = None,
) -> Response:
    with read(desk.engine) as session:
        found = requests.waiting(session, desk.vault, _decider(desk, signed))
        names = read_names(session)
    return render(
        request,
        "desk/access.html",
        signed,
        http_status=error.status if error else 200,
        found=[(each, _said(each, given)) for each in found],
        names=names,
        error=error,
        done=done,
        longest=LONGEST,
    )


def _decider(desk: DeskOf, signed: Signed) -> Decider:
    return Decider(signed.role, signed.territories, desk.now())


def _said(asker: requests.Asker, given: tuple[UUID, Practice] | None) -> Practice:
    """Return what the form of a request shows: what was sent, else what they wrote."""
    if given and given[0] == asker.id:
        return given[1]
    return Practice(asker.organisation, asker.function, "", siret_of(asker.siret))


@router.post("/{request_id}")
@open_to(*DECIDERS)
def decide(
    request: Request,
    desk: DeskOf,
    signed: Proved,
    request_id: UUID,
    reponse: Annotated[Literal["approuver", "refuser"], Form()],
    organisation: Text = "",
    fonction: Text = "",
    siret: Text = "",
    motif: Text = "",
) -> Response:
    """Approve a request with a reason, or refuse it; raise RequestDecided."""
    if reponse == "refuser":
        return _refuse(desk, signed, request_id)
    practice = Practice(organisation, fonction, motif, siret)
    decider, by = _decider(desk, signed), str(signed.account_id)
    try:
        with write(desk.engine) as session:
            approved = requests.approve(
                session, desk.vault, request_id, decider, by=by, practice=practice
            )
            detail: dict[str, object] = {"territoires": list(approved.person.territories)}
            if not approved.token:
                # That of the account is of when it was made.
                detail |= {"motif": practice.checked().reason}
            author, subject = gate.author_of(signed), str(approved.person.id)
            add(session, desk.vault, author, Action.ACCESS_APPROVED, subject, detail)
    except PracticeMissing as error:
        return _page(request, desk, signed, error=error, given=(request_id, practice))
    except MailTaken:
        # Somebody made the account at this moment: the next try finds it.
        return RedirectResponse(HERE, 303)
    done = "approuve" if _tell(request, desk, signed, approved) else "a-inviter"
    return RedirectResponse(f"{HERE}?fait={done}", 303)


def _tell(request: Request, desk: DeskOf, signed: Signed, approved: requests.Approved) -> bool:
    """Tell who asked and the administrateurs; return whether the first of it left.

    Both are told whether there was an account or not: nothing says which to whoever approved.
    """
    origin, person = gate.origin_of(request), approved.person
    if approved.token:
        link = invitation.link_of(origin, approved.token)
        sent, _ = invitation.mail(desk.settings, person, link, desk.now() + INVITED_FOR)
    else:
        sent = request_mails.mail_known(desk.settings, person, f"{origin}{gate.DOOR}")
    notices.mail_administrators(
        desk.settings,
        desk.engine,
        desk.vault,
        deed=Action.ACCESS_APPROVED,
        person=person,
        by=str(signed.account_id),
        now=desk.now(),
        more=notices.HAS_REASON if approved.token else notices.HAD_ONE,
    )
    return sent


def _refuse(desk: DeskOf, signed: Signed, request_id: UUID) -> Response:
    with write(desk.engine) as session:
        asker = requests.refuse(session, desk.vault, request_id, _decider(desk, signed))
        detail = {"territoires": [asker.territory]}
        add(session, desk.vault, gate.author_of(signed), Action.ACCESS_REFUSED, "", detail)
    if asker.unread:
        # To no address that anybody can read.
        return RedirectResponse(f"{HERE}?fait=refuse-illisible", 303)
    try:
        request_mails.mail_refusal(desk.settings, asker)
    except (OSError, ValueError, smtplib.SMTPException) as error:
        log.error("refusal not sent", exception=type(error).__name__)
    return RedirectResponse(f"{HERE}?fait=refuse", 303)
