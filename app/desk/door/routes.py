"""The door of the desk: in by a passkey, or by a password and a code; and out."""

from contextlib import suppress
from ipaddress import ip_address
from typing import Annotated, Any
from urllib.parse import urlsplit
from uuid import UUID

from fastapi import APIRouter, Body, Form, Query, Request
from fastapi.responses import JSONResponse, RedirectResponse, Response
from sqlalchemy.exc import SQLAlchemyError

from app.accounts import passkeys, proconnect, sessions, signing_in
from app.accounts.errors import FactorUnasserted, SignInBusy, SignInMustWait, SignInRefused
from app.audit.actions import Action
from app.audit.journal import add
from app.desk.shell import gate
from app.desk.shell.gate import Desk, DeskOf, DoorOf, MaybeSigned, PartyOf, Signed
from app.desk.shell.page import render
from app.errors import Mesure23Error
from app.models.account import IDLE, LONGEST
from app.operations.offices import Office, offices_near
from app.platform.database.sessions import read, write
from app.platform.web.permissions import EVERY_ROLE, Profile, open_to
from app.reference.national_numbers import FIRST, NATIONAL_NUMBERS
from app.vault.sealing import Vault

router = APIRouter()
OUT = f"{gate.DOOR}/sortir"
PROVIDER_COOKIE = "__Secure-mesure23-fournisseur"
_OF_SIGN_OUT: Any = {"path": OUT, "secure": True, "httponly": True, "samesite": "strict"}
Way = Annotated[str, Query(max_length=gate.LONGEST_WAY)]
Short = Annotated[str, Form(max_length=320)]
Long = Annotated[str, Form(max_length=1_000)]


@router.get(gate.DOOR)
@open_to(Profile.DOOR)
def door(request: Request, signed: MaybeSigned, suite: Way = gate.HOME) -> Response:
    """Show how to sign in; whoever is signed in goes on."""
    if (named := _by_name(request)) is not None:
        return RedirectResponse(named, 303)
    if signed is not None:
        return RedirectResponse(gate.own_way(suite, signed.role), 303)
    return show_door(request, suite)


def show_door(
    request: Request, way: str, error: Mesure23Error | None = None, mail: str = ""
) -> Response:
    """Show every way in; error: why another one did not let somebody in."""
    way = gate.own_way(way)
    # Whoever asks for a place waits for nobody to let them in.
    is_urgent = way.startswith(f"{gate.PRO}/")
    territory, offices = _near(gate.desk_of(request), way)
    page = render(
        request,
        "desk/door.html",
        None,
        http_status=error.status if error else 200,
        way=way,
        numbers=[NATIONAL_NUMBERS[each] for each in FIRST if is_urgent],
        territory=territory,
        offices=offices,
        mail=mail,
        error=error,
        safe=is_safe(request),
        by_provider=gate.desk_of(request).provider is not None,
        lacks_factor=isinstance(error, FactorUnasserted),
    )
    if isinstance(error, SignInMustWait):
        page.headers["Retry-After"] = error.details["wait"].split()[0].replace("une", "1")
    return page


def _near(desk: Desk, way: str) -> tuple[str, list[Office]]:
    """Return the territory of the actor that somebody comes to the door for, and whom to call of
    it, as visitors read both.
    """
    path = urlsplit(way).path
    if not path.startswith(f"{gate.PLACES}/"):
        return "", []
    public_id = path.removeprefix(f"{gate.PLACES}/").partition("/")[0]
    # The national numbers stand there whatever becomes of the database.
    with suppress(SQLAlchemyError), read(desk.engine) as session:
        if public_id.isascii() and public_id.isalnum():
            return offices_near(session, public_id, desk.now())
    return "", []


def is_safe(request: Request) -> bool:
    """Say whether a browser takes the cookie here: over https, or on this very machine."""
    return request.url.scheme == "https" or request.url.hostname == "localhost"


def _by_name(request: Request) -> str | None:
    """Return this page on "localhost" where a number was asked for, which no passkey knows."""
    try:
        own = ip_address(request.url.hostname or "").is_loopback
    except ValueError:
        return None
    if not own or request.url.scheme != "http":
        return None
    return str(request.url.replace(hostname="localhost"))


