"""What lists say otherwise than a record: both values side by side, and a person chooses one."""

from collections import defaultdict
from collections.abc import Iterable, Iterator
from typing import Annotated, Literal
from uuid import UUID

from fastapi import APIRouter, Form, Query, Request
from fastapi.responses import RedirectResponse, Response
from sqlalchemy import ColumnElement
from sqlalchemy.orm import Session

from app.accounts import assigning
from app.desk.shell import gate
from app.desk.shell.gate import Desk, DeskOf, Signed
from app.desk.shell.page import render
from app.errors import Mesure23Error
from app.gazetteer.territories import read_names
from app.lists.conflicts import LABELS, Conflict, conflicts
from app.models import Actor, Role
from app.platform.database.sessions import IMPORT_LOCK, among, hold, read, write
from app.platform.web.french import count
from app.platform.web.permissions import open_to
from app.records import many, undoing
from app.records.lists_of import sources
from app.records.many import Settled
from app.records.viewing import see
from app.records.wanted import Wanted, of_place
from app.visibility import Viewer

HERE = f"{gate.HOME}/desaccords"
router = APIRouter(prefix=HERE)
# Who reads what lists of their territories say.
READERS = (Role.CURATEUR, Role.REFERENT_DEPARTEMENT)
MOST = 100
Left = Annotated[
    tuple[Annotated[str, Query(pattern=r"^[0-9a-f]{16}\.[a-z_]{1,20}$")], ...],
    Query(max_length=MOST),
]
DONE = {
    "garde": "La valeur de la fiche est gardée.",
    "pris": "La valeur de la liste est prise.",
    "annule": "C’est annulé : ce qui était en désaccord attend de nouveau.",
    "reste": "Rien n’est annulé : la fiche a changé depuis, ou l’heure est passée.",
}
# Of several at once: how many, one and several.
SEVERAL = {
    "gardees": ("valeur de fiche est gardée", "valeurs de fiches sont gardées"),
    "prises": ("valeur de liste est prise", "valeurs de listes sont prises"),
}
# What history says of an answer, by whether it takes what the list says.
WHY = {True: "valeur de la liste prise", False: "valeur de la fiche gardée"}


class ConflictOver(Mesure23Error):
    """Ce désaccord n’existe plus : la fiche ou la liste a changé depuis que vous l’avez lu."""

    status = 409
    title = "Désaccord déjà tranché"
    advice = "Revenez à la page des désaccords : elle montre ceux d’aujourd’hui."


@router.get("")
@open_to(*READERS)
def waiting(
    request: Request,
    desk: DeskOf,
    signed: Signed,
    fait: Annotated[str, Query(max_length=10)] = "",
    lot: UUID | None = None,
    faits: Annotated[int, Query(ge=0, le=MOST)] = 0,
    laisse: Left = (),
) -> Response:
    """Show what lists say otherwise; of a protected actor its name alone.

    lot: what was just chosen, and can be taken back. faits, laisse: of several at once, how many
    were written, and the fields of actors that were not.
    """
    viewer = gate.viewer_of(signed)
    shown: list[Conflict] = []
    masked: dict[str, str] = {}
    with read(desk.engine) as session:
        mine = assigning.territories_of(session, signed.account_id)
        territories = read_names(session)
        wanted = Wanted.read(request.query_params, territories=territories, mine=mine)
        for each in undecided(session, desk, viewer, *of_place(wanted)):
            if not each.masked:
                shown.append(each)
            elif len(masked) < MOST:
                masked[each.public_id] = each.name
            if len(shown) > MOST:
                break
        names = sources(session, desk.vault, viewer)
        left = _named(session, desk, viewer, laisse)
    done = DONE.get(fait, "")
    if fait in SEVERAL and faits:
        done = f"{count(faits, *SEVERAL[fait])}."
    return render(
        request,
        "desk/conflicts.html",
        signed,
        shown=shown,
        most=MOST,
        wanted=wanted,
        masked=masked,
        names=names,
        done=done,
        left=left,
        unnamed=len(laisse) - len(left),
        token=token,
        row_id=row_id,
        takable=len(answerable(shown[:MOST], takes=True)),
        batch=lot if fait in ("garde", "pris", "gardees", "prises") else None,
    )


