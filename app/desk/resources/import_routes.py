"""Catalogues at the desk: a file is read, its plan is looked at, confirmed, and undone."""

from collections.abc import Callable, Mapping
from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Form, Query, Request
from fastapi.concurrency import run_in_threadpool
from fastapi.responses import RedirectResponse, Response
from sqlalchemy.orm import Session
from starlette.datastructures import FormData, UploadFile

from app.accounts.people import names_of
from app.accounts.sessions import SignedIn
from app.cataloguing import import_asking, importing
from app.cataloguing.import_errors import ChangedTwice, ImportDecided, ImportOutdated
from app.cataloguing.import_plan import Choice
from app.desk.resources.import_showing import Part, called, not_taken, page_of
from app.desk.resources.words import DONE, IMPORTS, PARTS
from app.desk.shell import gate
from app.desk.shell.gate import Desk, DeskOf, Signed
from app.desk.shell.page import render
from app.errors import Mesure23Error
from app.models import Role
from app.platform.database.sessions import read, write
from app.platform.queue.reading import why_halted
from app.platform.web.permissions import open_to
from app.platform.web.request_size import body_within
from importers.errors import UnreadableList

router = APIRouter(prefix=IMPORTS)
FILE_MAX = 5_000_000
# What somebody looks through here; more is for `mesure23 resources import`.
MOST = 500
# The file, and what a form adds around it.
LARGEST = FILE_MAX + 16_384
SECONDS = 60.0
LONGEST_NAME = 120
# Of the doubtful lines of one catalogue, each a field.
MOST_FIELDS = 2 * MOST
DECISIONS: Mapping[str, Choice] = {"create": "create", "update": "update", "skip": "skip"}


class CatalogueMissing(Mesure23Error):
    """Rien n’est déposé : il manque le fichier, ou il y en a plusieurs."""

    status = 422
    title = "Dépôt à compléter"
    advice = "Choisissez un fichier, puis déposez-le."


class CatalogueRefused(Mesure23Error):
    """{problem}"""

    status = 422
    title = "Fichier refusé"
    advice = (
        "Corrigez ce que dit cette phrase, puis déposez le catalogue de nouveau : un fichier JSON, "
        "ou un tableau XLSX, XLS, ODS ou CSV."
    )


@router.get("")
@open_to(Role.CURATEUR)
def catalogues(request: Request, desk: DeskOf, signed: Signed) -> Response:
    """Show the form that takes a catalogue, and those that were read."""
    return _list(request, desk, signed)


@router.post("", max_body_size=LARGEST)
@body_within(SECONDS)
@open_to(Role.CURATEUR)
async def take(request: Request, desk: DeskOf, signed: Signed) -> Response:
    """Have a catalogue read, and lead to its plan; what is sent is read here, and by whom first."""
    async with request.form(max_files=5, max_fields=5) as form:
        return await run_in_threadpool(_take, request, desk, signed, form)


@router.get("/{import_id}")
@open_to(Role.CURATEUR)
def one(
    request: Request,
    desk: DeskOf,
    signed: Signed,
    import_id: UUID,
    voir: Part | None = None,
    page: Annotated[int, Query(ge=1, le=1_000)] = 1,
    fait: Annotated[str, Query(max_length=20)] = "",
) -> Response:
    """Show what a catalogue would change, or has changed."""
    return _page(request, desk, signed, import_id, part=voir, number=page, done=fait)


@router.post(
    "/{import_id}/appliquer", max_body_size=200_000, form_limits={"max_fields": MOST_FIELDS}
)
@open_to(Role.CURATEUR)
def apply(
    request: Request,
    desk: DeskOf,
    signed: Signed,
    import_id: UUID,
    vu: Annotated[str, Form(max_length=64)],
    choix: Annotated[tuple[str, ...], Form(max_length=MOST)] = (),
    publier: Annotated[bool, Form()] = False,
) -> Response:
    """Let the worker write what its reader saw of a catalogue.

    choix: "12:create" of each doubtful line.
    """
    by = (desk.vault, gate.viewer_of(signed), gate.author_of(signed), import_id)

    def ask(session: Session) -> None:
        import_asking.ask_to_apply(session, *by, _choices(choix), vu, publishes=publier)

    return _decide(request, desk, signed, import_id, ask)


@router.post("/{import_id}/abandonner")
@open_to(Role.CURATEUR)
def drop(request: Request, desk: DeskOf, signed: Signed, import_id: UUID) -> Response:
    """Leave a catalogue that waits; nothing of it is written."""

    def leave(session: Session) -> None:
        importing.drop(session, desk.vault, gate.viewer_of(signed), import_id)

    return _decide(request, desk, signed, import_id, leave, "?fait=abandonne")


