"""Accounts, for administrateurs: who has one, who is invited, confirmed or let in no more."""

from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Form, Query, Request
from fastapi.responses import RedirectResponse, Response
from sqlalchemy.orm import Session

from app.accounts import confirming, ending, invitation, inviting, notices, people
from app.accounts.confirming import FIRST
from app.accounts.errors import (
    ChiefIsOneself,
    LastAdministrator,
    MailMalformed,
    MailTaken,
    NameMissing,
    RoleByApproval,
    TerritoriesWrong,
)
from app.accounts.inviting import INVITED_FOR
from app.accounts.people import ROLE_LABELS, Person
from app.audit.actions import Action
from app.audit.journal import add
from app.cataloguing.screening import withheld_of
from app.desk.shell import gate
from app.desk.shell.gate import DeskOf, Proved, Signed
from app.desk.shell.page import render
from app.errors import Mesure23Error
from app.models import Role
from app.models.account import CONFIRMED_FOR
from app.platform.database.sessions import read, write
from app.platform.web.permissions import STAFF, open_to
from app.revealing import unusual
from app.vault.lenient import LABEL
from geo.text import fold

router = APIRouter(prefix=f"{gate.HOME}/comptes")
HERE = f"{gate.HOME}/comptes"
WRONG = (ChiefIsOneself, MailMalformed, MailTaken, NameMissing, RoleByApproval, TerritoriesWrong)
Text = Annotated[str, Form(max_length=2_000)]
PAGE_SIZE = 50
DONE = {
    "desactive": "Le compte est désactivé, et ses sessions sont fermées.",
    "confirme": "Le compte est confirmé pour douze mois.",
    "supprime": "Le compte est supprimé.",
    "responsable": "Le responsable hiérarchique est enregistré.",
    "role": "Le rôle est changé ; la personne doit se connecter de nouveau.",
}


@router.get("")
@open_to(Role.ADMINISTRATEUR)
def accounts(
    request: Request,
    desk: DeskOf,
    signed: Signed,
    q: Annotated[str, Query(max_length=100)] = "",
    page: Annotated[int, Query(ge=1, le=1_000)] = 1,
    fait: Annotated[str, Query(max_length=30)] = "",
) -> Response:
    """Show a page of the accounts, by name; q: words of names or addresses."""
    return _page(request, desk, signed, words=q, page=page, done=DONE.get(fait, ""))


