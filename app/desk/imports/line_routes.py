"""A line of a deposited list as it came: read, corrected cell by cell, or handed out to correct."""

from collections.abc import Mapping
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
from app.lists import corrections, deposits, review, review_moves
from app.lists.review import Line, LineUnknown, Narrowed
from app.lists.unusable_book import MOST, write_book
from app.platform.database.sessions import read, write
from app.platform.web.media_types import XLSX
from app.platform.web.permissions import open_to
from app.records.opening import open_until
from app.vault.digests import index_key
from importers.row import Where

router = APIRouter(prefix=HERE)
# A line of a list has long descriptions.
LARGEST = 500_000


@router.post("/{deposit_id}/relire/{line_id}")
@open_to(*SENDERS)
def cells(
    request: Request, desk: DeskOf, signed: Signed, deposit_id: UUID, line_id: UUID
) -> Response:
    """Show the cells of one line as they came, which is noted; a protected sheet is open before."""
    viewer = gate.viewer_of(signed)
    with read(desk.engine) as session:
        found = deposits.find(session, desk.vault, viewer, deposit_id)
        line, row, is_open = _line(session, desk, signed, deposit_id, line_id)
        where = _where(line)
        corrected = corrections.of(session, desk.vault, deposit_id).get(where, {})
        left = review_moves.unusable(session, viewer, deposit_id).number
        day = corrections.recalled_from(session, desk.vault, deposit_id) if line.recalled else None
    if not is_open:
        return RedirectResponse(f"{gate.HOME}/acteurs/{row.public_id}?pour=ligne", 303)
    author = gate.author_of(signed)
    note(desk.engine, desk.vault, author, Action.LINE_READ, str(deposit_id), _said(line))
    titled = list(zip_longest(line.content["titles"], line.content["raw"], fillvalue=""))
    return render(
        request,
        "desk/review_line.html",
        signed,
        each=found,
        row=row,
        remarks=line.content.get("wrong", row.remarks),
        cells=[
            (number, title, text, corrected.get(number))
            for number, (title, text) in enumerate(titled)
            if title or text
        ],
        longest=corrections.LONGEST,
        left=left if row.outcome == "rejected" else 0,
        recalled_from=day,
        way=way_back(request, "page", "remarque"),
    )


def _line(
    session: Session, desk: Desk, signed: SignedIn, deposit_id: UUID, line_id: UUID
) -> tuple[Line, ShownLine, bool]:
    """Return a line whose cells somebody may read, and whether they are open; raise LineUnknown."""
    viewer = gate.viewer_of(signed)
    line = review.find_one(session, desk.vault, viewer, deposit_id, line_id)
    (row,) = show(session, desk.vault, viewer, [line])
    if not row.has_cells:
        raise LineUnknown
    who, actor = str(signed.account_id), line.actor_id
    is_open = not row.protected or bool(actor and open_until(session, who, actor, desk.now()))
    return line, row, is_open


def _where(line: Line) -> Where:
    return Where(line.content.get("sheet"), line.line or 0)


def _said(line: Line) -> dict[str, object]:
    """Return how the journal names a line."""
    where = _where(line)
    return {"ligne": where.line} | ({"feuille": where.sheet} if where.sheet else {})


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
) -> Response:
    """Correct cells of a line, with which the list is then read anew.

    vu: since when the list was ready as its reader saw it. retirer: what it was corrected to as the
    list before was is taken back, and nothing else. Raises DepositReread, CellTooLong.
    """
    with write(desk.engine) as session:
        found = deposits.find(session, desk.vault, gate.viewer_of(signed), deposit_id)
        review.hold(session, deposit_id, vu)
        line, row, is_open = _line(session, desk, signed, deposit_id, line_id)
        if not is_open:
            raise LineUnknown
        here, who = (session, desk.vault, deposit_id, _where(line)), str(signed.account_id)
        if retirer:
            done = corrections.withdraw(*here, who)
        else:
            titled = (line.content["titles"], line.content["raw"])
            raw = tuple(text for _, text in zip_longest(*titled, fillvalue=""))
            done = corrections.correct(*here, raw, given, who)
        if done:
            detail = _said(line) | {"cellules": done}
            author = gate.author_of(signed)
            add(session, desk.vault, author, Action.LINE_CORRECTED, str(deposit_id), detail)
    if done and row.outcome == "rejected":
        # Whoever corrects one goes on with the next.
        sheets = found.page.get("sheets", [])
        number = sheets.index(row.sheet) if row.sheet in sheets else 0
        query = f"feuille={number}&ligne={row.line}"
        return RedirectResponse(f"{HERE}/{deposit_id}/suite?{query}", 303)
    if done:
        # The places of remarks are others once the list is read anew.
        return RedirectResponse(f"{HERE}/{deposit_id}/relue?{way_back(request, 'page')}", 303)
    way = way_back(request, "page", "remarque")
    return RedirectResponse(f"{HERE}/{deposit_id}/relire?{way}#l-{line_id}", 303)


@router.post("/{deposit_id}/inutilisables")
@open_to(*SENDERS)
def unusable(desk: DeskOf, signed: Signed, deposit_id: UUID) -> Response:
    """Send the lines that cannot be used, and what is wrong with each; the journal notes it."""
    viewer = gate.viewer_of(signed)
    with read(desk.engine) as session:
        found = deposits.find(session, desk.vault, viewer, deposit_id)
        key = index_key(session, desk.vault)
        which = review.conditions(viewer, key, Narrowed("rejected"))
        lines = review.find(session, desk.vault, viewer, deposit_id, *which, most=MOST)
        rows = show(session, desk.vault, viewer, lines)
    ours = [line for line, row in zip(lines, rows, strict=True) if row.has_cells]
    if not ours:
        raise LineUnknown
    content = write_book(ours)
    author, detail = gate.author_of(signed), {"lignes": len(ours)}
    note(desk.engine, desk.vault, author, Action.LINES_HANDED_OUT, str(found.id), detail)
    headers = {"Content-Disposition": 'attachment; filename="lignes-a-corriger.xlsx"'}
    return Response(content, media_type=XLSX, headers=headers)
