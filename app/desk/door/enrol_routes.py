"""An invitation: its page, and what somebody chooses to sign in with from then on."""

from typing import Annotated, Any

import segno
from fastapi import APIRouter, Body, Form, Path, Request
from fastapi.responses import JSONResponse, Response

from app.accounts import codes, inviting, signing_in
from app.accounts.errors import CodeWrong, FactorUnasserted, PasswordWeak, SignInBusy
from app.desk.door.routes import is_safe
from app.desk.shell import gate
from app.desk.shell.gate import DeskOf, DoorOf, PartyOf
from app.desk.shell.page import render
from app.errors import Mesure23Error
from app.models import Role
from app.platform.database.sessions import read
from app.platform.web.permissions import Profile, open_to

router = APIRouter(prefix=f"{gate.DOOR}/invitation")
Token = Annotated[str, Path(max_length=100)]
Text = Annotated[str, Form(max_length=1_000)]


@router.get("/{token}")
@open_to(Profile.DOOR)
def invitation(request: Request, desk: DeskOf, token: Token) -> Response:
    """Show how one may sign in from now on; raise InvitationEnded."""
    return show_invitation(request, desk, token)


def show_invitation(
    request: Request,
    desk: DeskOf,
    token: str,
    error: Mesure23Error | None = None,
    sealed: str = "",
    *,
    is_vouched_for: bool = False,
) -> Response:
    """Show an invitation; sealed: the secret that somebody has perhaps read already.

    is_vouched_for: whether it is of who came back from a provider, and needs a second factor.
    """
    with read(desk.engine) as session:
        found = inviting.read_invitation(session, desk.vault, token, desk.now())
    secret = inviting.read_secret(desk.vault, found.invitation_id, sealed) if sealed else None
    if secret is None:
        secret, sealed = inviting.new_secret(desk.vault, found.invitation_id)
    address = codes.provisioning(secret.encode(), found.person.mail)
    drawn = segno.make(address, error="m").svg_data_uri(scale=4, border=2, light="#fff")
    spaced = " ".join(secret[each : each + 4] for each in range(0, len(secret), 4))
    is_professional = found.person.role is Role.PROFESSIONNEL
    return render(
        request,
        "desk/vouched.html" if is_vouched_for else "desk/invitation.html",
        None,
        http_status=error.status if error else 200,
        person=found.person,
        token=token,
        drawn=drawn,
        secret=spaced,
        sealed=sealed,
        error=error,
        safe=is_safe(request),
        by_provider=is_professional and desk.provider is not None,
        lacks_factor=isinstance(error, FactorUnasserted),
    )


@router.post("/{token}")
@open_to(Profile.DOOR)
def enrol(
    request: Request,
    desk: DeskOf,
    door: DoorOf,
    token: Token,
    sealed: Text = "",
    password: Text = "",
    code: Text = "",
) -> Response:
    """Choose a password and an application; show the codes on paper, once."""
    try:
        done = signing_in.enrol_by_password(door, token, sealed, password, code)
    except (PasswordWeak, CodeWrong, SignInBusy) as error:
        return show_invitation(request, desk, token, error, sealed)
    response = render(
        request, "desk/codes.html", None, codes=done.codes, way=gate.home_of(done.role)
    )
    gate.remember(response, done.token)
    return response


@router.post("/{token}/cle/defi")
@open_to(Profile.DOOR)
def ask_new_passkey(door: DoorOf, party: PartyOf, token: Token) -> Response:
    """Return what a browser asks a new passkey."""
    return JSONResponse(signing_in.ask_to_enrol(door, party, token))


@router.post("/{token}/cle")
@open_to(Profile.DOOR)
def enrol_passkey(
    door: DoorOf, party: PartyOf, token: Token, answer: Annotated[dict[str, Any], Body()]
) -> Response:
    """Choose a passkey."""
    done = signing_in.enrol_by_passkey(door, party, token, answer)
    response = JSONResponse({"suite": gate.home_of(done.role)})
    gate.remember(response, done.token)
    return response
