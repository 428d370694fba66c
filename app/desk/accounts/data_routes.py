"""What is held on somebody who has an account: handed out, or deleted, by an administrateur."""

import json
from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Form, Request
from fastapi.responses import RedirectResponse, Response

from app.accounts import notices, people
from app.accounts.errors import LastAdministrator
from app.audit.actions import Action
from app.audit.journal import note
from app.desk.shell import gate
from app.desk.shell.gate import Desk, DeskOf, Proved, Signed
from app.desk.shell.page import render
from app.errors import Mesure23Error
from app.models import Role
from app.network.held import held
from app.operations.deleted_accounts import delete_for_good
from app.platform.database.sessions import IMPORT_LOCK, hold, read, write
from app.platform.web.permissions import EVERY_ROLE, open_to
from app.vault.lenient import UNREAD_COUNT, Lenient

# That what opens is wanted, although something of it does not.
Anyway = Annotated[bool, Form()]
router = APIRouter(prefix=gate.HOME)


@router.get("/comptes/{account_id}/donnees")
@open_to(Role.ADMINISTRATEUR)
def data(request: Request, desk: DeskOf, signed: Signed, account_id: UUID) -> Response:
    """Say what is held on somebody, and what of it a deletion leaves."""
    return _page(request, desk, signed, account_id)


def _page(
    request: Request,
    desk: Desk,
    signed: Signed,
    account_id: UUID,
    error: Mesure23Error | None = None,
) -> Response:
    with read(desk.engine) as session:
        # Whose name does not open is handed the rest, from this page.
        person = people.read(session, Lenient(desk.vault), account_id)
    return render(
        request,
        "desk/account_data.html",
        signed,
        http_status=error.status if error else 200,
        person=person,
        error=error,
    )


@router.post("/comptes/{account_id}/donnees")
@open_to(Role.ADMINISTRATEUR)
def download(
    request: Request, desk: DeskOf, signed: Proved, account_id: UUID, malgre: Anyway = False
) -> Response:
    """Hand out what is held on somebody."""
    return _file(request, desk, signed, account_id, malgre)


@router.post("/compte/donnees")
@open_to(*EVERY_ROLE)
def download_own(
    request: Request, desk: DeskOf, signed: Proved, malgre: Anyway = False
) -> Response:
    """Hand out what is held on oneself."""
    return _file(request, desk, signed, signed.account_id, malgre)


def _file(request: Request, desk: Desk, signed: Signed, account_id: UUID, anyway: bool) -> Response:
    """Note that it is read, then return it as a file; first say so where some of it is not read.

    anyway: that was said.
    """
    with read(desk.engine) as session:
        found = held(session, desk.vault, account_id, desk.now())
    if (unread := found.get(UNREAD_COUNT, 0)) and not anyway:
        own = account_id == signed.account_id
        back = f"{gate.HOME}/{'compte' if own else f'comptes/{account_id}/donnees'}"
        path = request.url.path
        return render(
            request, "desk/data_unread.html", signed, unread=unread, own=own, path=path, back=back
        )
    author = gate.author_of(signed)
    note(desk.engine, desk.vault, author, Action.ACCOUNT_HANDED_OUT, str(account_id))
    name = f"compte-{str(account_id)[:8]}.json"
    headers = {"Content-Disposition": f'attachment; filename="{name}"'}
    text = json.dumps(found, ensure_ascii=False, indent=2)
    return Response(text, media_type="application/json", headers=headers)


@router.post("/comptes/{account_id}/supprimer")
@open_to(Role.ADMINISTRATEUR)
def delete(request: Request, desk: DeskOf, signed: Proved, account_id: UUID) -> Response:
    """Delete an account; the journal keeps its id, which is of nobody from now on."""
    try:
        with write(desk.engine) as session:
            # Before the account: whoever writes actors may add something that refers to it.
            hold(session, IMPORT_LOCK)
            account = people.get_another(session, account_id, signed.account_id)
            person = people.read_person(desk.vault, account)
            author = gate.author_of(signed)
            delete_for_good(session, desk.vault, desk.settings, account, author, desk.now())
    except LastAdministrator as error:
        return _page(request, desk, signed, account_id, error)
    notices.mail_administrators(
        desk.settings,
        desk.engine,
        desk.vault,
        deed=Action.ACCOUNT_DELETED,
        person=person,
        by=str(signed.account_id),
        now=desk.now(),
    )
    return RedirectResponse(f"{gate.HOME}/comptes?fait=supprime", 303)
