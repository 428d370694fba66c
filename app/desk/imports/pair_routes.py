"""A doubtful line of a deposited list beside whom it may be, with a map, and what is answered."""

from collections.abc import Iterator
from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Form, Request
from fastapi.responses import RedirectResponse, Response
from sqlalchemy.orm import Session

from app.audit.actions import Action
from app.audit.journal import note
from app.desk.imports.line_routes import line_said
from app.desk.imports.pair_showing import Beside, beside
from app.desk.imports.review_showing import show
from app.desk.imports.routes import HERE
from app.desk.shell import gate
from app.desk.shell.gate import Desk, DeskOf, Signed
from app.desk.shell.page import render
from app.desk.shell.pins import Pin, map_options
from app.errors import Mesure23Error
from app.gazetteer.load import cached_gazetteer
from app.lists import deposits, review
from app.lists.review import Line, LineUnknown
from app.lists.review_answers import NONE_OF_THEM
from app.lists.review_answers import answer as note_answer
from app.models import Role
from app.platform.database.sessions import read
from app.platform.web.permissions import open_to
from app.records.opening import note_opening
from app.records.placing import Placed
from app.records.points import point_said, points_of
from geo.gazetteer import Gazetteer

router = APIRouter(prefix=HERE)


class PairMasked(Mesure23Error):
    """Rien n’a été décidé : une fiche à laquelle cette ligne ressemble est protégée, et n’est pas
    ouverte.
    """

    status = 403
    title = "Ouvrez d’abord la fiche"
    advice = "Revenez à la ligne, ouvrez la fiche protégée, comparez, puis répondez."


@router.get("/{deposit_id}/relire/{line_id}/comparer")
@open_to(Role.CURATEUR)
def compare(
    request: Request, desk: DeskOf, signed: Signed, deposit_id: UUID, line_id: UUID
) -> Response:
    """Show a line side by side with whom it may be, and where both stand."""
    viewer = gate.viewer_of(signed)
    with read(desk.engine) as session:
        found = deposits.find(session, desk.vault, viewer, deposit_id)
        if found.state != "ready" or found.is_forgotten:
            return RedirectResponse(f"{HERE}/{deposit_id}", 303)
        line = review.find_one(session, desk.vault, viewer, deposit_id, line_id)
        pair = _beside(session, desk, signed, deposit_id, line)
        (row,) = show(session, desk.vault, viewer, [line])
        pins = list(_pins(session, cached_gazetteer(session.connection()), row.name, pair))
        codes = [each.record.territory for each in pair.candidates if each.record]
    both = len(pins) > 1
    return render(
        request,
        "desk/review_pair.html",
        signed,
        each=found,
        row=row,
        pair=pair,
        back=request.url.path,
        pins=map_options(request.app.state.site, pins, codes) if both else None,
    )


@router.post("/{deposit_id}/relire/{line_id}/ouvrir")
@open_to(Role.CURATEUR)
def open_pair(
    desk: DeskOf,
    signed: Signed,
    deposit_id: UUID,
    line_id: UUID,
    suite: Annotated[str, Form(max_length=gate.LONGEST_WAY)] = "",
) -> Response:
    """Open a line and the protected actors that it may be, to compare them; noted before anything
    of them is shown. suite: the page that they are read on.
    """
    viewer = gate.viewer_of(signed)
    with read(desk.engine) as session:
        line = review.find_one(session, desk.vault, viewer, deposit_id, line_id)
        pair = _beside(session, desk, signed, deposit_id, line)
        (row,) = show(session, desk.vault, viewer, [line])
    author = gate.author_of(signed)
    for each in pair.candidates:
        if each.record is None:
            note_opening(desk.engine, desk.vault, author, each.actor_id)
    if row.has_cells and not row.protected:
        detail = line_said(line)
        note(desk.engine, desk.vault, author, Action.LINE_READ, str(deposit_id), detail)
    here = f"{HERE}/{deposit_id}/relire#l-{line_id}"
    return RedirectResponse(gate.own_way(suite) if suite else here, 303)


def _beside(session: Session, desk: Desk, signed: Signed, deposit_id: UUID, line: Line) -> Beside:
    viewer, who = gate.viewer_of(signed), gate.author_of(signed).who
    found = beside(session, desk.vault, viewer, who, deposit_id, desk.now(), [line])
    if line.id not in found:
        raise LineUnknown
    return found[line.id]


def _pins(session: Session, gazetteer: Gazetteer, name: str, pair: Beside) -> Iterator[Pin]:
    """Yield where a line and those that it may be stand, of what its reader has open."""
    own = point_said(pair.said, gazetteer)
    if own is None:
        return
    records = {each.actor_id: each.record for each in pair.candidates if each.record}
    points = points_of(session, gazetteer, records)
    yield _pin(1, name, own)
    for each in pair.candidates:
        if each.record and (point := points.get(each.actor_id)):
            yield _pin(each.number + 1, each.record.name, point)


def _pin(number: int, name: str, point: Placed) -> Pin:
    return Pin(number, name, point.lon, point.lat, point.precision == "commune")


def answer(
    session: Session, desk: Desk, signed: Signed, deposit_id: UUID, line: Line, given: str
) -> None:
    """Note what a curateur answers of a line of a list that is held; raise PairMasked.

    given: place of the actor that it is, "" for none of them.
    """
    pair = _beside(session, desk, signed, deposit_id, line)
    if not pair.asks:
        raise PairMasked
    places = {"": NONE_OF_THEM} | {str(each.number): each.number for each in pair.candidates}
    if given not in places:
        raise LineUnknown
    note_answer(session, line.id, places[given], str(signed.account_id))
