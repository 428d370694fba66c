"""A line of a deposited list as it came: read, corrected cell by cell, or handed out to correct."""

from collections.abc import Iterator, Mapping
from datetime import datetime
from itertools import zip_longest
from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Depends, Form, Request
from fastapi.responses import RedirectResponse, Response
from pydantic import AwareDatetime
from sqlalchemy.orm import Session

from app.accounts.sessions import SignedIn
from app.audit.actions import Action
from app.audit.journal import add, note
from app.desk.imports.narrowing import way_back
from app.desk.imports.review_showing import ShownLine, show
from app.desk.imports.routes import HERE, SENDERS
from app.desk.shell import gate
from app.desk.shell.gate import Desk, DeskOf, Signed
from app.desk.shell.page import render
from app.errors import Mesure23Error
from app.lists import corrections, deposits, review, review_moves, unusable_book
from app.lists.corrections import CellTooLong
from app.lists.deposits import Deposited
from app.lists.review import DepositReread, Line, LineUnknown, Narrowed
from app.platform.database.sessions import read, write
from app.platform.web.media_types import XLSX
from app.platform.web.permissions import open_to
from app.records.opening import open_until
from app.vault.digests import index_key
from app.visibility import Viewer
from importers.row import Where

router = APIRouter(prefix=HERE)
# A line of a list has long descriptions.
LARGEST = 500_000
# Of sheets and lines, more than any list has.
MOST_PLACES = 10_000_000
# Lines that cannot be used, of those that are opened one after the other.
AT_ONCE = 1_000


class LineReread(DepositReread):
    """Rien n’est corrigé : cette liste a été relue, ou l’est encore, depuis l’affichage de la page.
    Voici cette ligne comme elle est lue maintenant, avec ce que vous aviez écrit.
    """

    status = 409
    title = "Liste relue entre-temps"
    advice = "Relisez-la, puis corrigez de nouveau."


@router.post("/{deposit_id}/relire/{line_id}")
@open_to(*SENDERS)
def cells(
    request: Request, desk: DeskOf, signed: Signed, deposit_id: UUID, line_id: UUID
) -> Response:
    """Show the cells of one line as they came, which is noted; a protected sheet is open before."""
    with read(desk.engine) as session:
        line, row, is_open = _line(session, desk, signed, deposit_id, line_id)
    if not is_open:
        return RedirectResponse(f"{gate.HOME}/acteurs/{row.public_id}?pour=ligne", 303)
    return _page(request, desk, signed, deposit_id, line.id)


def _page(
    request: Request,
    desk: Desk,
    signed: SignedIn,
    deposit_id: UUID,
    line_id: UUID,
    *,
    given: Mapping[int, str] | None = None,
    error: Mesure23Error | None = None,
) -> Response:
    """Show the cells of a line that is open, which is noted. given: what was written in them."""
    viewer = gate.viewer_of(signed)
    with read(desk.engine) as session:
        found = deposits.find(session, desk.vault, viewer, deposit_id)
        line, row, is_open = _line(session, desk, signed, deposit_id, line_id)
        if not is_open:
            raise LineUnknown
        where = _where(line)
        corrected = corrections.of(session, desk.vault, deposit_id).get(where, {})
        left = review_moves.unusable(session, viewer, deposit_id).number
        day = corrections.recalled_from(session, desk.vault, deposit_id) if line.recalled else None
    author = gate.author_of(signed)
    note(desk.engine, desk.vault, author, Action.LINE_READ, str(deposit_id), line_said(line))
    titled = enumerate(zip_longest(line.content["titles"], line.content["raw"], fillvalue=""))
    cells = [(number, *each, corrected.get(number)) for number, each in titled if any(each)]
    return render(
        request,
        "desk/review_line.html",
        signed,
        http_status=error.status if error else 200,
        each=found,
        row=row,
        place=(_sheet_of(found, row), row.line),
        remarks=line.content.get("wrong", row.remarks),
        cells=cells,
        given=given or {},
        error=error,
        longest=corrections.LONGEST,
        left=left if row.outcome == "rejected" else 0,
        recalled_from=day,
        way=way_back(request, "page", "remarque"),
    )


