"""An actor for a professional: what is for them of it, and the contact of a protected one, asked
for with a motive, for some hours.
"""

from typing import Annotated, NoReturn

from fastapi import APIRouter, Form, Request
from fastapi.responses import RedirectResponse, Response

from app.accounts.sessions import SignedIn
from app.desk.shell import gate
from app.desk.shell.gate import Desk, DeskOf, Signed
from app.desk.shell.page import render
from app.errors import ActorUnknown, Mesure23Error
from app.gazetteer.territories import read_names
from app.models import Role
from app.operations.offices import read_offices
from app.platform.database.sessions import read, write
from app.platform.web.permissions import open_to
from app.records.layer import read_description, read_layer
from app.reference.motives import ADDRESS_MOTIVES, MOTIVES
from app.reference.national_numbers import FIRST, NATIONAL_NUMBERS
from app.revealing import asking
from app.revealing.asking import (
    AskerGone,
    ContactClosed,
    MotiveMissing,
    NoAddress,
    PhoneFirst,
    TooManyToday,
)
from app.revealing.places import ASKED_WAYS, led_to, read_place
from app.revealing.reading import Revealed, is_refused, is_waiting, read_revealed
from app.visibility import Viewer
from app.visible.asking import Asker

router = APIRouter(prefix=gate.PLACES)
Motive = Annotated[str, Form(max_length=20)]
REFUSED = (ContactClosed, MotiveMissing, NoAddress, PhoneFirst, TooManyToday)


class PlaceUnknown(Mesure23Error):
    """Aucun lieu n’est à cette adresse : il a pu en changer."""

    status = 404
    title = "Lieu introuvable"
    advice = "Cherchez-le de nouveau sur la carte."


@router.get("/{public_id}")
@open_to(Role.PROFESSIONNEL)
def place(request: Request, desk: DeskOf, signed: Signed, public_id: str) -> Response:
    """Show what may be told of a place now, else how it is asked for, and whom to call anyway."""
    try:
        return _page(request, desk, signed, public_id)
    except PlaceUnknown:
        with read(desk.engine) as session:
            target = led_to(session, _known(public_id))
        if target is None:
            raise
    return RedirectResponse(f"{gate.PLACES}/{target}", 308)


@router.post("/{public_id}/contact")
@open_to(Role.PROFESSIONNEL)
def ask(
    request: Request, desk: DeskOf, signed: Signed, public_id: str, motif: Motive = ""
) -> Response:
    """Ask for the telephone of a place; noted before anything of it is shown."""
    try:
        with write(desk.engine) as session:
            asker = gate.asker_of(signed, desk.now())
            asking.ask(session, desk.vault, asker, _known(public_id), motif)
    except ActorUnknown:
        _raise_unknown()
    except AskerGone:
        raise gate.SignInNeeded from None
    except REFUSED as error:
        return _refused(request, desk, signed, public_id, error)
    return RedirectResponse(f"{gate.PLACES}/{public_id}", 303)


@router.post("/{public_id}/adresse")
@open_to(Role.PROFESSIONNEL)
def ask_address(
    request: Request, desk: DeskOf, signed: Signed, public_id: str, motif: Motive = ""
) -> Response:
    """Ask for the address of a place of which the telephone is revealed."""
    try:
        with write(desk.engine) as session:
            asker = gate.asker_of(signed, desk.now())
            asking.ask_address(session, desk.vault, asker, _known(public_id), motif)
    except ActorUnknown:
        _raise_unknown()
    except AskerGone:
        raise gate.SignInNeeded from None
    except REFUSED as error:
        return _refused(request, desk, signed, public_id, error)
    return RedirectResponse(f"{gate.PLACES}/{public_id}", 303)


@router.post("/{public_id}/fin")
@open_to(Role.PROFESSIONNEL)
def end(desk: DeskOf, signed: Signed, public_id: str) -> Response:
    """End what its reader is told of a place, before its hour."""
    with write(desk.engine) as session:
        asking.end(session, signed.account_id, _known(public_id), desk.now())
    return RedirectResponse(gate.PRO, 303)


def _refused(
    request: Request, desk: Desk, signed: SignedIn, public_id: str, error: Mesure23Error
) -> Response:
    with write(desk.engine) as session:
        asked = (_known(public_id), error, desk.now())
        asking.note_denied(session, desk.vault, gate.author_of(signed), *asked)
    return _page(request, desk, signed, public_id, error)


def _page(
    request: Request,
    desk: Desk,
    signed: SignedIn,
    public_id: str,
    error: Mesure23Error | None = None,
) -> Response:
    asker = gate.asker_of(signed, desk.now())
    with read(desk.engine) as session:
        try:
            found = read_place(session, desk.vault, _known(public_id))
        except ActorUnknown:
            _raise_unknown()
        of = (session, desk.vault, Viewer.professional(asker), found.actor_id)
        layer, what = read_layer(*of), read_description(*of, agreed=found.describes)
        revealed = None
        if found.way in ASKED_WAYS:
            revealed = read_revealed(session, desk.vault, asker, found)
        waits = is_waiting(session, asker, found)
        refused = is_refused(session, asker, found)
        names = read_names(session)
        offices = read_offices(session, desk.now(), found.territory).get(found.territory, [])
    return render(
        request,
        "desk/pro/place.html",
        signed,
        http_status=error.status if error else 200,
        place=found,
        layer=layer,
        what=what,
        revealed=revealed,
        seconds_left=_seconds_left(revealed, asker),
        is_waiting=waits,
        is_refused=refused,
        territory=names[found.territory],
        offices=offices,
        numbers=[NATIONAL_NUMBERS[each] for each in FIRST],
        motives=MOTIVES,
        address_motives=ADDRESS_MOTIVES,
        most=asking.MOST_A_DAY,
        error=error,
    )


def _seconds_left(revealed: Revealed | None, asker: Asker) -> int:
    """Return for how long an open page may show what it says."""
    return int((revealed.until - asker.at).total_seconds()) if revealed else 0


def _known(public_id: str) -> str:
    return public_id if public_id.isascii() and public_id.isalnum() else ""


def _raise_unknown() -> NoReturn:
    raise PlaceUnknown from None
