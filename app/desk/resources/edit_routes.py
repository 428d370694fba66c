"""The form of a resource that is there: saved as a new version, or shown as it would be."""

from dataclasses import replace
from typing import Annotated

from fastapi import APIRouter, Query, Request
from fastapi.responses import RedirectResponse, Response

from app.cataloguing import drafts, opening, versions
from app.cataloguing.versions import ResourceOutdated
from app.desk.resources.changing import changed
from app.desk.resources.controls import controls_of
from app.desk.resources.entered import NotWhole, content_of, entered, only
from app.desk.resources.found import Found, FoundToRead
from app.desk.resources.saving import save
from app.desk.resources.shape import LARGEST, Shape, Wish, WishOf, page
from app.desk.resources.words import DONE, HERE
from app.desk.shell.gate import Desk, DeskOf, Signed
from app.desk.shell.page import WORKERS
from app.errors import Mesure23Error
from app.platform.database.sessions import read
from app.platform.web.permissions import open_to
from app.resources.content import Content
from app.resources.forms import Form

router = APIRouter(prefix=f"{HERE}/{{resource_id}}")


class TakenOver(Mesure23Error):
    """Un collègue a repris ce texte pendant que vous écriviez : rien n’est enregistré."""

    status = 409
    title = "Texte repris par un collègue"
    advice = "Copiez ce que vous avez écrit, et envoyez-le à un curateur."


@router.get("/modifier")
@open_to(*WORKERS)
def edit(
    request: Request,
    desk: DeskOf,
    signed: Signed,
    found: FoundToRead,
    reprendre: bool = False,
    fait: Annotated[str, Query(max_length=20)] = "",
) -> Response:
    """Show the form of the last version; reprendre: as its reader put it aside."""
    if not found.is_last:
        # Its page says that a colleague goes on with it.
        return RedirectResponse(found.path, 303)
    with read(desk.engine) as session:
        last = versions.read(session, desk.vault, found.viewer, found.id, found.number)
        draft = drafts.find(session, desk.vault, signed.account_id, found.id)
        masked = found.is_masked(session, desk, last)
    if masked:
        return RedirectResponse(found.path, 303)
    taken = draft if draft and reprendre else None
    shape = Shape(
        form=last.content.form,
        sent=taken.sent if taken else entered(last.content),
        public_id=found.public_id,
        based_on=taken.based_on if taken else last.number,
        begun_at=draft.at if draft and not taken else None,
        resumed=taken is not None,
        done=DONE.get(fait, ""),
    )
    return page(request, desk, signed, shape)


@router.post("/modifier", max_body_size=LARGEST)
@open_to(*WORKERS)
def change(
    request: Request, desk: DeskOf, signed: Signed, found: FoundToRead, wish: WishOf
) -> Response:
    """Save a new version; say what is to be corrected, or that somebody else was faster."""
    last = _last(desk, found)
    if not found.is_last:
        return page(request, desk, signed, _shape(last.form, found, wish), TakenOver())
    try:
        content = content_of(last.form, wish.sent)
        given = (content, wish.based_on, wish.note, wish.what)
        _, done = save(desk, signed, found.id, *given)
    except NotWhole as wrong:
        shape = replace(_shape(last.form, found, wish), problems=wrong.problems)
        return page(request, desk, signed, shape)
    except ResourceOutdated as error:
        return _compare(request, desk, signed, found, wish, error)
    return RedirectResponse(found.then(done), 303)


@router.post("/apercu", max_body_size=LARGEST)
@open_to(*WORKERS)
def look(
    request: Request, desk: DeskOf, signed: Signed, found: FoundToRead, wish: WishOf
) -> Response:
    """Show what a resource would be; nothing is saved."""
    form = _last(desk, found).form
    try:
        shape = replace(_shape(form, found, wish), preview=content_of(form, wish.sent))
    except NotWhole as wrong:
        shape = replace(_shape(form, found, wish), problems=wrong.problems)
    return page(request, desk, signed, shape)


@router.post("/ligne", max_body_size=LARGEST)
@open_to(*WORKERS)
def line(
    request: Request, desk: DeskOf, signed: Signed, found: FoundToRead, wish: WishOf
) -> Response:
    """Show the form with a line more, or with one of them higher; nothing is saved."""
    form = _last(desk, found).form
    shape = _shape(form, found, wish)
    shape = replace(shape, sent=changed(form, shape.sent, wish.what))
    return page(request, desk, signed, shape)


def _last(desk: Desk, found: Found) -> Content:
    with read(desk.engine) as session:
        return versions.read(session, desk.vault, found.viewer, found.id, found.number).content


def _shape(form: Form, found: Found, wish: Wish) -> Shape:
    return Shape(
        form=form,
        sent=only(form, wish.sent),
        public_id=found.public_id,
        based_on=wish.based_on,
        note=wish.note,
        resumed=True,
    )


def _compare(
    request: Request,
    desk: Desk,
    signed: Signed,
    found: Found,
    wish: Wish,
    error: ResourceOutdated,
) -> Response:
    """Show a form again with all that was entered, and what the last version says instead."""
    with read(desk.engine) as session:
        who, public_id = found.author.who, found.public_id
        record, number = opening.find(session, found.viewer, who, public_id)
        last = versions.read(session, desk.vault, found.viewer, found.id, number)
        masked = found.is_masked(session, desk, last)
    if masked:
        return RedirectResponse(found.path, 303)
    if number != record.latest:
        return page(request, desk, signed, _shape(last.content.form, found, wish), TakenOver())
    now, form = entered(last.content), last.content.form
    mine = only(form, wish.sent)
    differs = {
        control.label: "\n".join(now.get(name, ()))
        for control in controls_of(form)
        for name in control.names
        if _text(now, name) != _text(mine, name)
    }
    shape = replace(_shape(form, found, wish), differs=differs, based_on=last.number)
    return page(request, desk, signed, shape, error)


def _text(sent: drafts.Sent, name: str) -> str:
    return "\n".join(sent.get(name, ())).replace("\r", "").strip()
