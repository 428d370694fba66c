"""Lists at the desk: deposited, read, applied. What one would change is shown before it is done."""

from dataclasses import dataclass
from typing import Annotated, Any
from uuid import UUID

from fastapi import APIRouter, Query, Request
from fastapi.concurrency import run_in_threadpool
from fastapi.responses import RedirectResponse, Response
from sqlalchemy.orm import Session
from starlette.datastructures import FormData, UploadFile

from app.accounts.people import names_of, writer_of
from app.accounts.sessions import SignedIn
from app.audit.actions import Action
from app.audit.journal import add
from app.desk.imports.beside_showing import beside
from app.desk.imports.files import (
    FILE_MAX,
    LARGEST,
    LONGEST_NAME,
    MOST_FILES,
    SECONDS,
    FileRefused,
    TooManyFiles,
    check_sizes,
    file_name,
    files_of,
    names_of_files,
)
from app.desk.imports.part_showing import part_of
from app.desk.imports.remarks import grouped
from app.desk.imports.showing import COUNTED, problems, shown
from app.desk.imports.undo_showing import shown_undo, stays_beside
from app.desk.imports.words import RUNNING, STATES, said
from app.desk.shell import gate
from app.desk.shell.gate import Desk, DeskOf, Signed
from app.desk.shell.page import render
from app.errors import Mesure23Error
from app.gazetteer.territories import read_names
from app.lists import deposits, handling, review_tally
from app.lists.deposit_page import MOST
from app.lists.deposits import Deposited, Received
from app.lists.followed import read_one
from app.lists.handling import Handling
from app.lists.since import since_last, unread
from app.lists.sources import names_in
from app.lists.uploads import Upload
from app.models import Role
from app.platform.database.patience import awaited_by
from app.platform.database.sessions import IMPORT_LOCK, read, write
from app.platform.queue.reading import why_halted
from app.platform.web.permissions import open_to
from app.platform.web.request_size import body_within
from app.records.lists_of import names_of_lists
from importers.errors import FileTooLarge

HERE = f"{gate.HOME}/imports"
router = APIRouter(prefix=HERE)
# Who sends lists, and who applies them.
SENDERS = (Role.CURATEUR, Role.REFERENT_DEPARTEMENT)
SHOWN = 50
PARTIAL = "partielle"
# What the form says beside the file.
GIVEN = ("source", "territoire", "portee")
# What the page of a list says of how it came.
WAYS: dict[Received, str] = {"new": "", "same": "?deja=oui", "otherwise": "?deja=autrement"}
# Its name is that of a known one, but for a month or a day.
RECOGNISED = "?deja=reconnue"


class DepositIncomplete(Mesure23Error):
    """Rien n’est déposé : il manque le fichier, le nom de la liste ou son territoire."""

    status = 422
    title = "Dépôt à compléter"
    advice = "Complétez le formulaire, choisissez le fichier de nouveau, puis déposez-le."


@router.get("")
@open_to(*SENDERS)
def lists(
    request: Request,
    desk: DeskOf,
    signed: Signed,
    recues: Annotated[int, Query(ge=0, le=MOST_FILES)] = 0,
    connues: Annotated[int, Query(ge=0, le=MOST_FILES)] = 0,
    liste: UUID | None = None,
    ou: Annotated[str, Query(pattern="^[0-9A-Z]{0,3}$")] = "",
    page: Annotated[int, Query(ge=1, le=10_000)] = 1,
) -> Response:
    """Show the form that takes a list, and the lists that were deposited; raise SourceUnknown.

    recues: how many were now; connues: how many files had been before. liste: the source whose next
    list is sent. ou: the territory of those that are shown, "" for all.
    """
    given = None
    if liste:
        with read(desk.engine) as session:
            source = read_one(session, desk.vault, gate.viewer_of(signed), liste, desk.now())
        given = {"source": source.name, "territoire": source.territory or "", "portee": ""}
    taken = (recues, connues)
    return _page(request, desk, signed, given=given, taken=taken, where=ou, page=page)