def _line(
    session: Session,
    desk: Desk,
    signed: SignedIn,
    deposit_id: UUID,
    line_id: UUID,
    place: tuple[int, int] | None = None,
) -> tuple[Line, ShownLine, bool]:
    """Return a line whose cells somebody may read, and whether they are open; raise LineUnknown.

    place: its sheet and line, by which it is found once its list was read anew.
    """
    viewer = gate.viewer_of(signed)
    here = (session, desk.vault, viewer, deposit_id)
    try:
        line = review.find_one(*here, line_id)
    except LineUnknown:
        if place is None:
            raise
        which = review.conditions(viewer, b"", Narrowed(places=frozenset({place})))
        found = review.find(*here, *which, most=1)
        if not found:
            raise
        (line,) = found
    (row,) = show(session, desk.vault, viewer, [line])
    if not row.has_cells:
        raise LineUnknown
    who, actor = str(signed.account_id), line.actor_id
    is_open = not row.protected or bool(actor and open_until(session, who, actor, desk.now()))
    return line, row, is_open


def _where(line: Line) -> Where:
    return Where(line.content.get("sheet"), line.line or 0)


def line_said(line: Line) -> dict[str, object]:
    """Return how the journal names a line."""
    where = _where(line)
    return {"ligne": where.line} | ({"feuille": where.sheet} if where.sheet else {})


def _sheet_of(found: Deposited, row: ShownLine) -> int:
    """Return the number of the sheet in which a line stands."""
    sheets = found.page.get("sheets", [])
    return sheets.index(row.sheet) if row.sheet in sheets else 0


async def _given(request: Request) -> dict[int, str]:
    """Return what a form gives of cells, by their columns."""
    sent = await request.form()
    return {
        int(name.removeprefix("c")): text.replace("\r\n", "\n")
        for name, text in sent.items()
        if name[:1] == "c" and name[1:].isdecimal() and len(name) < 5 and isinstance(text, str)
    }


@router.post("/{deposit_id}/relire/{line_id}/corriger", max_body_size=LARGEST)
@open_to(*SENDERS)
def correct(
    request: Request,
    desk: DeskOf,
    signed: Signed,
    deposit_id: UUID,
    line_id: UUID,
    vu: Annotated[AwareDatetime, Form()],
    given: Annotated[Mapping[int, str], Depends(_given)],
    retirer: Annotated[bool, Form()] = False,
    feuille: Annotated[int, Form(ge=0, le=MOST_PLACES)] = 0,
    ligne: Annotated[int, Form(ge=0, le=MOST_PLACES)] = 0,
) -> Response:
    """Correct cells of a line, with which the list is then read anew.

    vu: since when the list was ready as its reader saw it. retirer: what it was corrected to as the
    list before was is taken back, and nothing else; may raise DepositReread. feuille, ligne: where
    it stands, if the list was read anew meanwhile.
    """
    try:
        return _correct(request, desk, signed, deposit_id, line_id, vu, None if retirer else given)
    except CellTooLong as refused:
        return _page(request, desk, signed, deposit_id, line_id, given=given, error=refused)
    except DepositReread:
        if retirer:
            raise
        place = (feuille, ligne)
        return _reread(request, desk, signed, deposit_id, line_id, place, given)


def _reread(
    request: Request,
    desk: Desk,
    signed: SignedIn,
    deposit_id: UUID,
    line_id: UUID,
    place: tuple[int, int],
    given: Mapping[int, str],
) -> Response:
    """Show a line as it is read now, with what was written in it; raise DepositReread."""
    try:
        with read(desk.engine) as session:
            line, _, is_open = _line(session, desk, signed, deposit_id, line_id, place)
            cells = corrections.of(session, desk.vault, deposit_id).get(_where(line), {})
    except LineUnknown:
        raise DepositReread from None
    if not is_open:
        raise DepositReread
    # Where nothing else than what came was written, what a colleague corrected stays.
    came = {number: corrections.as_sent(cell.received) for number, cell in cells.items()}
    own = {number: text for number, text in given.items() if text != came.get(number)}
    return _page(request, desk, signed, deposit_id, line.id, given=own, error=LineReread())


