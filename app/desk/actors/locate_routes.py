"""The address of a form looked for at the geocoder: its answer beside what was written."""

from dataclasses import replace
from typing import Annotated

from fastapi import APIRouter, Form, Request
from fastapi.responses import Response
from sqlalchemy.orm import Session

from app.accounts.sessions import SignedIn
from app.audit.actions import Action
from app.audit.journal import note
from app.desk.actors import create_routes, form_routes
from app.desk.actors.beside import written_of
from app.desk.actors.form import LARGEST, GazetteerOf, ViewerOf, WishOf
from app.desk.actors.moved import put_aside
from app.desk.actors.showing import ACTORS, WORKERS
from app.desk.actors.spot import Located, located
from app.desk.shell.gate import Desk, DeskOf, Signed, author_of, viewer_of
from app.errors import ActorUnknown
from app.gazetteer.load import cached_gazetteer
from app.geocoding.by_hand import NothingToAsk, NotSent, NotSentBeside, ask, query_of
from app.places.geocoding import geocoder_for
from app.platform.database.sessions import read
from app.platform.web.clients import counted
from app.platform.web.permissions import open_to
from app.records.correcting import Masked, Wish, read_to_correct
from app.records.previewing import Written
from app.records.sheets import Sheet
from geo.answers import Query

router = APIRouter(prefix=ACTORS)
# "48,90860 2,43970": a point of an answer that is taken.
Point = Annotated[
    str | None, Form(max_length=40, pattern=r"^-?[0-9]{1,3},[0-9]{5} -?[0-9]{1,3},[0-9]{5}$")
]


@router.post("/nouveau/situer", max_body_size=LARGEST)
@open_to(*WORKERS)
def locate_new(
    request: Request,
    desk: DeskOf,
    signed: Signed,
    viewer: ViewerOf,
    gazetteer: GazetteerOf,
    wish: WishOf,
    point: Point = None,
) -> Response:
    """Show the form of a new actor as it is, with the geocoder's answer, or with its point."""
    wish = _at(wish, point)
    shape = replace(create_routes.shape_of(gazetteer, viewer, wish), resumed=True)
    answer = None if point else _located(request, desk, signed, None, wish)
    return create_routes.page(request, desk, signed, shape, located=answer)


@router.post("/{public_id}/situer", max_body_size=LARGEST)
@open_to(*WORKERS)
def locate(
    request: Request,
    desk: DeskOf,
    signed: Signed,
    viewer: ViewerOf,
    gazetteer: GazetteerOf,
    wish: WishOf,
    public_id: str,
    point: Point = None,
) -> Response:
    """Show a form as it is, with the geocoder's answer, or with its point."""
    try:
        with read(desk.engine) as session:
            who = str(signed.account_id)
            sheet = read_to_correct(session, desk.vault, viewer, who, public_id, desk.now())
    except (ActorUnknown, Masked):
        return put_aside(request, desk, signed, wish, public_id)
    wish = _at(wish, point)
    answer = None if point else _located(request, desk, signed, sheet, wish)
    shape = form_routes.as_entered(gazetteer, viewer, sheet, wish)
    return form_routes.page(request, desk, signed, sheet, shape, located=answer)


def _at(wish: Wish, point: str | None) -> Wish:
    """Return what was entered, at the point that was taken."""
    if not point:
        return wish
    lat, lon = point.split()
    return replace(wish, entered={**wish.entered, "lat": lat, "lon": lon})


def _located(
    request: Request, desk: Desk, signed: SignedIn, sheet: Sheet | None, wish: Wish
) -> Located:
    """Ask the geocoder where nothing forbids it, and say what came of it."""
    try:
        with read(desk.engine) as session:
            written = written_of(session, desk, viewer_of(signed), sheet, wish)
            query = _query(session, desk, signed, sheet, written)
            gazetteer = cached_gazetteer(session.connection())
        if written is None:
            raise NothingToAsk
        geocode = geocoder_for(desk.settings, counted(request.scope))
        found = ask(geocode, query, written.edit.record.territory, gazetteer)
    except NotSent as refused:
        if isinstance(refused, NotSentBeside):
            subject = str(sheet.actor_id) if sheet else ""
            note(desk.engine, desk.vault, author_of(signed), Action.LOOKUP_REFUSED, subject)
        return Located(problem=str(refused))
    return located(found, written, wish.entered)


def _query(
    session: Session, desk: Desk, signed: SignedIn, sheet: Sheet | None, written: Written | None
) -> Query:
    if written is None:
        raise NothingToAsk
    return query_of(session, desk.vault, viewer_of(signed), sheet, written)
