"""The queue of pairs that may be one actor: compared, merged field by field, parted, or put off."""

from collections.abc import Iterator, Mapping
from dataclasses import replace
from itertools import pairwise
from typing import Annotated, Any, Literal
from uuid import UUID

from fastapi import APIRouter, Form, Query, Request
from fastapi.responses import RedirectResponse, Response
from pydantic import Field, create_model
from sqlalchemy.orm import Session

from app.accounts import assigning
from app.accounts.sessions import SignedIn
from app.audit.actions import Action
from app.audit.journal import add
from app.desk.duplicates.deciding import (
    REFUSALS,
    PairChanged,
    check,
    check_back,
    check_put_off,
    check_unedited,
    may_decide,
    may_put_off,
)
from app.desk.duplicates.place import HERE, Place
from app.desk.duplicates.showing import Pair, show
from app.desk.shell import gate
from app.desk.shell.categories import categories_of_filter
from app.desk.shell.gate import Desk, DeskOf, Signed
from app.desk.shell.page import render
from app.desk.shell.pins import Pin, map_options
from app.errors import Mesure23Error
from app.gazetteer.load import cached_gazetteer
from app.gazetteer.territories import read_names
from app.lists.duplicates import progress
from app.models import Role
from app.platform.database.patience import BeingWritten
from app.platform.database.sessions import IMPORT_LOCK, hold, read, write
from app.platform.web.permissions import open_to
from app.platform.web.problems import answer
from app.records import doubles, joining, parting
from app.records.joined import pair_joined
from app.records.lists_of import sources
from app.records.merging import Side as Chosen
from app.records.merging import groups
from app.records.opening import note_opening
from app.records.points import points_of
from app.records.unchosen import note_ended
from app.records.wanted import MINE, Wanted

router = APIRouter(prefix=HERE)
READERS = (Role.CURATEUR, Role.REFERENT_DEPARTEMENT)
AT_ONCE = 20
DONE = {
    "reunir": "Les deux fiches sont réunies en une seule.",
    "separer": "Ce sont deux acteurs : les deux fiches restent, et la question ne sera plus posée.",
    "plus-tard": "La paire attend à la fin de la file.",
    "annule": "C’est annulé : la paire attend de nouveau.",
    "decidee": "Cette paire n’attend plus de réponse.",
}
Answer = Literal["reunir", "separer", "plus-tard"]


class _Given(Place):
    """What a form sends. vu: the changes of both that its reader saw."""

    reponse: Answer
    vu: str = Field("", pattern=r"^(\d{1,9}\.\d{1,9})?$")

    @property
    def chosen(self) -> Mapping[str, Chosen]:
        """Return whose value of which field was taken."""
        given = ((name, getattr(self, f"champ_{name}", None)) for name, *_ in groups())
        return {name: side for name, side in given if side}


_CHOICES: dict[str, Any] = {f"champ_{name}": (Chosen | None, None) for name, *_ in groups()}
Given = create_model("Given", __base__=_Given, **_CHOICES)


