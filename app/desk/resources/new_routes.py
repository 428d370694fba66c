"""A new resource: what it is, then its form."""

from typing import Annotated

from fastapi import APIRouter, Query, Request
from fastapi.responses import RedirectResponse, Response

from app.cataloguing import drafts
from app.desk.resources.changing import changed
from app.desk.resources.entered import NotWhole, content_of, empty, only
from app.desk.resources.saving import save
from app.desk.resources.shape import LARGEST, Shape, Wish, WishOf, page
from app.desk.resources.words import HERE
from app.desk.shell.gate import DeskOf, Signed
from app.desk.shell.page import WORKERS, render
from app.platform.database.sessions import read
from app.platform.web.permissions import open_to
from app.resources.forms import Form
from app.resources.vocabulary import load

router = APIRouter(prefix=f"{HERE}/nouvelle")
Genre = Annotated[Form, Query()]


@router.get("")
@open_to(*WORKERS)
def begin(
    request: Request,
    desk: DeskOf,
    signed: Signed,
    genre: Form | None = None,
    reprendre: bool = False,
) -> Response:
    """Ask what is to be written, then show its form; reprendre: as it was put aside."""
    with read(desk.engine) as session:
        draft = drafts.find(session, desk.vault, signed.account_id, None)
    if genre is None:
        forms = load().forms
        return render(request, "desk/resources/new.html", signed, forms=forms, draft=draft)
    if draft and reprendre:
        taken = Shape(form=Form(draft.form), sent=draft.sent, resumed=True)
        return page(request, desk, signed, taken)
    begun_at = draft.at if draft else None
    return page(request, desk, signed, Shape(form=genre, sent=empty(genre), begun_at=begun_at))


@router.post("", max_body_size=LARGEST)
@open_to(*WORKERS)
def create(request: Request, desk: DeskOf, signed: Signed, wish: WishOf, genre: Genre) -> Response:
    """Save a new resource, or say what is to be corrected."""
    try:
        content = content_of(genre, wish.sent)
    except NotWhole as wrong:
        return page(request, desk, signed, _shape(genre, wish, wrong))
    given = (None, content, 0, wish.note, wish.what)
    public_id, done = save(desk, signed, *given, new_id=wish.new_id)
    return RedirectResponse(f"{HERE}/{public_id}?fait={done}", 303)


@router.post("/apercu", max_body_size=LARGEST)
@open_to(*WORKERS)
def look(request: Request, desk: DeskOf, signed: Signed, wish: WishOf, genre: Genre) -> Response:
    """Show what a new resource would be; nothing is saved."""
    try:
        content = content_of(genre, wish.sent)
    except NotWhole as wrong:
        return page(request, desk, signed, _shape(genre, wish, wrong))
    sent, note = only(genre, wish.sent), wish.note
    return page(
        request,
        desk,
        signed,
        Shape(form=genre, sent=sent, note=note, resumed=True, preview=content),
    )


@router.post("/ligne", max_body_size=LARGEST)
@open_to(*WORKERS)
def line(request: Request, desk: DeskOf, signed: Signed, wish: WishOf, genre: Genre) -> Response:
    """Show the form with a line more, or with one of them higher; nothing is saved."""
    sent = changed(genre, only(genre, wish.sent), wish.what)
    return page(request, desk, signed, Shape(form=genre, sent=sent, note=wish.note, resumed=True))


def _shape(form: Form, wish: Wish, wrong: NotWhole) -> Shape:
    sent = only(form, wish.sent)
    return Shape(form=form, sent=sent, note=wish.note, problems=wrong.problems, resumed=True)
