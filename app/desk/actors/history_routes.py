"""The history of an actor: who changed what, two versions compared, and a former one restored.

What somebody just did is taken back from the sheet.
"""

from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Form, Query, Request
from fastapi.responses import RedirectResponse, Response
from sqlalchemy import select
from sqlalchemy.orm import Session

from app.accounts.sessions import SignedIn
from app.audit.actions import Action
from app.audit.journal import add, gathered
from app.desk.actors.sheet_routes import find, note_persons, to_open
from app.desk.actors.showing import ACTORS, WORKERS, with_names
from app.desk.shell import gate
from app.desk.shell.gate import Desk, DeskOf, Signed
from app.desk.shell.page import render
from app.errors import ActorUnknown
from app.lists.learned import unlearn
from app.lists.received import source_names
from app.models import Actor
from app.platform.database.sessions import read, write
from app.platform.web.permissions import open_to
from app.records import past, undoing
from app.records.past import Version
from app.records.restoring import NothingToRestore, restore
from app.records.sheets import Sheet

router = APIRouter(prefix=ACTORS)
Number = Annotated[int, Query(ge=1, le=2**31 - 1)]
# Fields that are of a person, whom a former version still names when the sheet no longer does.
OF_PERSONS = ("contacts", "unpublished")


@router.get("/{public_id}/historique")
@open_to(*WORKERS)
def history(request: Request, desk: DeskOf, signed: Signed, public_id: str) -> Response:
    """Show every revision; of a masked actor who did what, and not what it says."""
    with read(desk.engine) as session:
        found = find(session, desk, signed, public_id)
        viewer = gate.viewer_of(signed)
        given = (session, desk.vault, viewer, found.actor_id)
        steps, names = with_names(session, desk.vault, past.steps(*given, masked=found.is_masked))
        lists = source_names(
            session, desk.vault, viewer, filter(None, (each.source for each in steps))
        )
    changes = (each for step in steps for each in step.differences)
    named = any(each.field in OF_PERSONS and (each.before or each.after) for each in changes)
    note_persons(desk, signed, found, beside=named)
    return render(
        request,
        "desk/actors/history.html",
        signed,
        sheet=found,
        steps=steps,
        names=names,
        lists=lists,
    )


@router.get("/{public_id}/comparer")
@open_to(*WORKERS)
def compare(
    request: Request, desk: DeskOf, signed: Signed, public_id: str, de: Number, a: Number
) -> Response:
    """Show what differs between two versions."""
    with read(desk.engine) as session:
        found = find(session, desk, signed, public_id)
        if found.is_masked:
            return to_open(found.public_id, "versions")
        before, after = (_version(session, desk, signed, found, each) for each in sorted((de, a)))
    # A number that was not public stands among the other ones too: the versions are asked.
    named = any(each.fields[field] for each in (before, after) for field in OF_PERSONS)
    note_persons(desk, signed, found, beside=named)
    return render(
        request,
        "desk/actors/compare.html",
        signed,
        sheet=found,
        before=before.number,
        after=after.number,
        differences=past.differences(before, after),
    )


def _version(session: Session, desk: Desk, signed: SignedIn, sheet: Sheet, number: int) -> Version:
    record, provenance = sheet.record, sheet.provenance
    if record is None or provenance is None:
        raise past.RevisionUnknown
    viewer = gate.viewer_of(signed)
    past.check_shown(session, viewer, sheet.actor_id, number)
    given = (viewer, sheet.actor_id, record, provenance, number)
    return past.version_at(session, desk.vault, *given)


@router.post("/{public_id}/retablir")
@open_to(*WORKERS)
def restore_it(
    desk: DeskOf,
    signed: Signed,
    public_id: str,
    version: Annotated[int, Form(ge=1, le=2**31 - 1)],
    vue: Annotated[int, Form(ge=0, le=2**31 - 1)],
    pourquoi: Annotated[str, Form(max_length=1_000)] = "",
) -> Response:
    """Write an actor as it was at a version; vue: the last one that its author saw."""
    try:
        with write(desk.engine) as session:
            found = find(session, desk, signed, public_id)
            if found.is_masked:
                return to_open(found.public_id, "versions")
            outcome = restore(
                session,
                desk.vault,
                gate.viewer_of(signed),
                public_id,
                version,
                based_on=vue,
                who=str(signed.account_id),
                why=pourquoi,
            )
            subject, detail = str(found.actor_id), {"version": version}
            add(session, desk.vault, gate.author_of(signed), Action.RESTORED, subject, detail)
    except NothingToRestore:
        return RedirectResponse(f"{ACTORS}/{found.public_id}?fait=deja", 303)
    said = "retabli_cache" if outcome.hid else "retabli"
    return RedirectResponse(f"{ACTORS}/{outcome.public_id}?fait={said}", 303)


@router.post("/{public_id}/annuler")
@open_to(*WORKERS)
def undo(desk: DeskOf, signed: Signed, public_id: str, lot: Annotated[UUID, Form()]) -> Response:
    """Take back what somebody just did to an actor, unless it is masked again."""
    viewer, author = gate.viewer_of(signed), gate.author_of(signed)
    with write(desk.engine) as session:
        found = find(session, desk, signed, public_id)
        if found.is_masked:
            return to_open(found.public_id, "annuler")
        with gathered(session, desk.vault):
            done = undoing.undo(session, desk.vault, viewer, author, lot)
            if done.done:
                unlearn(session, desk.vault, viewer, author, lot)
        now = session.scalars(select(Actor.public_id).where(Actor.id == found.actor_id)).one()
        try:
            find(session, desk, signed, now)
        except ActorUnknown:
            return RedirectResponse(f"{ACTORS}/fait", 303)
    said = "pas_annule" if not done.done else "annule_cache" if done.hid else "annule"
    return RedirectResponse(f"{ACTORS}/{now}?fait={said}", 303)
