"""An actor corrected in a form: every field with its own sentence, and nothing lost."""

from dataclasses import replace
from typing import Annotated
from urllib.parse import quote

from fastapi import APIRouter, Query, Request
from fastapi.responses import RedirectResponse, Response
from sqlalchemy.orm import Session

from app.accounts.sessions import SignedIn
from app.desk.actors.beside import beside, written_of
from app.desk.actors.ending import end
from app.desk.actors.errand import ErrandOf, errand_of, said_in
from app.desk.actors.form import (
    LARGEST,
    Difference,
    Form,
    GazetteerOf,
    ViewerOf,
    WishOf,
    choices_of,
    differences,
    week_of,
)
from app.desk.actors.moved import put_aside
from app.desk.actors.sheet_routes import note_persons, to_open
from app.desk.actors.showing import ACTORS, WORKERS
from app.desk.actors.spot import Located, refused_answer, spot_of
from app.desk.shell.copies import still_shown_by
from app.desk.shell.gate import Desk, DeskOf, Signed, author_of, viewer_of
from app.desk.shell.page import render
from app.errors import ActorUnknown
from app.gazetteer.load import cached_gazetteer
from app.models import Role
from app.platform.database.patience import BeingWritten
from app.platform.database.sessions import read, write
from app.platform.web.permissions import open_to
from app.records import doubts, drafts
from app.records.correcting import (
    Masked,
    Outdated,
    Saved,
    Wish,
    Wrong,
    read_to_correct,
    save,
)
from app.records.entered import Entered, changed_fields, shown
from app.records.past import RevisionUnknown, version_at
from app.records.record import ActorRecord
from app.records.sheets import Sheet
from app.reports.taking import FIELD, begun, in_place
from app.visibility import Viewer
from geo.gazetteer import Gazetteer

HERE = ACTORS
router = APIRouter(prefix=HERE)


@router.get("/horaires")
@open_to(*WORKERS)
def hours(
    request: Request, signed: Signed, texte: Annotated[str, Query(max_length=500)] = ""
) -> Response:
    """Show hours in words as a week, to be checked while they are written."""
    return render(request, "desk/actors/week.html", signed, week=week_of(texte), text=texte)


@router.get("/fait")
@open_to(*WORKERS)
def done(
    request: Request,
    desk: DeskOf,
    signed: Signed,
    quoi: Annotated[str, Query(max_length=30)] = "",
) -> Response:
    """Say that an actor is saved, or protected, which its author may not see any more."""
    protected = quoi == "protege"
    copies = still_shown_by(desk) if protected else []
    return render(request, "desk/actors/done.html", signed, protected=protected, copies=copies)


@router.get("/{public_id}/situer")
@router.get("/{public_id}/apercu")
@open_to(*WORKERS)
def back_to_the_form(errand: ErrandOf, public_id: str) -> Response:
    """Lead to the form: a browser that looked or located has these addresses, and may ask again."""
    if public_id == "nouveau":
        return RedirectResponse(f"{HERE}/nouveau", 303)
    return RedirectResponse(f"{HERE}/{quote(public_id)}/modifier{errand.query}", 303)


@router.get("/{public_id}/modifier")
@open_to(*WORKERS)
def form(
    request: Request,
    desk: DeskOf,
    signed: Signed,
    viewer: ViewerOf,
    gazetteer: GazetteerOf,
    errand: ErrandOf,
    public_id: str,
    reprendre: bool = False,
    champ: str = "",
) -> Response:
    """Show an actor in a form; one that is protected has to be opened first. What a report says
    that it is opened for stands in its field.

    reprendre: with what its reader had begun to write. champ: the field that has the focus.
    """
    try:
        with read(desk.engine) as session:
            who = str(signed.account_id)
            sheet = read_to_correct(session, desk.vault, viewer, who, public_id, desk.now())
            draft = drafts.find(session, desk.vault, signed.account_id, sheet.actor_id)
            said = said_in(session, desk, viewer, errand, sheet.actor_id)
    except Masked:
        return to_open(public_id, "corriger", errand)
    note_persons(desk, signed, sheet)
    record = opened(sheet)
    taken = draft if reprendre else None
    begins = begun(record, gazetteer, said.wrong, said.right) if said else None
    shape = Form(
        taken.entered if taken else begins or shown(record, gazetteer),
        choices_of(gazetteer, viewer, record.category),
        based_on=taken.based_on if taken else sheet.revision,
        begun_at=None if taken or not draft else draft.at,
        resumed=bool(taken or (said and said.right and said.wrong in FIELD)),
        focus=FIELD.get(said.wrong, champ) if said else champ,
    )
    return page(request, desk, signed, sheet, shape)


@router.post("/{public_id}/modifier", max_body_size=LARGEST)
@open_to(*WORKERS)
def correct(
    request: Request,
    desk: DeskOf,
    signed: Signed,
    viewer: ViewerOf,
    wish: WishOf,
    errand: ErrandOf,
    public_id: str,
) -> Response:
    """Save what was corrected, and end what the form was opened for; say what is wrong, or that
    somebody else was faster.
    """
    try:
        with write(desk.engine) as session:
            author, said = author_of(signed), replace(wish, by_call=bool(errand.call))
            saved = save(session, desk.vault, viewer, author, public_id, said, desk.now())
            way = end(session, desk, viewer, author, saved, errand)
    except (Wrong, Outdated, BeingWritten) as refused:
        return _again(request, desk, signed, viewer, wish, public_id, refused)
    except (ActorUnknown, Masked):
        return put_aside(request, desk, signed, wish, public_id)
    return RedirectResponse(way, 303) if way else led_on(saved, viewer)


