"""Protection: hide an actor at once, and publish it again by two people and with the reasons."""

from datetime import date
from typing import Annotated
from urllib.parse import quote

from fastapi import APIRouter, Form, Request
from fastapi.responses import RedirectResponse, Response
from sqlalchemy.orm import Session

from app.accounts.sessions import SignedIn
from app.audit.actions import Action
from app.audit.journal import add
from app.desk.actors.sheet_routes import find, to_open
from app.desk.actors.showing import ACTORS, WORKERS
from app.desk.shell import gate
from app.desk.shell.gate import Desk, DeskOf, Signed
from app.desk.shell.page import render
from app.errors import Mesure23Error
from app.models import Role
from app.platform.database.sessions import read, write
from app.platform.web.permissions import open_to
from app.platform.web.problems import answer
from app.records import acts, second_look, taking_back
from app.records.accords import (
    ConsentMissing,
    ConsentOfPlaceLeft,
    ConsentToCome,
    ConsentTooOld,
    TwoNeeded,
)
from app.records.acts import (
    AlreadyPublic,
    CategoryUnknown,
    ContactShared,
    MailUnknown,
    PhoneUnknown,
)
from app.records.second_look import AlreadyAsked
from app.records.sheets import Sheet
from app.records.taking_back import ProtectionStays
from geo.text import curled
from geo.zones import paris_day
from importers.dates import read_date

router = APIRouter(prefix=ACTORS)
Why = Annotated[str, Form(max_length=1_000)]


class ReasonMissing(Mesure23Error):
    """Dites pourquoi, en quelques mots : la raison reste dans l’historique, scellée."""

    status = 422
    title = "La raison manque"
    advice = "Écrivez la raison, puis recommencez."


class DayWrong(Mesure23Error):
    """{why}"""

    status = 422
    title = "Date à corriger"
    advice = "Corrigez la date de l’accord, puis recommencez."


WRONG = (
    *(ReasonMissing, DayWrong, ConsentMissing, ConsentToCome, ConsentTooOld),
    ConsentOfPlaceLeft,
    *(
        TwoNeeded,
        CategoryUnknown,
        AlreadyPublic,
        AlreadyAsked,
        ContactShared,
        PhoneUnknown,
        MailUnknown,
    ),
)


@router.get("/{public_id}/proteger")
@open_to(*WORKERS)
def to_protect(request: Request, desk: DeskOf, signed: Signed, public_id: str) -> Response:
    """Say what disappears, and ask why."""
    with read(desk.engine) as session:
        found = find(session, desk, signed, public_id)
    return _to_protect(request, desk, signed, found)


def _to_protect(
    request: Request,
    desk: Desk,
    signed: Signed,
    sheet: Sheet,
    error: Mesure23Error | None = None,
) -> Response:
    return render(
        request,
        "desk/actors/protect.html",
        signed,
        http_status=error.status if error else 200,
        sheet=sheet,
        registers=acts.registers_of(sheet.record) if sheet.record else (),
        undone=_may_be_undone(signed, sheet),
        two_people=desk.settings.four_eyes,
        error=error,
    )


def _may_be_undone(signed: SignedIn, sheet: Sheet) -> bool:
    """Say whether its reader could take back that they protect an actor: of who is public."""
    # The State's finds nobody once it is hidden.
    is_public = sheet.level is None and sheet.status == "published"
    return is_public and signed.role is not Role.REFERENT_ETAT