@router.post("", max_body_size=LARGEST)
@body_within(SECONDS)
@open_to(*SENDERS)
async def take(request: Request, desk: DeskOf, signed: Signed) -> Response:
    """Receive lists, and lead to the page of the only one; the worker reads them.

    What is sent is read here, and not before it is known who sends it.
    """
    async with request.form(max_files=2 * MOST_FILES, max_fields=5) as form:
        return await run_in_threadpool(_take, request, desk, signed, form)


def _take(request: Request, desk: Desk, signed: SignedIn, form: FormData) -> Response:
    given = {name: _text(form, name) for name in GIVEN}
    files = files_of(form)
    try:
        _check(desk, signed, given, files)
    except FileTooLarge as error:
        return _page(request, desk, signed, FileRefused(problem=str(error)), given)
    except (DepositIncomplete, TooManyFiles) as error:
        return _page(request, desk, signed, error, given)
    names, known = _names(desk, given, files)
    sent = zip(files, names, strict=True)
    found = [_deposit(desk, signed, given, each, name) for each, name in sent]
    if len(found) > 1:
        # Where many wait, theirs are found among those of their territory.
        known_before = sum(received == "same" for _, received in found)
        taken = f"recues={len(found) - known_before}"
        if known_before:
            taken += f"&connues={known_before}"
        query = f"{taken}&ou={given['territoire']}"
        return RedirectResponse(f"{HERE}?{query}", 303)
    deposit_id, received = found[0]
    # Somebody who means another list would not see that a month is no part of its name.
    is_taken = names[0] in known and names[0].casefold() != given["source"].casefold()
    way = RECOGNISED if is_taken and received == "new" else WAYS[received]
    return RedirectResponse(f"{HERE}/{deposit_id}{way}", 303)


def _check(desk: Desk, signed: SignedIn, given: dict[str, str], files: list[UploadFile]) -> None:
    """Look at what is sent before any of it is received.

    Raises DepositIncomplete, TooManyFiles or FileTooLarge.
    """
    name, code = given["source"], given["territoire"]
    with read(desk.engine) as session:
        known = gate.territories_of(session, signed)
    national = not code and signed.role is Role.CURATEUR
    if not files or not name or len(name) > LONGEST_NAME or not (code in known or national):
        raise DepositIncomplete
    check_sizes(desk, files)


def _names(
    desk: Desk, given: dict[str, str], files: list[UploadFile]
) -> tuple[list[str], list[str]]:
    """Return what the lists of some files are called, and what those that are known are."""
    with read(desk.engine) as session:
        known = names_in(session, desk.vault, given["territoire"] or None)
    names = [file_name(each.filename or "") for each in files]
    return names_of_files(given["source"], names, known), known


def _deposit(
    desk: Desk, signed: SignedIn, given: dict[str, str], file: UploadFile, source: str
) -> tuple[UUID, Received]:
    """Receive one of several files; each of them is a list of its own."""
    upload = Upload(
        file_name(file.filename or ""),
        file.file.read(),
        str(signed.account_id),
        given["territoire"] or None,
        source=source,
        whole=given["portee"] != PARTIAL,
    )
    with write(desk.engine) as session:
        deposit_id, received = deposits.deposit(session, desk.vault, upload, upload.territory)
        if received != "same":
            author, subject = gate.author_of(signed), str(deposit_id)
            add(session, desk.vault, author, Action.LIST_DEPOSITED, subject)
    return deposit_id, received


def _text(form: FormData, name: str) -> str:
    value = form.get(name)
    # A name copied from a text brings its unbreakable spaces along, which are not printable.
    text = " ".join(value.split()) if isinstance(value, str) else ""
    return text if text.isprintable() else ""


