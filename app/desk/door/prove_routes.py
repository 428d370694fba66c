"""A factor shown again, before a grave deed, whose form is carried along and sent afterwards."""

from dataclasses import dataclass
from typing import Annotated, Any

from fastapi import APIRouter, Body, Depends, Form, Query, Request
from fastapi.concurrency import run_in_threadpool
from fastapi.responses import JSONResponse, RedirectResponse, Response

from app.accounts import passkeys, people, signing_in
from app.accounts.errors import CodeWrong, SignInMustWait
from app.desk.shell import gate
from app.desk.shell.gate import Desk, DeskOf, DoorOf, FactorNeeded, PartyOf, Signed
from app.desk.shell.page import render
from app.errors import Mesure23Error
from app.platform.database.sessions import read, write
from app.platform.web.permissions import EVERY_ROLE, open_to
from app.platform.web.problems import answer as answer_error
from app.platform.web.problems import prefers_json

router = APIRouter(prefix=f"{gate.DOOR}/confirmer")
Short = Annotated[str, Form(max_length=500)]
# Of the form of this page; what else it has is of the deed.
OWN = frozenset({"code", "suite", "geste"})


@dataclass(frozen=True, slots=True)
class Deed:
    """A deed that waits for the proof: where its form goes, and what was written in it."""

    path: str
    fields: tuple[tuple[str, str], ...]


async def _written(request: Request) -> tuple[tuple[str, str], ...]:
    form = await request.form()
    items = form.multi_items()
    return tuple((name, each) for name, each in items if isinstance(each, str) and name not in OWN)


async def carried(request: Request) -> Deed | None:
    """Return the deed that this page's form carries; None where it carries none of the desk."""
    path = (await request.form()).get("geste")
    if not isinstance(path, str) or gate.own_way(path) != path:
        return None
    return Deed(path, await _written(request))


CarriedOf = Annotated[Deed | None, Depends(carried)]


async def ask_before(request: Request, _: Exception) -> Response:
    """Ask for a factor instead of a deed, which is done once it was shown; nothing is lost."""
    if prefers_json(request):
        return answer_error(request, FactorNeeded())
    deed = Deed(request.url.path, await _written(request))
    return await run_in_threadpool(_ask_before, request, deed)


def _ask_before(request: Request, deed: Deed) -> Response:
    desk: Desk = request.app.state.desk
    signed = gate.find_signed_in(request, desk)
    if signed is None:
        return gate.to_the_door(request)
    return _page(request, desk, signed, gate.way_back(request), deed=deed)


@router.get("")
@open_to(*EVERY_ROLE)
def ask(
    request: Request,
    desk: DeskOf,
    signed: Signed,
    suite: Annotated[str, Query(max_length=gate.LONGEST_WAY)] = gate.HOME,
) -> Response:
    """Ask for a passkey or a code."""
    return _page(request, desk, signed, suite)


def _page(
    request: Request,
    desk: Desk,
    signed: Signed,
    way: str,
    error: Mesure23Error | None = None,
    deed: Deed | None = None,
) -> Response:
    with read(desk.engine) as session:
        has_code = people.read(session, desk.vault, signed.account_id).has_code
        has_key = bool(passkeys.listed(session, desk.vault, signed.account_id))
    return render(
        request,
        "desk/prove.html",
        signed,
        http_status=error.status if error else FactorNeeded.status if deed else 200,
        way=gate.own_way(way, signed.role),
        has_code=has_code,
        has_key=has_key,
        error=error,
        deed=deed,
    )


@router.post("")
@open_to(*EVERY_ROLE)
def prove_by_code(
    request: Request,
    desk: DeskOf,
    door: DoorOf,
    signed: Signed,
    deed: CarriedOf,
    code: Short = "",
    suite: Short = gate.HOME,
) -> Response:
    """Take a code; the session gets another token, and what waited for the proof is sent again."""
    try:
        token = signing_in.prove_by_code(door, signed, code)
    except (CodeWrong, SignInMustWait) as error:
        return _page(request, desk, signed, suite, error, deed)
    # By 307 a browser sends the same form to another address.
    response = RedirectResponse(
        *((deed.path, 307) if deed else (gate.own_way(suite, signed.role), 303))
    )
    gate.remember(response, token)
    return response


@router.post("/cle/defi")
@open_to(*EVERY_ROLE)
def ask_passkey(desk: DeskOf, party: PartyOf, signed: Signed) -> Response:
    """Return what a browser asks one of the passkeys of who is signed in."""
    with write(desk.engine) as session:
        own = signed.account_id
        return JSONResponse(passkeys.ask(session, party, "confirm", own, desk.now()))


@router.post("/cle")
@open_to(*EVERY_ROLE)
def prove_by_passkey(
    door: DoorOf,
    party: PartyOf,
    signed: Signed,
    answer: Annotated[dict[str, Any], Body()],
) -> Response:
    """Take what a passkey answered."""
    token = signing_in.prove_by_passkey(door, party, signed, answer)
    way = gate.own_way(str(answer.get("suite", "")), signed.role)
    response = JSONResponse({"suite": way})
    gate.remember(response, token)
    return response
