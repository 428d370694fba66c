"""One's own account: how one signs in, and where one is signed in."""

from typing import Annotated, Any
from uuid import UUID

from fastapi import APIRouter, Body, Form, Query, Request
from fastapi.responses import JSONResponse, RedirectResponse, Response

from app.accounts import (
    codes,
    ending,
    identities,
    passkeys,
    people,
    proconnect,
    sessions,
    signing_in,
)
from app.accounts.errors import (
    LastFactor,
    PasskeyRefused,
    PasswordWeak,
    PasswordWrong,
    SignInBusy,
    SignInMustWait,
)
from app.accounts.signing_in import device_name
from app.audit.actions import Action
from app.audit.journal import add
from app.desk.shell import gate
from app.desk.shell.gate import Desk, DeskOf, DoorOf, PartyOf, Proved, Signed
from app.desk.shell.page import render
from app.errors import Mesure23Error, RequestInvalid
from app.models import Role
from app.platform.database.sessions import read, write
from app.platform.web.permissions import EVERY_ROLE, open_to

router = APIRouter(prefix=f"{gate.HOME}/compte")
HERE = f"{gate.HOME}/compte"
Password = Annotated[str, Form(max_length=1_000)]
DONE = {
    "cle-ajoutee": "La clé d’accès est ajoutée.",
    "cle-retiree": "La clé d’accès est retirée, et vos autres sessions sont fermées.",
    "proconnect-retire": "ProConnect n’ouvre plus ce compte, et vos autres sessions sont fermées.",
    "session-fermee": "La session est fermée.",
    "session-inconnue": "Rien à fermer : cette session a déjà pris fin, ou n’est pas la vôtre.",
    "mot-de-passe": "Le mot de passe est changé, et vos autres sessions sont fermées.",
}


@router.get("")
@open_to(*EVERY_ROLE)
def account(
    request: Request,
    desk: DeskOf,
    signed: Signed,
    fait: Annotated[str, Query(max_length=30)] = "",
) -> Response:
    """Show one's factors and sessions."""
    return _page(request, desk, signed, done=DONE.get(fait, ""))


def _page(
    request: Request,
    desk: Desk,
    signed: Signed,
    *,
    done: str = "",
    error: Mesure23Error | None = None,
) -> Response:
    now = desk.now()
    with read(desk.engine) as session:
        own = people.read(session, desk.vault, signed.account_id)
        shown = {
            "keys": passkeys.listed(session, desk.vault, own.id),
            "linked": identities.listed(session, desk.vault, own.id),
            "has_password": own.has_password,
            "has_code": own.has_code,
            "codes_left": codes.count_left(session, own.id),
            "open_ones": sessions.open_ones(session, desk.vault, own.id, now),
        }
    status = error.status if error else 200
    return render(
        request, "desk/account.html", signed, http_status=status, done=done, error=error, **shown
    )


@router.post("/cles/defi")
@open_to(*EVERY_ROLE)
def ask_new_passkey(desk: DeskOf, party: PartyOf, signed: Proved) -> Response:
    """Return what a browser asks one more passkey."""
    with write(desk.engine) as session:
        own = people.get(session, signed.account_id)
        return JSONResponse(
            passkeys.ask_new(session, party, own, signed.name, signed.mail, desk.now())
        )


@router.post("/cles")
@open_to(*EVERY_ROLE)
def add_passkey(
    request: Request,
    desk: DeskOf,
    party: PartyOf,
    signed: Proved,
    answer: Annotated[dict[str, Any], Body()],
) -> Response:
    """Add one more passkey."""
    own, credential = signed.account_id, answer.get("credential")
    with write(desk.engine) as session:
        challenge = passkeys.take(session, answer.get("challenge_id"), "enrol", own, desk.now())
    if not isinstance(credential, dict):
        raise PasskeyRefused
    name = device_name(request.headers.get("user-agent", ""))
    with write(desk.engine) as session:
        key = passkeys.add(session, desk.vault, party, own, credential, challenge, name)
        author, subject = gate.author_of(signed), str(key.id)
        add(session, desk.vault, author, Action.PASSKEY_ADDED, subject)
    return JSONResponse({"suite": f"{HERE}?fait=cle-ajoutee"})


@router.post("/cles/{key}/retirer")
@open_to(*EVERY_ROLE)
def remove_passkey(desk: DeskOf, signed: Proved, key: UUID) -> Response:
    """Take away a passkey, unless it is the last way in, and end all other sessions."""
    with write(desk.engine) as session:
        passkeys.remove(session, people.get(session, signed.account_id), key)
        now, here = desk.now(), signed.session_id
        ending.end_sessions(session, signed.account_id, now, but=here)
        add(session, desk.vault, gate.author_of(signed), Action.PASSKEY_REMOVED, str(key))
    return RedirectResponse(f"{HERE}?fait=cle-retiree", 303)


@router.post("/proconnect/retirer")
@open_to(Role.PROFESSIONNEL)
def unlink(request: Request, desk: DeskOf, signed: Proved) -> Response:
    """Let nobody in by an identity of ProConnect, unless it is the last way in; end all others."""
    try:
        with write(desk.engine) as session:
            own = people.get(session, signed.account_id)
            proconnect.unlink(session, desk.vault, own, gate.author_of(signed))
            ending.end_sessions(session, own.id, desk.now(), but=signed.session_id)
    except LastFactor as error:
        return _page(request, desk, signed, error=error)
    return RedirectResponse(f"{HERE}?fait=proconnect-retire", 303)


@router.post("/codes")
@open_to(*EVERY_ROLE)
def renew_codes(request: Request, desk: DeskOf, signed: Proved) -> Response:
    """Show new codes on paper, once; the former ones are of no use any more."""
    with write(desk.engine) as session:
        own = people.get(session, signed.account_id)
        if own.totp is None:
            raise RequestInvalid(problem="un compte sans application n’a pas de codes de secours")
        printed = codes.renew(session, desk.vault, own.id)
        add(session, desk.vault, gate.author_of(signed), Action.CODES_RENEWED)
    return render(request, "desk/codes.html", None, codes=printed, way=HERE)


@router.post("/mot-de-passe")
@open_to(*EVERY_ROLE)
def change_password(
    request: Request,
    desk: DeskOf,
    door: DoorOf,
    signed: Signed,
    actuel: Password = "",
    nouveau: Password = "",
) -> Response:
    """Choose another password, by giving the current one: a form with them is carried nowhere."""
    try:
        signing_in.change_password(door, signed, actuel, nouveau)
    except (PasswordWrong, PasswordWeak, SignInMustWait, SignInBusy) as error:
        return _page(request, desk, signed, error=error)
    return RedirectResponse(f"{HERE}?fait=mot-de-passe", 303)


@router.post("/sessions/{session_id}/fermer")
@open_to(*EVERY_ROLE)
def end_session(desk: DeskOf, signed: Signed, session_id: UUID) -> Response:
    """End one of one's sessions, on this browser or another."""
    subject = str(session_id)
    with write(desk.engine) as session:
        ended = sessions.end(session, signed.account_id, session_id, desk.now())
        if ended:
            add(session, desk.vault, gate.author_of(signed), Action.SESSION_ENDED, subject)
    return RedirectResponse(f"{HERE}?fait={'session-fermee' if ended else 'session-inconnue'}", 303)