@router.post("")
@open_to(*READERS)
def settle(
    desk: DeskOf,
    signed: Signed,
    acteur: Annotated[str, Form(pattern="^[0-9a-f]{16}$")],
    champ: Annotated[str, Form(max_length=20)],
    liste: Annotated[UUID, Form()],
    vu: Annotated[str, Form(pattern="^[0-9a-f]{64}$")],
    reponse: Annotated[Literal["garder", "prendre"], Form()],
    territoire: Annotated[str, Form(pattern="^[0-9A-Za-z]{0,10}$")] = "",
    suite: Annotated[str, Form(pattern="^(d-[0-9a-z_-]{1,60})?$")] = "",
) -> Response:
    """Keep the value in place, or take that of a list; later lists leave it.

    vu: mark of both values as their reader saw them. territoire: what the page was narrowed by.
    suite: the row behind it, where its reader goes on.
    """
    viewer, author = gate.viewer_of(signed), gate.author_of(signed)
    with write(desk.engine) as session:
        # Before anything is read: what was read while another wrote would undo it.
        hold(session, IMPORT_LOCK)
        which = (Actor.public_id == acteur,)
        found = [
            each
            for each in undecided(session, desk, viewer, *which)
            if (each.name_of_field, each.source_id, each.mark) == (champ, liste, vu)
            and not each.masked
        ]
        takes = reponse == "prendre"
        if not found or (takes and not found[0].is_taken):
            raise ConflictOver
        deed = many.settle_each({acteur: [settled(found[0], takes=takes)]}, WHY[takes])
        done = many.do(session, desk.vault, viewer, author, [acteur], deed)
        if not done.done:
            raise ConflictOver
    place = f"&territoire={territoire}" if territoire else ""
    return RedirectResponse(
        f"{HERE}?fait={'pris' if takes else 'garde'}&lot={done.batch}{place}"
        f"{'#' if suite else ''}{suite}",
        303,
    )


@router.post("/annuler")
@open_to(*READERS)
def undo(
    desk: DeskOf,
    signed: Signed,
    lot: Annotated[UUID, Form()],
    territoire: Annotated[str, Query(pattern="^[0-9A-Za-z]{0,10}$")] = "",
) -> Response:
    """Take back what somebody just chose."""
    viewer, author = gate.viewer_of(signed), gate.author_of(signed)
    with write(desk.engine) as session:
        done = undoing.undo(session, desk.vault, viewer, author, lot)
    place = f"&territoire={territoire}" if territoire else ""
    return RedirectResponse(f"{HERE}?fait={'annule' if done.done else 'reste'}{place}", 303)


def _named(
    session: Session, desk: Desk, viewer: Viewer, left: Iterable[str]
) -> list[tuple[str, str, str]]:
    """Return public id, name and field of what was left, of those whom a viewer may read."""
    pairs = [each.split(".") for each in left]
    which = among(Actor.public_id, {actor for actor, _ in pairs})
    found = see(session, desk.vault, viewer, viewer.worked_on(), which) if pairs else ()
    names = {each.public_id: each.record.name for each in found}
    return [
        (actor, names[actor], LABELS[field])
        for actor, field in pairs
        if actor in names and field in LABELS
    ]


def token(each: Conflict) -> str:
    """Return what the form for several sends of a disagreement, as its reader saw it."""
    return f"{each.public_id}.{each.name_of_field}.{each.source_id}.{each.mark[:32]}"


def row_id(each: Conflict) -> str:
    """Return what the row of a disagreement is called in its page."""
    return f"d-{each.public_id}-{each.name_of_field}-{each.source_id.hex[:12]}"


def settled(each: Conflict, *, takes: bool) -> Settled:
    """Return what an answer writes. Who keeps the value in place takes nothing of the list: what
    that withholds is hidden since it was imported, or another source gives it to anybody.
    """
    if takes:
        return Settled(each.name_of_field, each.value, each.never_public)
    return Settled(each.name_of_field, each.in_place, {})


def answerable(found: Iterable[Conflict], *, takes: bool) -> list[Conflict]:
    """Return which disagreements are answered together, one of each field of an actor.

    takes: by what a list says: neither where a person wrote the value in place, nor where two lists
    say two things.
    """
    fields: dict[tuple[str, str], list[Conflict]] = defaultdict(list)
    for each in found:
        by_hand = each.by is not None and each.by.source == "staff"
        if not each.masked and not (takes and (by_hand or not each.is_taken)):
            fields[each.public_id, each.name_of_field].append(each)
    return [
        some[0] for some in fields.values() if not takes or len({str(e.value) for e in some}) == 1
    ]


def undecided(
    session: Session, desk: Desk, viewer: Viewer, *which: ColumnElement[bool]
) -> Iterator[Conflict]:
    """Yield what lists say otherwise, and no person has answered."""
    found = conflicts(session, desk.vault, viewer, None, viewer.worked_on(), *which)
    return (each for each in found if not each.is_decided)
