"""The queue of pairs that may be one actor: compared, merged field by field, parted, or put off."""

from collections.abc import Iterator, Mapping
from itertools import pairwise
from typing import Annotated, Any, Literal
from urllib.parse import urlencode
from uuid import UUID

from fastapi import APIRouter, Form, Query, Request
from fastapi.responses import RedirectResponse, Response
from pydantic import BaseModel, Field, create_model
from sqlalchemy.orm import Session

from app.accounts import assigning
from app.accounts.people import names_of
from app.accounts.sessions import SignedIn
from app.audit.actions import Action
from app.audit.journal import add
from app.desk.duplicates.showing import Pair, Side, show
from app.desk.shell import gate
from app.desk.shell.gate import Desk, DeskOf, Signed
from app.desk.shell.page import render
from app.desk.shell.pins import Pin, map_options
from app.errors import Mesure23Error
from app.gazetteer.load import cached_gazetteer
from app.gazetteer.territories import read_names
from app.lists.duplicates import progress
from app.models import Role
from app.platform.database.sessions import IMPORT_LOCK, hold, read, write
from app.platform.web.permissions import open_to
from app.records import doubles, joining, parting
from app.records.correcting import may_correct
from app.records.lists_of import sources
from app.records.merging import Side as Chosen
from app.records.merging import groups
from app.records.points import points_of
from app.records.proposals import ProposalUnknown
from app.records.wanted import MINE, Wanted
from app.visibility import Viewer
from geo.zones import paris_day
from importers import vocabulary

HERE = f"{gate.HOME}/doublons"
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


class PairMasked(Mesure23Error):
    """L’une des deux fiches est protégée, et vous ne l’avez pas ouverte : rien n’a été décidé."""

    status = 403
    title = "Ouvrez d’abord les deux fiches"
    advice = "Ouvrez-les, à la page qui les compare ou sur leurs fiches, relisez-les, puis décidez."


class ForCurateur(Mesure23Error):
    """L’une des deux fiches est protégée, ou n’est pas de vos territoires : un curateur décide."""

    status = 403
    title = "Un curateur décide"
    advice = "Dites-lui ce que vous en savez : la paire l’attend dans sa file."


class PairChanged(Mesure23Error):
    """L’une des deux fiches a changé depuis que vous l’avez lue : rien n’a été décidé."""

    status = 409
    title = "À relire d’abord"
    advice = "Revenez à la file : elle montre les deux fiches d’aujourd’hui."


