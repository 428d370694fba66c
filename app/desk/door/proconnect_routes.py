"""ProConnect at the door: there by a link, back by a GET that may write, by a cookie's state."""

from typing import Annotated

from fastapi import APIRouter, Form, Query, Request
from fastapi.responses import RedirectResponse, Response

from app.accounts import flows, proconnect
from app.accounts.errors import (
    CodeWrong,
    FactorMissing,
    FactorUnasserted,
    IdentityMoved,
    IdentityTaken,
    IdentityUnknown,
    ProfessionalsOnly,
    SignInLeft,
    SignInMustWait,
)
from app.accounts.flows import Flow
from app.accounts.proconnect import Back, FactorAwaited
from app.accounts.signing_in import Opened
from app.desk.door.enrol_routes import Token, show_invitation
from app.desk.door.routes import is_safe, let_in, remember_provider, show_door
from app.desk.shell import gate
from app.desk.shell.gate import Desk, DeskOf, DoorOf, MaybeSigned
from app.desk.shell.page import render
from app.errors import Mesure23Error, PageUnknown
from app.platform.oidc.errors import IdentityRefused, ProviderSilent
from app.platform.oidc.provider import Came, Provider
from app.platform.web.permissions import Profile, open_to

HERE = f"{gate.DOOR}/proconnect"
BACK, CODE = f"{HERE}/retour", f"{HERE}/code"
# For this host alone, sent as its provider leads a browser back, and by no other site's form.
COOKIE = "__Host-mesure23-proconnect"
router = APIRouter()
Word = Annotated[str, Query(max_length=100)]
Long = Annotated[str, Query(max_length=2_000)]
Text = Annotated[str, Form(max_length=1_000)]
REFUSED = (
    *(FactorMissing, FactorUnasserted, IdentityMoved, IdentityTaken, IdentityUnknown),
    *(ProfessionalsOnly, SignInLeft, SignInMustWait, IdentityRefused, ProviderSilent),
)


@router.get(HERE)
@open_to(Profile.DOOR)
def begin(
    request: Request,
    desk: DeskOf,
    suite: Annotated[str, Query(max_length=gate.LONGEST_WAY)] = gate.HOME,
    facteur: Word = "",
) -> Response:
    """Lead to the provider; facteur: "ici" where the second one is to be shown here."""
    flow = Flow(desk.now(), way=gate.own_way(suite), two_factors=facteur != "ici")
    return _leave(request, desk, flow)


@router.get(f"{gate.DOOR}/invitation/{{token}}/proconnect")
@open_to(Profile.DOOR)
def begin_by_invitation(
    request: Request, desk: DeskOf, token: Token, facteur: Word = ""
) -> Response:
    """The same, to link whom an invitation is for to who comes back."""
    return _leave(request, desk, Flow(desk.now(), token=token, two_factors=facteur != "ici"))


def _provider(desk: Desk) -> Provider:
    if desk.provider is None:
        raise PageUnknown
    return desk.provider


def _leave(request: Request, desk: Desk, flow: Flow) -> Response:
    provider = _provider(desk)
    # No other site begins it for somebody, nor over a connection that would lose the cookie.
    foreign = request.headers.get("sec-fetch-site") in {"cross-site", "same-site"}
    if foreign or not is_safe(request):
        return RedirectResponse(gate.door_to(flow.way), 303)
    try:
        url = provider.sign_in_url(flow.asked, _back(request), two_factors=flow.two_factors)
    except (IdentityRefused, ProviderSilent) as error:
        return _refuse(request, desk, flow, error)
    response = RedirectResponse(url, 303)
    _hold(response, desk, flow)
    return response


def _back(request: Request) -> str:
    return f"{gate.origin_of(request)}{BACK}"


def _hold(response: Response, desk: Desk, flow: Flow) -> None:
    seconds = int(flows.LASTS.total_seconds())
    held = flows.seal(desk.vault, flow)
    response.set_cookie(
        COOKIE, held, max_age=seconds, path="/", secure=True, httponly=True, samesite="lax"
    )