def _page(
    request: Request,
    desk: Desk,
    signed: SignedIn,
    error: Mesure23Error | None = None,
    given: dict[str, str] | None = None,
    taken: tuple[int, int] = (0, 0),
    where: str = "",
    page: int = 1,
) -> Response:
    viewer, territory = gate.viewer_of(signed), where or None
    with read(desk.engine) as session:
        total = deposits.count_listed(session, viewer, territory)
        pages = max(1, -(-total // SHOWN))
        page = min(page, pages)
        here = (viewer, SHOWN, SHOWN * (page - 1), territory)
        found = deposits.listed(session, desk.vault, *here)
        known = names_of_lists(session, desk.vault, viewer)
        territories = gate.territories_of(session, signed)
        handled = handling.of(session, desk.vault, [each.id for each in found])
        claimed = {each.claimed.who for each in handled.values() if each.claimed}
        people = names_of(session, desk.vault, {each.sender for each in found} | claimed)
    return render(
        request,
        "desk/imports.html",
        signed,
        http_status=error.status if error else 200,
        found=found,
        handled=handled,
        total=total,
        page=page,
        pages=pages,
        where=where,
        known=known,
        territories=territories,
        people=people,
        states=STATES,
        error=error,
        given=given or dict.fromkeys(GIVEN, ""),
        national=signed.role is Role.CURATEUR,
        largest=FILE_MAX,
        most_files=MOST_FILES,
        taken=taken,
        longest=LONGEST_NAME,
    )


@router.get("/{deposit_id}")
@open_to(*SENDERS)
def one(
    request: Request,
    desk: DeskOf,
    signed: Signed,
    deposit_id: UUID,
    deja: Annotated[str, Query(max_length=20)] = "",
    colonnes: Annotated[str, Query(max_length=20)] = "",
) -> Response:
    """Show where a list stands, and what it would change or has changed."""
    return show_deposit(request, desk, signed, deposit_id, way=deja, chosen=bool(colonnes))


@dataclass(frozen=True, slots=True)
class Unwritten:
    """A note that could not be written, and why."""

    text: str
    error: Mesure23Error


def show_deposit(
    request: Request,
    desk: Desk,
    signed: SignedIn,
    deposit_id: UUID,
    *,
    way: str = "",
    chosen: bool = False,
    unwritten: Unwritten | None = None,
) -> Response:
    """Return the page of a list. way, chosen: what was just done to it."""
    viewer = gate.viewer_of(signed)
    with read(desk.engine) as session:
        found = deposits.find(session, desk.vault, viewer, deposit_id)
        plan = shown(session, desk.vault, viewer, found)
        tally = review_tally.tally(session, viewer, deposit_id)
        remarks = plan.problems if plan else problems(session, desk.vault, viewer, found)
        applied = found.applied
        handled = handling.of(session, desk.vault, [deposit_id]).get(deposit_id)
        people = _people(session, desk, found, handled)
        gone = found.page.get("undone")
        undo = gone and shown_undo(session, desk.vault, viewer, gone, found.id)
        hidden = beside(session, desk, signed, deposit_id, found.page.get("beside", ()))
        stay = stays_beside(session, desk, signed, deposit_id, gone or {})
        names = read_names(session)
        running = _running(session, desk, found)
        changed = since_last(session, desk.vault, found)
        lost = unread(session, desk.vault, found)
        part = part_of(session, signed, found)
    return render(
        request,
        "desk/deposit.html",
        signed,
        http_status=unwritten.error.status if unwritten else 200,
        unwritten=unwritten,
        each=found,
        handled=handled,
        own=str(signed.account_id),
        longest_note=handling.LONGEST,
        territory=names.get(found.territory or "", "toute la France"),
        territory_names=names,
        plan=plan,
        remarks=grouped(remarks),
        people=people,
        states=STATES,
        **running,
        counted=COUNTED,
        most=MOST,
        taken_for=said,
        part=part,
        tally=tally,
        way=way,
        applied=applied,
        undo=undo,
        beside=hidden,
        stay=stay,
        chosen=chosen,
        since=changed,
        unread=lost,
    )


def _running(session: Session, desk: Desk, found: Deposited) -> dict[str, Any]:
    """Return whether the job of a list goes on; awaited: who writes while it waits for its turn."""
    is_running = found.state in RUNNING
    who = awaited_by(session, IMPORT_LOCK, found.id) if is_running else None
    return {
        "is_running": is_running,
        "halted": why_halted(session, found.id, 4 * desk.settings.worker_heartbeat),
        "awaited": "" if who is None else writer_of(desk.vault, session, who),
    }


def _people(
    session: Session, desk: Desk, found: Deposited, handled: Handling | None
) -> dict[str, str]:
    """Return the names of those who did something to a list, by account."""
    deeds = (handled.claimed, handled.noted) if handled else ()
    known = {found.sender, found.applied.who, found.who, *(each.who for each in deeds if each)}
    return names_of(session, desk.vault, known)