class _Given(BaseModel):
    """What a form sends. vu: the changes of both that its reader saw. suite: the pair that follows.

    territoire, categorie: what the queue was narrowed by.
    """

    reponse: Answer
    vu: str = Field("", pattern=r"^(\d{1,9}\.\d{1,9})?$")
    suite: UUID | None = None
    territoire: str = Field("", pattern="^[0-9A-Za-z]{0,10}$")
    categorie: str = Field("", pattern="^[a-z_]{0,40}$")

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
        some = found[(wanted.page - 1) * AT_ONCE :][:AT_ONCE]
        pairs = show(session, desk.vault, viewer, who, desk.now(), some)
        compared = progress(session) if signed.role is Role.CURATEUR else None
        names = sources(session, desk.vault, viewer)
    ids = [each.id for each in pairs]
    return render(
        request,
        "desk/duplicates.html",
        signed,
        pairs=pairs,
        following=dict(pairwise(ids)),
        total=len(found),
        pages=max(1, -(-len(found) // AT_ONCE)),
        wanted=wanted,
        territories=own,
        mine=MINE if mine else "",
        families=_families(),
        names=names,
        compared=compared,
        may={each.id for each in pairs if _may_decide(viewer, each)},
        done=DONE.get(fait, ""),
        undo=defaire if fait in ("reunir", "separer", "plus-tard") else None,
    )


@router.get("/{proposal_id}")
@open_to(*READERS)
def compare(request: Request, desk: DeskOf, signed: Signed, proposal_id: UUID) -> Response:
    """Show two actors side by side, where they stand, and let a person choose each field."""
    viewer = gate.viewer_of(signed)
    with read(desk.engine) as session:
        try:
            pair = _find(session, desk, signed, proposal_id)
        except ProposalUnknown:
            return RedirectResponse(f"{HERE}?fait=decidee", 303)
        # Two of them, of what is open to its reader: of one alone the page says no more.
        pins = list(_pins(session, pair))
        names = sources(session, desk.vault, viewer)
    codes = [side.territory for side in pair.sides]
    return render(
        request,
        "desk/duplicate.html",
        signed,
        pair=pair,
        names=names,
        may=_may_decide(viewer, pair),
        pins=map_options(request.app.state.site, pins, codes) if len(pins) > 1 else None,
    )


@router.post("/{proposal_id}")
@open_to(*READERS)
def decide(
    desk: DeskOf,
    signed: Signed,
    proposal_id: UUID,
    given: Annotated[Given, Form()],
) -> Response:
    """Make one of two, say that they are two, or leave them for later."""
    answered: _Given = given
    who = str(signed.account_id)
    with write(desk.engine) as session:
        # Before anything is read: what was read while another wrote would undo it.
        hold(session, IMPORT_LOCK)
        pair = _find(session, desk, signed, proposal_id)
        if answered.reponse == "plus-tard":
            doubles.put_off(session, proposal_id)
        else:
            _check(gate.viewer_of(signed), pair, answered.vu)
            if answered.reponse == "reunir":
                joining.join(session, desk.vault, proposal_id, who=who, chosen=answered.chosen)
            else:
                joining.part(session, desk.vault, proposal_id, who=who)
            _note(session, desk, signed, proposal_id, answered.reponse)
    return RedirectResponse(_back(answered, proposal_id), 303)


@router.post("/{proposal_id}/defaire")
@open_to(*READERS)
def undo(desk: DeskOf, signed: Signed, proposal_id: UUID) -> Response:
    """Take back what was decided of two, as long as nobody edited them since."""
    viewer, who = gate.viewer_of(signed), str(signed.account_id)
    with write(desk.engine) as session:
        hold(session, IMPORT_LOCK)
        if doubles.is_put_off(session, desk.vault, viewer, proposal_id):
            doubles.put_off(session, proposal_id, back=True)
        else:
            found = doubles.find_decided(session, desk.vault, viewer, proposal_id)
            for pair in show(session, desk.vault, viewer, who, desk.now(), [found]):
                _check_back(viewer, pair.first)
            _check_unedited(session, desk, proposal_id)
            parting.undo_answer(session, desk.vault, proposal_id, who=who)
            _note(session, desk, signed, proposal_id, "defaire")
    return RedirectResponse(f"{HERE}?fait=annule#p-{proposal_id}", 303)


def _find(session: Session, desk: Desk, signed: SignedIn, proposal_id: UUID) -> Pair:
    viewer, who = gate.viewer_of(signed), gate.author_of(signed).who
    found = doubles.find_double(session, desk.vault, viewer, proposal_id)
    pairs = show(session, desk.vault, viewer, who, desk.now(), [found])
    if not pairs:
        raise ProposalUnknown
    return pairs[0]


def _may_decide(viewer: Viewer, pair: Pair) -> bool:
    """Say whether somebody answers: of who is hidden a curateur alone, who has both open."""
    if viewer.role is Role.CURATEUR:
        return not pair.is_masked
    return not pair.is_protected and not any(
        each.record is None or may_correct(viewer, each.record.category, each.record.territory)
        for each in pair.sides
    )


def _check(viewer: Viewer, pair: Pair, seen: str) -> None:
    """Raise PairMasked, ForCurateur or PairChanged where somebody may not answer."""
    if not _may_decide(viewer, pair):
        raise PairMasked if viewer.role is Role.CURATEUR else ForCurateur
    if seen != pair.seen:
        raise PairChanged


def _check_back(viewer: Viewer, stays: Side) -> None:
    """Raise PairMasked or ForCurateur where somebody may not take back what hid one of two.

    stays: the one that is left, which what hid either of them hides.
    """
    if viewer.role is Role.CURATEUR:
        if stays.record is None:
            raise PairMasked
    elif (
        stays.is_protected
        or stays.record is None
        or may_correct(viewer, stays.record.category, stays.territory)
    ):
        raise ForCurateur


def _check_unedited(session: Session, desk: Desk, proposal_id: UUID) -> None:
    """Raise EditedSince, with who changed what of two that were made one."""
    edited = parting.edited_since(session, desk.vault, proposal_id)
    if edited:
        names = names_of(session, desk.vault, (each.who for each in edited))
        said = (
            f"{names.get(each.who, 'quelqu’un')}, le {paris_day(each.at):%d/%m/%Y}, « {each.what} »"
            for each in edited
        )
        raise parting.EditedSince(edits=" ; ".join(said))


def _pins(session: Session, pair: Pair) -> Iterator[Pin]:
    """Yield where actors stand whose records are open."""
    records = {each.actor_id: each.record for each in pair.sides if each.record}
    points = points_of(session, cached_gazetteer(session.connection()), records)
    for number, side in enumerate(pair.sides, 1):
        if point := points.get(side.actor_id):
            yield Pin(number, side.name, point.lon, point.lat, point.precision == "commune")


def _families() -> dict[str, dict[str, str]]:
    words = vocabulary.load()
    found: dict[str, dict[str, str]] = {}
    for each in words.categories.values():
        if not each.neutral:
            found.setdefault(words.families[each.family].label, {})[each.code] = each.label
    return found


def _back(given: _Given, proposal_id: UUID) -> str:
    asked = {"territoire": given.territoire, "categorie": given.categorie}
    narrowed = {name: value for name, value in asked.items() if value}
    query = urlencode({**narrowed, "fait": given.reponse, "defaire": str(proposal_id)})
    return f"{HERE}?{query}{f'#p-{given.suite}' if given.suite else ''}"


def _note(session: Session, desk: Desk, signed: SignedIn, proposal_id: UUID, answer: str) -> None:
    author = gate.author_of(signed)
    add(session, desk.vault, author, Action.DECIDED, str(proposal_id), {"réponse": answer})