def _correct(
    request: Request,
    desk: Desk,
    signed: SignedIn,
    deposit_id: UUID,
    line_id: UUID,
    seen: datetime,
    given: Mapping[int, str] | None,
) -> Response:
    """Correct cells, or with None take corrections back; raise DepositReread or CellTooLong."""
    with write(desk.engine) as session:
        found = deposits.find(session, desk.vault, gate.viewer_of(signed), deposit_id)
        review.hold(session, deposit_id, seen)
        line, row, is_open = _line(session, desk, signed, deposit_id, line_id)
        if not is_open:
            raise LineUnknown
        here, who = (session, desk.vault, deposit_id, _where(line)), str(signed.account_id)
        if given is None:
            done = corrections.withdraw(*here, who)
        else:
            titled = (line.content["titles"], line.content["raw"])
            raw = tuple(text for _, text in zip_longest(*titled, fillvalue=""))
            done = corrections.correct(*here, raw, given, who)
        if done:
            detail = line_said(line) | {"cellules": done}
            author = gate.author_of(signed)
            add(session, desk.vault, author, Action.LINE_CORRECTED, str(deposit_id), detail)
    if done and row.outcome == "rejected":
        # Whoever corrects one goes on with the next.
        query = f"feuille={_sheet_of(found, row)}&ligne={row.line}"
        return RedirectResponse(f"{HERE}/{deposit_id}/suite?{query}", 303)
    if done:
        # The places of remarks are others once the list is read anew.
        return RedirectResponse(f"{HERE}/{deposit_id}/relue?{way_back(request, 'page')}", 303)
    way = way_back(request, "page", "remarque")
    return RedirectResponse(f"{HERE}/{deposit_id}/relire?{way}#l-{line_id}", 303)


def _unusable(
    session: Session, desk: Desk, viewer: Viewer, deposit_id: UUID, part: int
) -> Iterator[Line]:
    """Yield a part of the lines that cannot be used, in their order, of which a viewer may open the
    cells.

    A file may have as many as lines: a few at once are opened.
    """
    which = review.conditions(viewer, index_key(session, desk.vault), Narrowed("rejected"))
    last, offset, left = -1, unusable_book.MOST * (part - 1), unusable_book.MOST
    while left:
        here, some = (*which, review_moves.behind(last)), min(AT_ONCE, left)
        given = (session, desk.vault, viewer, deposit_id)
        lines = review.find(*given, *here, most=some, offset=offset)
        if not lines:
            return
        rows = show(session, desk.vault, viewer, lines)
        yield from (line for line, row in zip(lines, rows, strict=True) if row.has_cells)
        last, offset, left = lines[-1].number, 0, left - len(lines)
        session.expunge_all()


@router.post("/{deposit_id}/inutilisables")
@open_to(*SENDERS)
def unusable(
    desk: DeskOf,
    signed: Signed,
    deposit_id: UUID,
    partie: Annotated[int, Form(ge=1, le=1_000)] = 1,
) -> Response:
    """Send a part of the lines that cannot be used, and what is wrong with each; the journal notes
    it.
    """
    viewer = gate.viewer_of(signed)
    with read(desk.engine) as session:
        found = deposits.find(session, desk.vault, viewer, deposit_id)
        lines = _unusable(session, desk, viewer, deposit_id, partie)
        content, number = unusable_book.write_book(lines)
    if not number:
        raise LineUnknown
    author, detail = gate.author_of(signed), {"lignes": number}
    note(desk.engine, desk.vault, author, Action.LINES_HANDED_OUT, str(found.id), detail)
    name = f"lignes-a-corriger-{partie}.xlsx" if partie > 1 else "lignes-a-corriger.xlsx"
    headers = {"Content-Disposition": f'attachment; filename="{name}"'}
    return Response(content, media_type=XLSX, headers=headers)