@router.post("/{public_id}/proteger")
@open_to(*WORKERS)
def protect(
    request: Request,
    desk: DeskOf,
    signed: Signed,
    public_id: str,
    pourquoi: Why = "",
    secret: Annotated[bool, Form()] = False,
) -> Response:
    """Hide an actor, with its existence if asked; done within the second."""
    if not pourquoi.strip():
        with read(desk.engine) as session:
            found = find(session, desk, signed, public_id)
        return _to_protect(request, desk, signed, found, ReasonMissing())
    with write(desk.engine) as session:
        found = find(session, desk, signed, public_id)
        outcome = acts.protect(
            session,
            desk.vault,
            public_id,
            who=str(signed.account_id),
            why=pourquoi.strip(),
            secret=secret,
            viewer=gate.viewer_of(signed),
        )
        _note(session, desk, signed, Action.PROTECTED, found, beside=outcome.beside)
    if signed.role is Role.REFERENT_ETAT:
        return RedirectResponse(f"{ACTORS}/fait?quoi=protege", 303)
    # Numbers alone: an address is written down in many places.
    said = f"fait=protege&avec={outcome.beside}&registres={len(outcome.registers)}"
    return RedirectResponse(f"{ACTORS}/{outcome.public_id}?{said}", 303)


@router.post("/{public_id}/proteger/annuler")
@open_to(*WORKERS)
def take_back(request: Request, desk: DeskOf, signed: Signed, public_id: str) -> Response:
    """Take back what somebody protected by mistake a moment ago."""
    viewer, who = gate.viewer_of(signed), str(signed.account_id)
    try:
        with write(desk.engine) as session:
            found = find(session, desk, signed, public_id)
            outcome = taking_back.take_back(session, desk.vault, viewer, public_id, who=who)
            beside = outcome.beside
            _note(session, desk, signed, Action.PROTECTION_TAKEN_BACK, found, beside=beside)
    except ProtectionStays as error:
        return answer(request, error, onward=("Lire la fiche", f"{ACTORS}/{found.public_id}"))
    said = f"fait=protection_annulee&avec={outcome.beside}"
    return RedirectResponse(f"{ACTORS}/{outcome.public_id}?{said}", 303)


@router.get("/{public_id}/lever")
@open_to(Role.CURATEUR)
def to_unprotect(request: Request, desk: DeskOf, signed: Signed, public_id: str) -> Response:
    """Ask for the accord and the reason, beside what would be public."""
    return _to_unprotect(request, desk, signed, public_id)


def _to_unprotect(
    request: Request,
    desk: Desk,
    signed: Signed,
    public_id: str,
    error: Mesure23Error | None = None,
    given: tuple[str, str] = ("", ""),
) -> Response:
    with read(desk.engine) as session:
        found = find(session, desk, signed, public_id)
        asked = second_look.asked(session, desk.vault, found.actor_id)
    if found.is_masked:
        return to_open(found.public_id, "lever")
    if asked and error is None:
        # Its sheet says who asks, and what may be done.
        return RedirectResponse(f"{ACTORS}/{found.public_id}", 303)
    return render(
        request,
        "desk/actors/unprotect.html",
        signed,
        http_status=error.status if error else 200,
        sheet=found,
        two_people=desk.settings.four_eyes or found.by_operator,
        error=error,
        consent=given[0],
        why=given[1],
    )


@router.post("/{public_id}/lever")
@open_to(Role.CURATEUR)
def unprotect(
    request: Request,
    desk: DeskOf,
    signed: Signed,
    public_id: str,
    accord: Annotated[str, Form(max_length=20)] = "",
    pourquoi: Why = "",
) -> Response:
    """Ask that an actor be published; where one person is enough, publish it."""
    try:
        consent = _day(accord)
        if not pourquoi.strip():
            raise ReasonMissing
        who, why = str(signed.account_id), pourquoi.strip()
        with write(desk.engine) as session:
            found = _open(session, desk, signed, public_id)
            if desk.settings.four_eyes or found.by_operator:
                second_look.ask(session, desk.vault, public_id, who=who, consent=consent, why=why)
                _note(session, desk, signed, Action.ASKED_TO_SHOW, found)
                return RedirectResponse(f"{ACTORS}/{found.public_id}?fait=demande", 303)
            outcome = acts.unprotect(
                session, desk.vault, public_id, who=who, consent=consent, why=why
            )
            _note(session, desk, signed, Action.SHOWN, found)
    except WRONG as error:
        return _to_unprotect(request, desk, signed, public_id, error, (accord, pourquoi))
    return RedirectResponse(f"{ACTORS}/{outcome.public_id}?fait=publie", 303)