def _page(
    request: Request,
    desk: DeskOf,
    signed: Signed,
    *,
    words: str = "",
    page: int = 1,
    error: Mesure23Error | None = None,
    done: str = "",
    given: dict[str, str] | None = None,
) -> Response:
    with read(desk.engine) as session:
        everybody = people.everybody(session, desk.vault)
        wanted = [each for each in everybody if _has(each, words)]
        pages = max(1, -(-len(wanted) // PAGE_SIZE))
        page = min(page, pages)
        found = wanted[(page - 1) * PAGE_SIZE : page * PAGE_SIZE]
        approvers = {each.approved_by for each in found if each.approved_by}
        names = people.names_of(session, desk.vault, approvers)
        seen = unusual.unusual(session, desk.now())
        shown = {each.account_id for each in seen} | {each.id for each in found}
        texts = {each.id: _texts(each) for each in everybody if each.id in shown}
        apart = {(one, name): said for one, each in texts.items() for name, said in each.items()}
        withheld = withheld_of(session, desk.vault, apart)
    by_id = {each.id: each for each in everybody}
    return render(
        request,
        "desk/accounts.html",
        signed,
        http_status=error.status if error else 200,
        people=found,
        words=words,
        page=page,
        pages=pages,
        path=HERE,
        unusual=[(each, by_id[each.account_id]) for each in seen if each.account_id in by_id],
        watched=unusual,
        names=names,
        withheld=withheld,
        unread=LABEL,
        may_change=signed.has_just_proved(desk.now()),
        roles={each: label for each, label in ROLE_LABELS.items() if each in STAFF},
        error=error,
        done=done,
        given=given or {"mail": "", "name": "", "role": "", "territories": "", "chief": ""},
        soon=desk.now() - CONFIRMED_FOR + FIRST,
        confirmed_for=CONFIRMED_FOR,
    )


def _texts(person: Person) -> dict[str, str]:
    """Return what somebody wrote of a person, who opens records, or of themselves."""
    practice = f"{person.function}, {person.organisation}" if person.organisation else ""
    return {"practice": practice, "reason": person.reason}


def _has(person: Person, words: str) -> bool:
    """Say whether all words stand in a name or address; not in what may be withheld."""
    said = f"{fold(person.name)} {person.mail.casefold()}"
    return all(each in said or fold(each) in said for each in words.casefold().split())


@router.post("")
@open_to(Role.ADMINISTRATEUR)
def create(
    request: Request,
    desk: DeskOf,
    signed: Proved,
    mail: Text,
    name: Text,
    role: Annotated[Role, Form()],
    territories: Text = "",
    chief: Text = "",
) -> Response:
    """Make an account and invite its person."""
    by = str(signed.account_id)
    codes = territories.replace(",", " ").split()
    try:
        with write(desk.engine) as session:
            account = people.create(
                session, desk.vault, mail=mail, name=name, role=role, territories=codes, by=by
            )
            confirming.give_chief(desk.vault, account, chief)
            token, person = _invite(session, desk, signed, account.id)
    except WRONG as error:
        given = {"mail": mail, "name": name, "role": role, "territories": territories}
        return _page(request, desk, signed, error=error, given=given | {"chief": chief})
    return _invited(request, desk, signed, person, token)


def _invite(session: Session, desk: DeskOf, signed: Signed, account_id: UUID) -> tuple[str, Person]:
    account = people.get(session, account_id)
    token = inviting.invite(session, account, str(signed.account_id), desk.now())
    person = people.read_person(desk.vault, account)
    detail = {"role": person.role_label, "territoires": list(person.territories)}
    add(session, desk.vault, gate.author_of(signed), Action.INVITED, str(person.id), detail)
    return token, person


def _invited(
    request: Request, desk: DeskOf, signed: Signed, person: Person, token: str
) -> Response:
    """Send an invitation, and say so."""
    _mail_the_others(desk, signed, Action.INVITED, person)
    until = desk.now() + INVITED_FOR
    link = invitation.link_of(gate.origin_of(request), token)
    sent, file = invitation.mail(desk.settings, person, link, until)
    return render(
        request, "desk/invited.html", signed, person=person, sent=sent, file=file, until=until
    )


def _mail_the_others(desk: DeskOf, signed: Signed, deed: Action, person: Person) -> None:
    notices.mail_administrators(
        desk.settings,
        desk.engine,
        desk.vault,
        deed=deed,
        person=person,
        by=str(signed.account_id),
        now=desk.now(),
    )


@router.post("/{account_id}/inviter")
@open_to(Role.ADMINISTRATEUR)
def invite_again(request: Request, desk: DeskOf, signed: Proved, account_id: UUID) -> Response:
    """Invite somebody anew who lost what they sign in with; never oneself."""
    with write(desk.engine) as session:
        account = people.get_another(session, account_id, signed.account_id)
        token, person = _invite(session, desk, signed, account.id)
    return _invited(request, desk, signed, person, token)


@router.post("/{account_id}/desactiver")
@open_to(Role.ADMINISTRATEUR)
def disable(request: Request, desk: DeskOf, signed: Proved, account_id: UUID) -> Response:
    """Let nobody in by an account any more."""
    try:
        with write(desk.engine) as session:
            account = people.get_another(session, account_id, signed.account_id)
            ending.disable(session, account, desk.now())
            add(session, desk.vault, gate.author_of(signed), Action.DISABLED, str(account_id))
    except LastAdministrator as error:
        return _page(request, desk, signed, error=error)
    return RedirectResponse(f"{HERE}?fait=desactive", 303)


@router.post("/{account_id}/confirmer")
@open_to(Role.ADMINISTRATEUR)
def confirm(desk: DeskOf, signed: Proved, account_id: UUID) -> Response:
    """Say that somebody still has their office, for a year."""
    with write(desk.engine) as session:
        account = people.get_another(session, account_id, signed.account_id)
        confirming.confirm(session, account, desk.now())
        add(session, desk.vault, gate.author_of(signed), Action.CONFIRMED, str(account_id))
    return RedirectResponse(f"{HERE}?fait=confirme", 303)


@router.post("/{account_id}/responsable")
@open_to(Role.ADMINISTRATEUR)
def change_chief(
    request: Request, desk: DeskOf, signed: Proved, account_id: UUID, chief: Text = ""
) -> Response:
    """Say who confirms somebody each year, or that it is for administrateurs."""
    try:
        with write(desk.engine) as session:
            account = people.get_another(session, account_id, signed.account_id)
            confirming.give_chief(desk.vault, account, chief)
            # A link that was sent to another one is over.
            ending.end_confirmations(session, account_id, desk.now())
            author = gate.author_of(signed)
            add(session, desk.vault, author, Action.CHIEF_CHANGED, str(account_id))
    except (ChiefIsOneself, MailMalformed) as error:
        return _page(request, desk, signed, error=error)
    return RedirectResponse(f"{HERE}?fait=responsable", 303)


@router.post("/{account_id}/role")
@open_to(Role.ADMINISTRATEUR)
def change_role(
    request: Request,
    desk: DeskOf,
    signed: Proved,
    account_id: UUID,
    role: Annotated[Role, Form()],
    territories: Text = "",
) -> Response:
    """Give somebody another role."""
    codes = territories.replace(",", " ").split()
    try:
        with write(desk.engine) as session:
            account = people.get_another(session, account_id, signed.account_id)
            ending.change_role(session, account, role, codes, desk.now())
            detail = {"role": ROLE_LABELS[role], "territoires": list(account.territories)}
            author, subject = gate.author_of(signed), str(account_id)
            add(session, desk.vault, author, Action.ROLE_CHANGED, subject, detail)
            person = people.read_person(desk.vault, account)
    except (LastAdministrator, RoleByApproval, TerritoriesWrong) as error:
        return _page(request, desk, signed, error=error)
    _mail_the_others(desk, signed, Action.ROLE_CHANGED, person)
    return RedirectResponse(f"{HERE}?fait=role", 303)