def _drop(response: Response) -> Response:
    response.delete_cookie(COOKIE, path="/", secure=True, httponly=True, samesite="lax")
    return response


def _held(request: Request, desk: Desk) -> Flow | None:
    return flows.read(desk.vault, request.cookies.get(COOKIE, ""), desk.now())


def _refuse(request: Request, desk: Desk, flow: Flow | None, error: Mesure23Error) -> Response:
    """Show where it was begun, and every other way in, with what went wrong."""
    if flow is not None and flow.token:
        return show_invitation(request, desk, flow.token, error)
    return show_door(request, flow.way if flow else gate.PRO, error)


@router.get(BACK)
@open_to(Profile.DOOR)
def come_back(
    request: Request,
    desk: DeskOf,
    door: DoorOf,
    signed: MaybeSigned,
    code: Long = "",
    state: Word = "",
    iss: Long = "",
    error: Word = "",
) -> Response:
    """Let in who comes back to the browser that left, once; the one GET that opens a session."""
    provider, flow = _provider(desk), _held(request, desk)
    if flow is None or not flow.is_of(state):
        # Back, a page that is loaded again, another tab, or another's link: nothing is touched.
        if signed is not None:
            return RedirectResponse(gate.home_of(signed.role), 303)
        return _refuse(request, desk, None, SignInLeft())
    back = Back(Came(code, iss), _back(request), error)
    try:
        opened, token = proconnect.come_back(door, desk.settings, provider, flow, back)
    except FactorAwaited as awaited:
        response = RedirectResponse(CODE, 303)
        # Another number: the one before was used up.
        after = Flow(flow.began_at, flow.way, flow.token, step="code", identity=awaited.identity)
        _hold(response, desk, after)
        return response
    except REFUSED as refused:
        return _drop(_refuse(request, desk, flow, refused))
    way = gate.own_way(flow.way, opened.role)
    return _let_in(desk, door, signed, opened, token, RedirectResponse(way, 303))


def _let_in(
    desk: Desk,
    door: DoorOf,
    signed: MaybeSigned,
    opened: Opened,
    token: str,
    response: Response,
) -> Response:
    remember_provider(response, desk.vault, opened.account_id, token)
    return _drop(let_in(door, signed, opened.token, response))


@router.get(CODE)
@open_to(Profile.DOOR)
def ask_code(request: Request, desk: DeskOf) -> Response:
    """Ask who came back for the second factor of their account, or for a new one."""
    _provider(desk)
    return _code_page(request, desk, _held(request, desk))


def _code_page(
    request: Request,
    desk: Desk,
    flow: Flow | None,
    error: Mesure23Error | None = None,
    sealed: str = "",
) -> Response:
    if flow is None or flow.step != "code":
        return _refuse(request, desk, None, SignInLeft())
    if flow.token:
        return show_invitation(request, desk, flow.token, error, sealed, is_vouched_for=True)
    status = error.status if error else 200
    return render(
        request, "desk/vouched_code.html", None, http_status=status, error=error, way=flow.way
    )


@router.post(CODE)
@open_to(Profile.DOOR)
def show_code(
    request: Request,
    desk: DeskOf,
    door: DoorOf,
    signed: MaybeSigned,
    code: Text = "",
    sealed: Text = "",
) -> Response:
    """Let in who came back, by their second factor."""
    _provider(desk)
    flow = _held(request, desk)
    if flow is None or flow.step != "code" or flow.identity is None:
        return _code_page(request, desk, None)
    try:
        if flow.token:
            opened = proconnect.enrol_by_code(door, flow, sealed, code)
        else:
            opened = proconnect.by_code(door, flow, code)
    except (CodeWrong, SignInMustWait) as error:
        return _code_page(request, desk, flow, error, sealed)
    except REFUSED as error:
        return _drop(_refuse(request, desk, flow, error))
    way = gate.own_way(flow.way, opened.role)
    response: Response = RedirectResponse(way, 303)
    if opened.codes:
        response = render(request, "desk/codes.html", None, codes=opened.codes, way=way)
    return _let_in(desk, door, signed, opened, flow.identity.token, response)
