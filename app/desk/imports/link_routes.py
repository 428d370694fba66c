"""The page of a deposit link: whoever has it sends a list, without an account."""

from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Path, Request
from fastapi.concurrency import run_in_threadpool
from fastapi.responses import RedirectResponse, Response
from sqlalchemy.orm import Session
from starlette.datastructures import FormData, UploadFile

from app.accounts.people import BY_DEPOSIT_LINK
from app.audit.actions import Action
from app.audit.journal import Author, add
from app.desk.imports.files import (
    FILE_MAX,
    LARGEST,
    MOST_FILES,
    SECONDS,
    FileRefused,
    TooManyFiles,
    check_sizes,
    file_name,
    files_of,
)
from app.desk.imports.routes import PARTIAL
from app.desk.shell import gate
from app.desk.shell.gate import Desk, DeskOf
from app.desk.shell.page import render
from app.errors import Mesure23Error
from app.gazetteer.territories import read_names
from app.lists import deposits, links
from app.lists.links import EnoughForToday
from app.lists.uploads import Upload
from app.platform.database.sessions import read, write
from app.platform.web.permissions import Profile, open_to
from app.platform.web.request_size import body_within
from importers.errors import FileTooLarge, UnknownEnding
from importers.readers import ending_of

router = APIRouter(prefix=gate.DEPOSIT)
Token = Annotated[str, Path(max_length=100)]
AGENT = Author(BY_DEPOSIT_LINK)


class NoFile(Mesure23Error):
    """Rien n’est reçu : aucun fichier n’était choisi."""

    status = 422
    title = "Aucun fichier"
    advice = "Choisissez le fichier de votre liste, puis envoyez-le."


@router.get("/{token}")
@open_to(Profile.LINK)
def sending(request: Request, desk: DeskOf, token: Token, recus: str = "") -> Response:
    """Show the form that takes a list, and what came by this link; raise LinkEnded."""
    return _page(request, desk, token, is_received=recus == "oui")


@router.post("/{token}", max_body_size=LARGEST)
@body_within(SECONDS)
@open_to(Profile.LINK)
async def take(request: Request, desk: DeskOf, token: Token) -> Response:
    """Receive files of a link, which is looked at before any of them is read.

    Raises LinkEnded, EnoughForToday.
    """
    await run_in_threadpool(_check_link, desk, token)
    async with request.form(max_files=2 * MOST_FILES, max_fields=2) as form:
        return await run_in_threadpool(_take, request, desk, token, form)


def _check_link(desk: Desk, token: str) -> None:
    now = desk.now()
    with read(desk.engine) as session:
        found = links.find(session, desk.vault, token, now)
        links.check_day(session, found.id, now, files=1)


def _take(request: Request, desk: Desk, token: str, form: FormData) -> Response:
    files = files_of(form)
    # Several files at once are parts of a list: who stands in one is not missing from another.
    whole = form.get("portee") != PARTIAL and len(files) == 1
    try:
        if not files:
            raise NoFile
        check_sizes(desk, files)
        for each in files:
            ending_of(file_name(each.filename or ""))
        with write(desk.engine) as session:
            new = [_receive(desk, session, token, each, whole=whole) for each in files]
            for deposit_id in filter(None, new):
                add(session, desk.vault, AGENT, Action.LIST_DEPOSITED, str(deposit_id))
    except (FileTooLarge, UnknownEnding) as error:
        return _page(request, desk, token, error=FileRefused(problem=str(error)))
    except (NoFile, TooManyFiles, EnoughForToday) as error:
        return _page(request, desk, token, error=error)
    return RedirectResponse(f"{gate.DEPOSIT}/{token}?recus=oui", 303)


def _receive(
    desk: Desk, session: Session, token: str, file: UploadFile, *, whole: bool
) -> UUID | None:
    """Receive a file; return its deposit, None of one that came before: its sender learns not."""
    now = desk.now()
    found = links.find(session, desk.vault, token, now, lock=True)
    name, data = file_name(file.filename or ""), file.file.read()
    links.note(session, desk.vault, found.id, name, len(data), now)
    upload = Upload(
        name,
        data,
        BY_DEPOSIT_LINK,
        found.territory,
        source=found.source,
        whole=whole,
        source_id=found.source_id,
    )
    deposit_id, received = deposits.deposit(session, desk.vault, upload, found.territory)
    return None if received == "same" else deposit_id


def _page(
    request: Request,
    desk: Desk,
    token: str,
    *,
    is_received: bool = False,
    error: Mesure23Error | None = None,
) -> Response:
    with read(desk.engine) as session:
        found = links.find(session, desk.vault, token, desk.now())
        receipts = links.receipts(session, desk.vault, found.id)
        territory = read_names(session).get(found.territory or "", "")
    return render(
        request,
        "desk/link.html",
        None,
        http_status=error.status if error else 200,
        token=token,
        territory=territory,
        until=found.ends_at,
        receipts=receipts,
        is_received=is_received,
        error=error,
        largest=FILE_MAX,
        most_files=MOST_FILES,
    )
