"""The space of a professional: who they are, until when they are let in, and whom to call now."""

from fastapi import APIRouter, Request
from fastapi.responses import Response

from app.accounts import people
from app.desk.shell import gate
from app.desk.shell.gate import DeskOf, Signed
from app.desk.shell.page import render
from app.models import Role
from app.models.account import CONFIRMED_FOR
from app.operations.offices import read_offices
from app.platform.database.sessions import read
from app.platform.web.permissions import open_to
from app.reference.national_numbers import NATIONAL_NUMBERS

router = APIRouter()


@router.get(gate.PRO)
@open_to(Role.PROFESSIONNEL)
def home(request: Request, desk: DeskOf, signed: Signed) -> Response:
    """Show what is open to a professional, and the numbers that answer at once."""
    with read(desk.engine) as session:
        person = people.read(session, desk.vault, signed.account_id)
        names = gate.territories_of(session, signed)
        offices = read_offices(session, desk.now())
    return render(
        request,
        "desk/pro/home.html",
        signed,
        person=person,
        territories=names,
        until=person.confirmed_at + CONFIRMED_FOR,
        numbers=[each for each in NATIONAL_NUMBERS.values() if each.footer],
        offices={name: offices[code] for code, name in names.items() if code in offices},
    )
