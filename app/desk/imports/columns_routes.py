"""What the columns and words of a list hold, as a person chooses it, for this list and the next."""

from collections.abc import Set as AbstractSet
from dataclasses import dataclass
from datetime import datetime
from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Depends, Form, Request
from fastapi.responses import RedirectResponse, Response
from pydantic import AwareDatetime
from sqlalchemy.orm import Session

from app.accounts.sessions import SignedIn
from app.audit.actions import Action
from app.audit.journal import add, note
from app.desk.imports.columns_form import Filled, chosen_from
from app.desk.imports.columns_showing import GROUPS, SPLIT, WHY_FIXED, menus, offered, withheld
from app.desk.imports.part_showing import may_choose
from app.desk.imports.routes import HERE, SENDERS
from app.desk.imports.words import FIELDS, said
from app.desk.shell import gate
from app.desk.shell.gate import Desk, DeskOf, Signed
from app.desk.shell.page import render
from app.lists import columns, deposits, opened_cells
from app.lists.chosen import (
    ChosenMeanwhile,
    NotChosenHere,
    choices_of,
    choose,
    held_choices,
    read_chosen,
)
from app.lists.deposits import Deposited
from app.lists.other import may_be_another
from app.lists.since import since_last
from app.models import Role
from app.platform.database.sessions import read, write
from app.platform.web.permissions import open_to
from importers.chosen import Chosen

router = APIRouter(prefix=HERE)
# A menu for each of many columns and words.
LARGEST, MOST_FIELDS = 400_000, 5_000
Several = Annotated[list[str], Form(default_factory=list, max_length=1_500)]


@dataclass(frozen=True, slots=True)
class Shown:
    """How the page is shown. opens: with cells; chosen: as if that had been chosen, and nothing is
    saved; asks: since a column that was just chosen has words to say. seen: when somebody last
    chose as its reader saw it, where something is chosen.
    """

    opens: bool = False
    chosen: Chosen | None = None
    asks: bool = False
    seen: datetime | None = None


def _form(
    colonne: Several,
    champ: Several,
    decoupe: Several,
    signe: Several,
    nombre: Several,
    partie: Several,
    mot: Several,
    sens: Several,
    feuille: Several,
    laissee: Several,
    sans_titres: Annotated[bool | None, Form()] = None,
) -> Filled:
    """Return what is chosen: each column, split and word by its key, its choice at its place.

    feuille: the sheets of which the form says whether they are left out; laissee: those that are.
    """
    given = (colonne, champ, decoupe, signe, nombre, partie, mot, sens, sans_titres)
    return Filled(*given, feuille, laissee)


Given = Annotated[Filled, Depends(_form)]


@router.get("/{deposit_id}/colonnes")
@open_to(*SENDERS)
def shown(request: Request, desk: DeskOf, signed: Signed, deposit_id: UUID) -> Response:
    """Show how each column is read, without a cell of it."""
    return _page(request, desk, signed, deposit_id, Shown())


@router.post(
    "/{deposit_id}/colonnes/cellules",
    max_body_size=LARGEST,
    form_limits={"max_fields": MOST_FIELDS},
)
@open_to(*SENDERS)
def opened(
    request: Request,
    desk: DeskOf,
    signed: Signed,
    deposit_id: UUID,
    form: Given,
    vu: Annotated[AwareDatetime, Form()],
    choisies: Annotated[AwareDatetime | None, Form()] = None,
) -> Response:
    """Show the menus with cells of each column, which is noted. vu: since when it stood so;
    choisies: when somebody last chose, as the page showed it.

    What is chosen already is shown as chosen, with the words that it asks for, and is not saved.
    """
    chosen = None
    if form.columns or form.untitled is not None:
        viewer = gate.viewer_of(signed)
        with read(desk.engine) as session:
            found = deposits.find(session, desk.vault, viewer, deposit_id)
            before = choices_of(session, desk.vault, found.source_id).chosen
        chosen = read_chosen(chosen_from(form, before))
    return _page(request, desk, signed, deposit_id, Shown(opens=True, chosen=chosen, seen=choisies))