@router.get("")
@open_to(*READERS)
def queue(
    request: Request,
    desk: DeskOf,
    signed: Signed,
    fait: Annotated[str, Query(max_length=10)] = "",
    defaire: UUID | None = None,
) -> Response:
    """Show the pairs that wait, the likeliest first; defaire: what was just decided."""
    viewer, who = gate.viewer_of(signed), gate.author_of(signed).who
    with read(desk.engine) as session:
        mine = assigning.territories_of(session, signed.account_id)
        own = gate.territories_of(session, signed)
        wanted = Wanted.read(request.query_params, territories=read_names(session), mine=mine)
        found = doubles.doubles(session, desk.vault, viewer, wanted)
        pages = max(1, -(-len(found) // AT_ONCE))
        wanted = replace(wanted, page=min(wanted.page, pages))
        some = found[(wanted.page - 1) * AT_ONCE :][:AT_ONCE]
        pairs = show(session, desk.vault, viewer, who, desk.now(), some)
        compared = progress(session)
        names = sources(session, desk.vault, viewer)
    ids = [each.id for each in pairs]
    place = Place(territoire=wanted.territoire, categorie=wanted.categorie, page=wanted.page)
    follows: dict[UUID, UUID] = dict(pairwise(ids))
    return render(
        request,
        "desk/duplicates.html",
        signed,
        pairs=pairs,
        place=place,
        places={each: place.model_copy(update={"suite": follows.get(each)}) for each in ids},
        total=len(found),
        pages=pages,
        wanted=wanted,
        territories=own,
        mine=MINE if mine else "",
        families=categories_of_filter(),
        names=names,
        compared=compared,
        may={each.id for each in pairs if may_decide(viewer, each)},
        later={each.id for each in pairs if may_put_off(viewer, each)},
        done=DONE.get(fait, ""),
        undo=defaire if fait in ("reunir", "separer", "plus-tard") else None,
    )


@router.get("/{proposal_id}")
@open_to(*READERS)
def compare(
    request: Request,
    desk: DeskOf,
    signed: Signed,
    proposal_id: UUID,
    place: Annotated[Place, Query()],
) -> Response:
    """Show two actors side by side, where they stand, and let a person choose each field."""
    return _comparison(request, desk, signed, proposal_id, place)


def _comparison(
    request: Request,
    desk: Desk,
    signed: SignedIn,
    proposal_id: UUID,
    place: Place,
    chosen: Mapping[str, Chosen] | None = None,
    error: PairChanged | BeingWritten | None = None,
) -> Response:
    """Return the page of two. chosen: whose values somebody had taken, before what error says."""
    viewer = gate.viewer_of(signed)
    with read(desk.engine) as session:
        try:
            pair = _find(session, desk, signed, proposal_id)
        except doubles.PairUnknown:
            return RedirectResponse(place.back(place.suite, fait="decidee"), 303)
        # Two of them, of what is open to its reader: of one alone the page says no more.
        pins = list(_pins(session, pair))
        names = sources(session, desk.vault, viewer)
    codes = [side.territory for side in pair.sides]
    return render(
        request,
        "desk/duplicate.html",
        signed,
        http_status=error.status if error else 200,
        error=error,
        pair=pair,
        place=place,
        chosen=chosen or {},
        names=names,
        may=may_decide(viewer, pair),
        later=may_put_off(viewer, pair),
        pins=map_options(request.app.state.site, pins, codes) if len(pins) > 1 else None,
    )


@router.post("/{proposal_id}/ouvrir")
@open_to(*READERS)
def open_both(
    request: Request,
    desk: DeskOf,
    signed: Signed,
    proposal_id: UUID,
    place: Annotated[Place, Query()],
    comparer: Annotated[bool, Form()] = False,
) -> Response:
    """Open whichever of two is masked; noted before anything of it is shown. comparer: to read
    them on their own page.
    """
    try:
        with read(desk.engine) as session:
            pair = _find(session, desk, signed, proposal_id)
    except REFUSALS as error:
        return _refused(request, error, place, proposal_id)
    for each in pair.sides:
        if each.record is None:
            note_opening(desk.engine, desk.vault, gate.author_of(signed), each.actor_id)
    here = f"{HERE}/{proposal_id}{f'?{place.query}' if place.query else ''}"
    return RedirectResponse(here if comparer else place.back(proposal_id), 303)


@router.post("/{proposal_id}")
@open_to(*READERS)
def decide(
    request: Request,
    desk: DeskOf,
    signed: Signed,
    proposal_id: UUID,
    given: Annotated[Given, Form()],
) -> Response:
    """Make one of two, say that they are two, or leave them for later."""
    answered: _Given = given
    try:
        with write(desk.engine) as session:
            # Before anything is read: what was read while another wrote would undo it.
            hold(session, IMPORT_LOCK)
            _decide(session, desk, signed, proposal_id, answered)
    except (PairChanged, BeingWritten) as error:
        return _comparison(request, desk, signed, proposal_id, answered, answered.chosen, error)
    except REFUSALS as error:
        return _refused(request, error, answered, proposal_id)
    said = {"fait": answered.reponse, "defaire": str(proposal_id)}
    return RedirectResponse(answered.back(answered.suite, **said), 303)


def _decide(
    session: Session, desk: Desk, signed: SignedIn, proposal_id: UUID, answered: _Given
) -> None:
    viewer, who = gate.viewer_of(signed), str(signed.account_id)
    pair = _find(session, desk, signed, proposal_id)
    if answered.reponse == "plus-tard":
        check_put_off(viewer, pair)
        doubles.put_off(session, proposal_id)
    else:
        check(viewer, pair, answered.vu)
        if answered.reponse == "reunir":
            chosen = answered.chosen
            joined = joining.join(session, desk.vault, proposal_id, who=who, chosen=chosen)
            note_ended(session, desk.vault, gate.author_of(signed), joined.unchosen, "joined")
        else:
            joining.part(session, desk.vault, proposal_id, who=who)
    _note(session, desk, signed, proposal_id, answered.reponse)


@router.post("/{proposal_id}/defaire")
@open_to(*READERS)
def undo(
    request: Request,
    desk: DeskOf,
    signed: Signed,
    proposal_id: UUID,
    place: Annotated[Place, Query()],
) -> Response:
    """Take back what was decided of two, as long as nobody edited them since."""
    try:
        with write(desk.engine) as session:
            hold(session, IMPORT_LOCK)
            _take_back(session, desk, signed, proposal_id)
    except REFUSALS as error:
        return _refused(request, error, place, proposal_id)
    return RedirectResponse(place.back(proposal_id, fait="annule"), 303)


def _take_back(session: Session, desk: Desk, signed: SignedIn, proposal_id: UUID) -> None:
    viewer, who = gate.viewer_of(signed), str(signed.account_id)
    left = doubles.find_put_off(session, desk.vault, viewer, proposal_id)
    found = left or doubles.find_decided(session, desk.vault, viewer, proposal_id)
    pair = _shown(session, desk, signed, found)
    if left:
        check_put_off(viewer, pair)
        doubles.put_off(session, proposal_id, back=True)
    else:
        # Of two that were made one, one is left.
        is_one = pair_joined(session, desk.vault, proposal_id) is not None
        for side in (pair.first,) if is_one else (pair.first, pair.second):
            check_back(viewer, side)
        edited = parting.edited_since(session, desk.vault, proposal_id)
        check_unedited(session, desk, edited)
        parting.undo_answer(session, desk.vault, proposal_id, who=who)
    _note(session, desk, signed, proposal_id, "defaire")


def _refused(request: Request, error: Mesure23Error, place: Place, proposal_id: UUID) -> Response:
    """Say why nothing was done, and lead back to where the pair stands."""
    return answer(request, error, onward=("Revenir aux doublons", place.back(proposal_id)))


def _find(session: Session, desk: Desk, signed: SignedIn, proposal_id: UUID) -> Pair:
    viewer = gate.viewer_of(signed)
    found = doubles.find_double(session, desk.vault, viewer, proposal_id)
    return _shown(session, desk, signed, found)


def _shown(session: Session, desk: Desk, signed: SignedIn, found: doubles.Double) -> Pair:
    """Return a pair as its reader has it open; raise PairUnknown."""
    viewer, who = gate.viewer_of(signed), gate.author_of(signed).who
    pairs = show(session, desk.vault, viewer, who, desk.now(), [found])
    if not pairs:
        raise doubles.PairUnknown
    return pairs[0]


def _pins(session: Session, pair: Pair) -> Iterator[Pin]:
    """Yield where actors stand whose records are open."""
    records = {each.actor_id: each.record for each in pair.sides if each.record}
    points = points_of(session, cached_gazetteer(session.connection()), records)
    for number, side in enumerate(pair.sides, 1):
        if point := points.get(side.actor_id):
            yield Pin(number, side.name, point.lon, point.lat, point.precision == "commune")


def _note(session: Session, desk: Desk, signed: SignedIn, proposal_id: UUID, said: str) -> None:
    author = gate.author_of(signed)
    add(session, desk.vault, author, Action.DECIDED, str(proposal_id), {"réponse": said})
