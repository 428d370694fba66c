"""An operator hides its own record by a code, without an account: day and night, in one page."""

from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Form, Path, Request
from fastapi.responses import Response

from app.accounts import attempts
from app.accounts.errors import SignInMustWait
from app.audit.actions import Action
from app.audit.journal import Author, add
from app.desk.shell import gate
from app.desk.shell.gate import Desk, DeskOf
from app.desk.shell.page import render
from app.platform.database.patience import BeingWritten
from app.platform.database.sessions import read, write
from app.platform.web.clients import counted
from app.platform.web.permissions import Profile, open_to
from app.records import hiding_by_code, operator_codes
from app.records.code_letters import is_well_copied
from app.records.hiding_by_code import BY_ITSELF
from app.records.taking_down import take_down_at_once
from app.records.unchosen import note_ended
from app.vault.digests import digest, index_key

HERE = f"{gate.DOOR}/masquer"
router = APIRouter(prefix=gate.DOOR)
Token = Annotated[str, Path(max_length=100)]
Code = Annotated[str, Form(max_length=200)]
BUSY = (
    "La carte est en cours de mise à jour : rien n’est encore masqué. Attendez quelques secondes,"
    " puis envoyez de nouveau le même code."
)
MISCOPIED = (
    "Ce code est mal recopié : il a seize lettres et chiffres, sans i, l, o, 0 ni 1. Relisez-le"
    " sur votre carte."
)
# The same for one that is unknown, was revoked, or is of a record that is no more.
USELESS = (
    "Ce code ne sert pas, ou ne sert plus : rien n’est masqué. Prenez le code d’un collègue, et"
    " prévenez l’équipe de la carte."
)


@router.get("/masquer")
@open_to(Profile.LINK)
def to_hide(request: Request) -> Response:
    """Ask for a code; nothing is written."""
    return _page(request)


@router.post("/masquer")
@open_to(Profile.LINK)
def hide(request: Request, desk: DeskOf, code: Code = "") -> Response:
    """Hide the actor of a code at once.

    A right code is never made to wait, whoever tries others from its network: no number of tries
    finds one. What is answered says nothing of an actor. 202: a list that is being written still
    shows it; the same code asks whether it does.
    """
    if not is_well_copied(code):
        return _page(request, MISCOPIED, code, 422)
    try:
        hidden = _hide(desk, code)
    except BeingWritten:
        return _page(request, BUSY, code, 409)
    if hidden is not None:
        given = {"hidden": hidden, "noted": True, "problem": "", "code": ""}
        return render(request, "desk/hide.html", None, http_status=200 if hidden else 202, **given)
    try:
        _note_try(request, desk)
    except SignInMustWait as error:
        wait = error.details["wait"]
        return _page(request, f"{USELESS} Avant d’en essayer un autre, attendez {wait}.", "", 429)
    return _page(request, USELESS, "", 422)


def _hide(desk: Desk, code: str) -> bool | None:
    """Hide the actor of a code; return whether the public reads nothing of it. None: it is no code.

    In three steps: noted, no more public, and why; a list that is written delays the last ones.
    Raises BeingWritten where not even the first one is done.
    """
    with write(desk.engine) as session:
        code_id = hiding_by_code.ask_to_hide(session, desk.vault, code, desk.now())
    if code_id is None:
        return None
    hidden, unchosen = False, set[UUID]()
    try:
        with write(desk.engine) as session:
            hidden = take_down_at_once(session, desk.vault, code_id, unchosen)
        with write(desk.engine) as session:
            note_ended(session, desk.vault, BY_ITSELF, unchosen, "operator code")
        with write(desk.engine) as session:
            hiding_by_code.write_hiding(session, desk.vault, code_id)
    except BeingWritten:
        # Where a list is written, the worker comes after it.
        return hidden
    return True


def _page(request: Request, problem: str = "", code: str = "", status: int = 200) -> Response:
    given = {"hidden": False, "noted": False, "problem": problem, "code": code}
    return render(request, "desk/hide.html", None, http_status=status, **given)


def _note_try(request: Request, desk: Desk) -> None:
    """Count a code that is none, apart from tries to sign in; raise SignInMustWait."""
    with write(desk.engine) as session:
        key = index_key(session, desk.vault)
        login = digest(key, "operator codes", "tried")
        network = digest(key, "operator codes of", counted(request.scope))
        attempt = attempts.admit(session, login, network, desk.now())
        if attempt.is_notable:
            detail = {"essais": attempt.wrong}
            add(session, desk.vault, Author(""), Action.CODES_TRIED, "", detail)


@router.get("/code/{token}")
@open_to(Profile.LINK)
def to_show(request: Request, desk: DeskOf, token: Token) -> Response:
    """Say what the link is for; a code is made by a button alone, since scanners open links.

    Raises CodeLinkOver.
    """
    with read(desk.engine) as session:
        operator_codes.check_link(session, token, desk.now())
    return render(request, "desk/operator_code.html", None, code="", token=token)


@router.post("/code/{token}")
@open_to(Profile.LINK)
def show(request: Request, desk: DeskOf, token: Token) -> Response:
    """Show a new code, this once; raise CodeLinkOver."""
    with write(desk.engine) as session:
        actor, code = operator_codes.show(session, desk.vault, token, desk.now())
        add(session, desk.vault, BY_ITSELF, Action.CODE_SHOWN, str(actor))
    address = f"{gate.origin_of(request)}{HERE}"
    return render(request, "desk/operator_code.html", None, code=code, address=address)
