"""An actor created by hand, beside those that it may be."""

from dataclasses import replace
from typing import Annotated

from fastapi import APIRouter, Query, Request
from fastapi.responses import Response

from app.accounts.sessions import SignedIn
from app.desk.actors import form_routes
from app.desk.actors.beside import beside, written_of
from app.desk.actors.form import LARGEST, GazetteerOf, ViewerOf, WishOf, choices_of
from app.desk.actors.form import Form as Shape
from app.desk.actors.showing import ACTORS, WORKERS
from app.desk.actors.spot import Located, spot_of
from app.desk.shell.gate import Desk, DeskOf, Signed, author_of, viewer_of
from app.desk.shell.page import render
from app.gazetteer.load import cached_gazetteer
from app.platform.database.patience import BeingWritten
from app.platform.database.sessions import read, write
from app.platform.web.permissions import open_to
from app.records import drafts
from app.records.correcting import Wish, Wrong
from app.records.creating import AlreadyThere, create, similar_to
from app.records.entered import empty
from app.records.similar import Similar, mark_of
from app.visibility import Viewer
from geo.gazetteer import Gazetteer

router = APIRouter(prefix=ACTORS)
NEW = f"{ACTORS}/nouveau"


@router.get("/nouveau")
@open_to(*WORKERS)
def new(
    request: Request,
    desk: DeskOf,
    signed: Signed,
    viewer: ViewerOf,
    gazetteer: GazetteerOf,
    reprendre: bool = False,
) -> Response:
    """Show an empty form, or what its reader had begun to write."""
    with read(desk.engine) as session:
        draft = drafts.find(session, desk.vault, signed.account_id, None)
    taken = draft if reprendre else None
    shape = shape_of(gazetteer, viewer, Wish(taken.entered if taken else empty()))
    begun_at = None if taken or not draft else draft.at
    shape = replace(shape, begun_at=begun_at, resumed=bool(taken), focus="name")
    return page(request, desk, signed, shape)


@router.post("/nouveau", max_body_size=LARGEST)
@open_to(*WORKERS)
def add(
    request: Request,
    desk: DeskOf,
    signed: Signed,
    viewer: ViewerOf,
    wish: WishOf,
    distinct: Annotated[str, Query(max_length=40)] = "",
) -> Response:
    """Create an actor; say what is wrong, or which ones it may be.

    distinct: those that its author says it is not, by the button beside them.
    """
    try:
        with write(desk.engine) as session:
            author = author_of(signed)
            saved = create(session, desk.vault, viewer, author, wish, desk.now(), distinct=distinct)
    except (Wrong, AlreadyThere, BeingWritten) as refused:
        with read(desk.engine) as session:
            gazetteer = cached_gazetteer(session.connection())
        shape = shape_of(gazetteer, viewer, wish, refused)
        found = refused.found if isinstance(refused, AlreadyThere) else ()
        return page(request, desk, signed, shape, refused, found, publish=wish.publish)
    return form_routes.led_on(saved, viewer, created=True)


@router.post("/semblables", max_body_size=LARGEST)
@open_to(*WORKERS)
def similar(
    request: Request, desk: DeskOf, signed: Signed, viewer: ViewerOf, wish: WishOf
) -> Response:
    """Show which actors the one of a form may be, while it is written.

    A POST, since what is written may name a place whose address no log may hold.
    """
    with read(desk.engine) as session:
        found = similar_to(session, desk.vault, viewer, wish, desk.now())
    return render(request, "desk/actors/similar.html", signed, found=found)


def shape_of(
    gazetteer: Gazetteer,
    viewer: Viewer,
    wish: Wish,
    refused: Wrong | AlreadyThere | BeingWritten | None = None,
) -> Shape:
    """Return the form of a new actor as it was entered."""
    choices = choices_of(gazetteer, viewer)
    entered = dict(wish.entered)
    if not entered["territory"] and len(choices.territories) == 1:
        entered["territory"] = choices.territories[0][0]
    remarks = refused.remarks if isinstance(refused, Wrong) else ()
    return Shape(entered, choices, remarks, why=wish.why, anyway=wish.anyway)


def page(
    request: Request,
    desk: Desk,
    signed: SignedIn,
    shape: Shape,
    error: Wrong | AlreadyThere | BeingWritten | None = None,
    found: tuple[Similar, ...] = (),
    located: Located | None = None,
    *,
    publish: bool = False,
) -> Response:
    """Return the page of a form, and beside it what the public would read of what it holds.

    found: those that it may be. publish: whether its author wants it to be published.
    """
    with read(desk.engine) as session:
        written = written_of(session, desk, viewer_of(signed), None, Wish(shape.entered))
        public = beside(session, desk, written, shape.entered)
        spot = spot_of(session, request.app.state.site, None, written, shape.entered)
    return render(
        request,
        "desk/actors/new.html",
        signed,
        http_status=error.status if error else 200,
        form=shape,
        error=error,
        found=found,
        public=public,
        spot=spot,
        located=located,
        distinct=mark_of(found) if found else "",
        publish=publish,
        address=NEW,
    )
