"""A curateur invites addresses to the network, from a spreadsheet that is read and not kept."""

from typing import Annotated

from fastapi import APIRouter, Form, Query, Request
from fastapi.concurrency import run_in_threadpool
from fastapi.responses import RedirectResponse, Response
from starlette.datastructures import UploadFile

from app.accounts.sessions import SignedIn
from app.desk.network.watching_routes import HERE
from app.desk.shell import gate
from app.desk.shell.gate import Desk, DeskOf, Signed
from app.desk.shell.page import render
from app.errors import Mesure23Error
from app.models import Role
from app.network import inviting
from app.network.contacts import FILE_MAX, MOST_SHOWN, Contacts, pasted, read_contacts
from app.network.errors import ContactsUnread, ContactsWrong, TooManyInvited
from app.network.inviting import INVITED_FOR, MOST_A_DAY
from app.platform.database.sessions import write
from app.platform.web.permissions import open_to
from app.platform.web.request_size import body_within

INVITING = f"{HERE}/invitations"
# A file and what a form adds around it; as many addresses as are invited at once.
LARGEST, LONGEST, SECONDS = FILE_MAX + 16_384, 300_000, 60.0
# Lines that are named as wrong.
MOST_NAMED = 5
DONE = {
    "invite": "C’est pris. Chaque adresse reçoit un message, une fois, sauf si elle est déjà dans"
    " le réseau, fut invitée depuis deux semaines ou n’en veut pas : rien ne dit lesquelles.",
}
router = APIRouter(prefix=INVITING)


@router.get("")
@open_to(Role.CURATEUR)
def contacts(
    request: Request,
    desk: DeskOf,
    signed: Signed,
    fait: Annotated[str, Query(max_length=20)] = "",
) -> Response:
    """Show the form that takes a spreadsheet, or addresses."""
    return _page(request, desk, signed, done=DONE.get(fait, ""))


@router.post("/tableur", max_body_size=LARGEST)
@body_within(SECONDS)
@open_to(Role.CURATEUR)
async def read_file(request: Request, desk: DeskOf, signed: Signed) -> Response:
    """Show which addresses a spreadsheet has, and which lines are doubtful; nothing is stored."""
    async with request.form(max_files=1, max_fields=1) as form:
        file = form.get("fichier")
        if not isinstance(file, UploadFile) or not file.filename:
            data, name = b"", "tableur.csv"
        else:
            data, name = await file.read(), file.filename
    return await run_in_threadpool(_read, request, desk, signed, data, name)


@router.post("", max_body_size=LONGEST)
@open_to(Role.CURATEUR)
def invite(
    request: Request,
    desk: DeskOf,
    signed: Signed,
    adresses: Annotated[str, Form(max_length=LONGEST)] = "",
) -> Response:
    """Invite addresses, one a line."""
    mails, wrong = pasted(adresses)
    try:
        if wrong or not 0 < len(mails) <= MOST_A_DAY:
            named = ", ".join(f"« {each[:60]} »" for each in wrong[:MOST_NAMED])
            raise ContactsWrong(wrong=named or f"{len(mails)} adresses")
        with write(desk.engine) as session:
            inviting.invite(session, desk.vault, gate.author_of(signed), mails, desk.now())
    except (ContactsWrong, TooManyInvited) as error:
        return _page(request, desk, signed, error=error, text=adresses)
    return RedirectResponse(f"{INVITING}?fait=invite", 303)


def _read(request: Request, desk: Desk, signed: SignedIn, data: bytes, name: str) -> Response:
    try:
        found = read_contacts(data, name, desk.settings)
    except ContactsUnread as error:
        return _page(request, desk, signed, error=error)
    return _page(request, desk, signed, found=found, text="\n".join(found.mails))


def _page(
    request: Request,
    desk: Desk,
    signed: SignedIn,
    *,
    found: Contacts | None = None,
    text: str = "",
    error: Mesure23Error | None = None,
    done: str = "",
) -> Response:
    return render(
        request,
        "desk/network/contacts.html",
        signed,
        http_status=error.status if error else 200,
        found=found,
        text=text,
        most=MOST_A_DAY,
        most_shown=MOST_SHOWN,
        days=INVITED_FOR.days,
        largest=FILE_MAX,
        error=error,
        done=done,
        path=INVITING,
        room=HERE,
    )