def _page(request: Request, desk: Desk, signed: SignedIn, deposit_id: UUID, how: Shown) -> Response:
    with read(desk.engine) as session:
        found, may, looked = _look(session, desk, signed, deposit_id, how)
        changed = since_last(session, desk.vault, found)
        other = may_choose(signed, found) and may_be_another(session, found)
    if may.whole or may.lines:
        author = gate.author_of(signed)
        note(desk.engine, desk.vault, author, Action.CELLS_READ, str(deposit_id))
    return render(
        request,
        "desk/columns.html",
        signed,
        each=found,
        looked=looked,
        opens=how.opens,
        asks=how.asks,
        unsaved=how.chosen is not None,
        chosen_at=how.seen if how.chosen is not None else looked.choices.at,
        may=may,
        may_choose=may_choose(signed, found),
        since=changed,
        other=other,
        groups=GROUPS,
        fields=FIELDS,
        taken_for=said,
        split=SPLIT,
        menus=menus(looked.words, signed.role),
        offered=offered,
        withheld=withheld,
        why_fixed=WHY_FIXED,
    )


def _look(
    session: Session, desk: Desk, signed: SignedIn, deposit_id: UUID, how: Shown
) -> tuple[Deposited, opened_cells.Opened, columns.Looked]:
    viewer, who = gate.viewer_of(signed), str(signed.account_id)
    found = deposits.find(session, desk.vault, viewer, deposit_id)
    if signed.role is not Role.CURATEUR and found.state not in columns.WAITS:
        # Whether its file is still stored tells whether one of its lines says what was erased.
        raise columns.ListDecided
    may = (
        opened_cells.opened_by(session, desk.vault, viewer, found, who, desk.now())
        if how.opens
        else opened_cells.NOTHING
    )
    looked = columns.look(session, desk.vault, desk.settings, found, may, how.chosen)
    return found, may, looked


@router.post(
    "/{deposit_id}/colonnes", max_body_size=LARGEST, form_limits={"max_fields": MOST_FIELDS}
)
@open_to(*SENDERS)
def save(
    request: Request,
    desk: DeskOf,
    signed: Signed,
    deposit_id: UUID,
    form: Given,
    vu: Annotated[AwareDatetime, Form()],
    choisies: Annotated[AwareDatetime | None, Form()] = None,
) -> Response:
    """Choose how a source is read from now on, and read its list anew; raise NotChosenHere or
    ChosenMeanwhile.

    Where a column that is chosen has words of its own to say, they are asked for before. What is
    chosen already, by a second press as well, is as good as chosen now.
    """
    viewer = gate.viewer_of(signed)
    with read(desk.engine) as session:
        found = deposits.find(session, desk.vault, viewer, deposit_id)
        if not may_choose(signed, found):
            raise NotChosenHere
        before = choices_of(session, desk.vault, found.source_id)
        chosen = read_chosen(chosen_from(form, before.chosen))
        wanted = Shown(opens=True, chosen=chosen, asks=True, seen=choisies)
        fresh: AbstractSet[str] = frozenset()
        if before.at == choisies:
            *_, looked = _look(session, desk, signed, deposit_id, wanted)
            fresh = looked.fresh
    if fresh and fresh.isdisjoint(form.words):
        return _page(request, desk, signed, deposit_id, wanted)
    with write(desk.engine) as session:
        before = held_choices(session, desk.vault, found.source_id)
        chosen = read_chosen(chosen_from(form, before.chosen))
        if choose(session, desk.vault, viewer, found.source_id, chosen):
            if before.at != choisies:
                raise ChosenMeanwhile
            columns.read_anew(session, deposit_id, vu)
            author = gate.author_of(signed)
            detail = {
                "colonnes": len(form.columns),
                "mots": sum(map(bool, form.codes)),
                "feuilles": len(chosen.left_out),
            }
            subject = str(found.source_id)
            add(session, desk.vault, author, Action.SOURCE_CHANGED, subject, detail)
    return RedirectResponse(f"{HERE}/{deposit_id}?colonnes=choisies", 303)