@router.post(gate.DOOR)
@open_to(Profile.DOOR)
def sign_in(
    request: Request,
    door: DoorOf,
    signed: MaybeSigned,
    mail: Short = "",
    password: Long = "",
    code: Short = "",
    suite: Short = gate.HOME,
) -> Response:
    """Sign in by password and code; the same answer for an account that is unknown."""
    try:
        opened = signing_in.by_password(door, mail, password, code)
    except (SignInRefused, SignInMustWait, SignInBusy) as error:
        return show_door(request, suite, error, mail)
    way = gate.own_way(suite, opened.role)
    return let_in(door, signed, opened.token, RedirectResponse(way, 303))


@router.post(f"{gate.DOOR}/cle/defi")
@open_to(Profile.DOOR)
def ask_passkey(desk: DeskOf, party: PartyOf) -> Response:
    """Return what a browser asks a passkey."""
    with write(desk.engine) as session:
        return JSONResponse(passkeys.ask(session, party, "sign_in", None, desk.now()))


@router.post(f"{gate.DOOR}/cle")
@open_to(Profile.DOOR)
def sign_in_by_passkey(
    door: DoorOf, party: PartyOf, signed: MaybeSigned, answer: Annotated[dict[str, Any], Body()]
) -> Response:
    """Sign in by what a passkey answered."""
    opened = signing_in.by_passkey(door, party, answer)
    way = gate.own_way(str(answer.get("suite", "")), opened.role)
    return let_in(door, signed, opened.token, JSONResponse({"suite": way}))


def let_in(
    door: DoorOf, signed: sessions.SignedIn | None, token: str, response: Response
) -> Response:
    """Give the cookie of a new session; one that this browser had before is over."""
    if signed is not None:
        with write(door.engine) as session:
            sessions.end(session, signed.account_id, signed.session_id, door.now)
    gate.remember(response, token)
    return response


@router.post(OUT)
@open_to(*EVERY_ROLE)
def sign_out(request: Request, desk: DeskOf, signed: Signed) -> Response:
    """End the session of this browser, and lead to where that of its provider is ended."""
    with write(desk.engine) as session:
        sessions.end(session, signed.account_id, signed.session_id, desk.now())
        add(session, desk.vault, gate.author_of(signed), Action.SIGNED_OUT)
    response = _out_of_provider(request, desk, signed)
    if response is None:
        response = RedirectResponse(f"{gate.DOOR}/sorti", 303)
    else:
        forget_provider(response)
    gate.forget(response)
    # What this browser has stored of the desk goes as well.
    response.headers["Clear-Site-Data"] = '"cache", "storage"'
    return response


def _out_of_provider(request: Request, desk: Desk, signed: Signed) -> Response | None:
    """Return a page with the link to a provider's own sign-out; None for who came otherwise.

    A link, since no form of ours may lead to another site: Content-Security-Policy.
    """
    held = request.cookies.get(PROVIDER_COOKIE)
    if desk.provider is None or not held:
        return None
    token = proconnect.read_token(desk.vault, signed.account_id, held)
    back = f"{gate.origin_of(request)}{gate.DOOR}/sorti"
    url = desk.provider.sign_out_url(token, back) if token else None
    return render(request, "desk/out.html", None, by_provider=True, provider_out=url)


def remember_provider(response: Response, vault: Vault, account_id: UUID, token: str) -> None:
    """Hand a browser, sealed, by what its session at the provider ends; for our sign-out alone."""
    if sealed := proconnect.seal_token(vault, account_id, token):
        seconds = int(LONGEST.total_seconds())
        response.set_cookie(PROVIDER_COOKIE, sealed, max_age=seconds, **_OF_SIGN_OUT)


def forget_provider(response: Response) -> None:
    """Take it back."""
    response.delete_cookie(PROVIDER_COOKIE, **_OF_SIGN_OUT)


@router.get(f"{gate.DOOR}/sorti")
@open_to(Profile.DOOR)
def signed_out(request: Request, signed: MaybeSigned) -> Response:
    """Say that one is out."""
    if signed is not None:
        return RedirectResponse(gate.home_of(signed.role), 303)
    return render(request, "desk/out.html", None, by_provider=False, provider_out=None)


@router.post(f"{gate.DOOR}/prolonger")
@open_to(*EVERY_ROLE)
def extend(desk: DeskOf, signed: Signed) -> Response:
    """Note that somebody is still there; the form that they fill in stays as it is."""
    now = desk.now()
    with write(desk.engine) as session:
        sessions.see(session, signed, now)
    left = min(IDLE, signed.ends_at - now)
    return JSONResponse({"seconds": int(left.total_seconds())})