@router.post("/{import_id}/annuler")
@open_to(Role.CURATEUR)
def undo(request: Request, desk: DeskOf, signed: Signed, import_id: UUID) -> Response:
    """Let the worker take back what a catalogue wrote, but for what somebody has changed since."""
    by = (desk.vault, gate.viewer_of(signed), gate.author_of(signed), import_id)

    def ask(session: Session) -> None:
        import_asking.ask_to_undo(session, *by)

    return _decide(request, desk, signed, import_id, ask)


def _decide(
    request: Request,
    desk: Desk,
    signed: SignedIn,
    import_id: UUID,
    deed: Callable[[Session], None],
    done: str = "",
) -> Response:
    """Do something to a catalogue; say on its page why it could not be done."""
    try:
        with write(desk.engine) as session:
            deed(session)
    except ImportOutdated as error:
        return _plan_again(request, desk, signed, import_id, error)
    except (ImportDecided, ChangedTwice) as error:
        return _page(request, desk, signed, import_id, error=error)
    return RedirectResponse(f"{IMPORTS}/{import_id}{done}", 303)


def _plan_again(
    request: Request, desk: Desk, signed: SignedIn, import_id: UUID, why: Mesure23Error
) -> Response:
    try:
        with write(desk.engine) as session:
            importing.refresh(session, desk.vault, gate.viewer_of(signed), import_id)
    except ImportDecided as error:
        why = error
    return _page(request, desk, signed, import_id, error=why)


def _choices(given: tuple[str, ...]) -> dict[int, Choice]:
    """Return what is said of lines, by their number; what says nothing here is left out."""
    found: dict[int, Choice] = {}
    for each in given:
        number, _, said = each.partition(":")
        if number.isdecimal() and len(number) < 9 and said in DECISIONS:
            found[int(number)] = DECISIONS[said]
    return found


def _take(request: Request, desk: Desk, signed: SignedIn, form: FormData) -> Response:
    given = [each for each in form.getlist("fichier") if isinstance(each, UploadFile)]
    files = [each for each in given if each.filename]
    if len(files) != 1:
        return _list(request, desk, signed, CatalogueMissing())
    viewer = gate.viewer_of(signed)
    by = (desk.vault, viewer, gate.author_of(signed))
    name, data, now = _name(files[0].filename or ""), files[0].file.read(), desk.now()
    largest = min(FILE_MAX, desk.settings.import_max_bytes)
    try:
        with write(desk.engine) as session:
            made = importing.plan(session, *by, data, name, now, max_bytes=largest, most=MOST)
            found = importing.read_import(session, desk.vault, viewer, made)
    except UnreadableList as error:
        return _list(request, desk, signed, CatalogueRefused(problem=str(error)))
    again = "" if found.made_at == now else "?fait=attendait"
    return RedirectResponse(f"{IMPORTS}/{made}{again}", 303)


def _name(given: str) -> str:
    """Return the name of a file as people read it, without its folder."""
    name = given.replace("\\", "/").rpartition("/")[2]
    return "".join(each if each.isprintable() else "\ufffd" for each in name)[-LONGEST_NAME:]


def _list(
    request: Request, desk: Desk, signed: SignedIn, error: Mesure23Error | None = None
) -> Response:
    with read(desk.engine) as session:
        found = importing.read_imports(session, desk.vault, gate.viewer_of(signed))
        names = names_of(session, desk.vault, {each.who for each in found})
        files = called(session, desk.vault, found, gate.author_of(signed).who)
    return render(
        request,
        "desk/resources/imports.html",
        signed,
        http_status=error.status if error else 200,
        found=found,
        names=names,
        files=files,
        states=importing.STATUSES,
        largest=FILE_MAX,
        most=MOST,
        error=error,
    )


def _page(
    request: Request,
    desk: Desk,
    signed: SignedIn,
    import_id: UUID,
    *,
    part: Part | None = None,
    number: int = 1,
    done: str = "",
    error: Mesure23Error | None = None,
) -> Response:
    viewer, who = gate.viewer_of(signed), gate.author_of(signed).who
    with read(desk.engine) as session:
        found = importing.read_import(session, desk.vault, viewer, import_id)
        running = found.status in importing.RUNNING
        shown = None if running else page_of(session, desk.vault, found, who, part, number)
        halted = running and why_halted(session, import_id, 4 * desk.settings.worker_heartbeat)
        names = names_of(session, desk.vault, {found.who})
        file = called(session, desk.vault, [found], who)[found.id]
        left = not_taken(session, desk.vault, found, who)
    return render(
        request,
        "desk/resources/import.html",
        signed,
        http_status=error.status if error else 200,
        found=found,
        plan=found.plan,
        file=file,
        left=left,
        shown=shown,
        running=running,
        halted=halted,
        parts=PARTS,
        state=importing.STATUSES[found.status],
        writer=names.get(found.who, "le service"),
        error=error,
        done=DONE.get(done, ""),
    )