def led_on(saved: Saved, viewer: Viewer, *, created: bool = False) -> Response:
    """Lead to the sheet, which says why something is hidden; elsewhere who may not see it."""
    unseen = saved.hidden or (created and not saved.published)
    if unseen and viewer.role is Role.REFERENT_ETAT:
        return RedirectResponse(f"{HERE}/fait", 303)
    if saved.hidden:
        what = "enregistre_cache"
    else:
        what = (
            "mis_en_ligne"
            if saved.published
            else "cree"
            if created
            else "enregistre"
            if saved.changed
            else "inchange"
        )
    beside = f"&avec={saved.beside}" if saved.beside else ""
    return RedirectResponse(f"{HERE}/{saved.public_id}?fait={what}{beside}", 303)


def _again(
    request: Request,
    desk: DeskOf,
    signed: Signed,
    viewer: ViewerOf,
    wish: Wish,
    public_id: str,
    refused: Wrong | Outdated | BeingWritten,
) -> Response:
    """Show a form again with all that was entered, over the version that is there now."""
    with read(desk.engine) as session:
        who = str(signed.account_id)
        sheet = read_to_correct(session, desk.vault, viewer, who, public_id, desk.now())
        gazetteer = cached_gazetteer(session.connection())
        record = opened(sheet)
        base = _base(session, desk, viewer, sheet, record, wish.based_on)
    note_persons(desk, signed, sheet)
    was, now = shown(base, gazetteer), shown(record, gazetteer)
    mine = changed_fields(was, wish.entered)
    entered = now | {name: wish.entered[name] for name in mine}
    shape = Form(
        entered,
        choices_of(gazetteer, viewer, record.category),
        refused.remarks if isinstance(refused, Wrong) else (),
        sheet.revision,
        wish.why,
        differences=_compared(was, now, entered) if isinstance(refused, Outdated) else (),
    )
    return page(request, desk, signed, sheet, shape, error=refused)


def _compared(was: Entered, now: Entered, mine: Entered) -> tuple[Difference, ...]:
    """Return the fields that somebody changed since a form was shown."""
    fields = (*changed_fields(was, mine), *changed_fields(was, now))
    return differences(was, now, mine, dict.fromkeys(fields))


def _base(
    session: Session, desk: DeskOf, viewer: Viewer, sheet: Sheet, record: ActorRecord, number: int
) -> ActorRecord:
    """Return the version that a form showed; today's where it names none."""
    given = (sheet.actor_id, record, sheet.provenance or {})
    try:
        then = version_at(session, desk.vault, viewer, *given, number)
    except RevisionUnknown:
        return record
    return ActorRecord.model_validate(then.fields)


def opened(sheet: Sheet) -> ActorRecord:
    """Return the record of an actor that is not masked; raise Masked."""
    if sheet.record is None:
        raise Masked
    return sheet.record


def as_entered(gazetteer: Gazetteer, viewer: Viewer, sheet: Sheet, wish: Wish) -> Form:
    """Return a form with what was entered, and nothing said of it; raise Masked."""
    choices = choices_of(gazetteer, viewer, opened(sheet).category)
    given = (wish.entered, choices, (), wish.based_on, wish.why, wish.anyway)
    return Form(*given, resumed=True)


def page(
    request: Request,
    desk: Desk,
    signed: SignedIn,
    sheet: Sheet,
    shape: Form,
    error: Wrong | Outdated | BeingWritten | None = None,
    located: Located | None = None,
) -> Response:
    """Return the page of a form, and beside it what the public would read of what it holds."""
    with read(desk.engine) as session:
        wish = Wish(shape.entered, shape.based_on)
        written = written_of(session, desk, viewer_of(signed), sheet, wish)
        public = beside(session, desk, written, shape.entered)
        spot = spot_of(session, request.app.state.site, sheet, written, shape.entered)
        found = doubts.read(session, desk.vault, viewer_of(signed), [sheet.actor_id])
        errand = errand_of(request)
        said = said_in(session, desk, viewer_of(signed), errand, sheet.actor_id)
        gazetteer = cached_gazetteer(session.connection())
        present = (
            in_place(opened(sheet), gazetteer, said.wrong) if said and said.wrong in FIELD else ""
        )
        spot = spot and replace(spot, doubt=found.get(sheet.actor_id))
        if spot and spot.doubt and written and located is None:
            territory = written.edit.record.territory
            located = refused_answer(spot.doubt, territory, written.placed, gazetteer)
    return render(
        request,
        "desk/actors/form.html",
        signed,
        http_status=error.status if error else 200,
        sheet=sheet,
        form=shape,
        error=error,
        public=public,
        spot=spot,
        located=located,
        is_unpublished=sheet.status == "draft" or sheet.level == "unlisted",
        address=f"{HERE}/{sheet.public_id}/modifier",
        errand=errand,
        said=said,
        present=present,
    )