@router.post("/{public_id}/lever/confirmer")
@open_to(Role.CURATEUR)
def confirm(desk: DeskOf, signed: Signed, public_id: str) -> Response:
    """Publish what another curateur asked for, after a look of one's own."""
    with write(desk.engine) as session:
        found = _open(session, desk, signed, public_id)
        outcome = second_look.confirm(session, desk.vault, public_id, who=str(signed.account_id))
        _note(session, desk, signed, Action.SHOWN, found)
    return RedirectResponse(f"{ACTORS}/{outcome.public_id}?fait=publie", 303)


@router.post("/{public_id}/lever/refuser")
@open_to(Role.CURATEUR)
def refuse(desk: DeskOf, signed: Signed, public_id: str) -> Response:
    """Leave an actor hidden of which somebody asked that it be published."""
    with write(desk.engine) as session:
        found = find(session, desk, signed, public_id)
        second_look.refuse(session, desk.vault, public_id, who=str(signed.account_id))
        _note(session, desk, signed, Action.REFUSED_TO_SHOW, found)
    return RedirectResponse(f"{ACTORS}/{found.public_id}?fait=refuse", 303)


@router.post("/{public_id}/contact")
@open_to(Role.CURATEUR)
def show_contact(
    request: Request,
    desk: DeskOf,
    signed: Signed,
    public_id: str,
    contact: Annotated[str, Form(max_length=254)],
    pourquoi: Why = "",
) -> Response:
    """Publish one phone or one mailbox of an actor, and nothing else of it."""
    show = acts.show_mail if "@" in contact else acts.show_phone
    who, why = str(signed.account_id), pourquoi.strip()
    try:
        if not why:
            raise ReasonMissing
        with write(desk.engine) as session:
            found = _open(session, desk, signed, public_id)
            outcome = show(session, desk.vault, public_id, contact, who=who, why=why)
            _note(session, desk, signed, Action.CONTACT_SHOWN, found)
    except (*WRONG, StillMasked) as error:
        # Its sheet says why, and what may be done.
        return answer(request, error, onward=("Lire la fiche", f"{ACTORS}/{quote(public_id)}"))
    return RedirectResponse(f"{ACTORS}/{outcome.public_id}?fait=contact", 303)


@router.post("/{public_id}/contact/retirer")
@open_to(Role.CURATEUR)
def hide_contact(
    desk: DeskOf,
    signed: Signed,
    public_id: str,
    contact: Annotated[str, Form(max_length=254)],
    pourquoi: Why = "",
) -> Response:
    """Take one phone or one mailbox of an actor back from the public."""
    who, why = str(signed.account_id), pourquoi.strip()
    with write(desk.engine) as session:
        found = _open(session, desk, signed, public_id)
        outcome = acts.hide_contact(session, desk.vault, public_id, contact, who=who, why=why)
        _note(session, desk, signed, Action.CONTACT_HIDDEN, found)
    return RedirectResponse(f"{ACTORS}/{outcome.public_id}?fait=contact_retire", 303)


class StillMasked(Mesure23Error):
    """Cette fiche est protégée, et le quart d’heure pendant lequel elle était ouverte est passé."""

    status = 403
    title = "Fiche refermée"
    advice = "Ouvrez-la de nouveau, puis recommencez : rien n’a été écrit."


def _open(session: Session, desk: Desk, signed: Signed, public_id: str) -> Sheet:
    """Return a sheet that its reader has open; raise ActorUnknown or StillMasked."""
    found = find(session, desk, signed, public_id)
    if found.is_masked:
        raise StillMasked
    return found


def _note(
    session: Session, desk: Desk, signed: Signed, action: Action, sheet: Sheet, **detail: object
) -> None:
    add(session, desk.vault, gate.author_of(signed), action, str(sheet.actor_id), detail)


def _day(given: str) -> date | None:
    """Read a day as lists write it, or as a browser sends it; None of nothing. Raises DayWrong."""
    if not given.strip():
        return None
    day, wrong = read_date(given, paris_day())
    if wrong:
        raise DayWrong(why=curled(wrong))
    return day
