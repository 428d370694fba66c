"""What lists, the State and curateurs propose, and a curateur decides."""

from typing import Annotated, Literal, get_args
from uuid import UUID

from fastapi import APIRouter, Form, Query, Request
from fastapi.responses import RedirectResponse, Response
from sqlalchemy.orm import Session

from app.accounts.people import names_of
from app.accounts.sessions import SignedIn
from app.audit.actions import Action
from app.audit.journal import add
from app.desk.shell import gate
from app.desk.shell.gate import Desk, DeskOf, Signed
from app.desk.shell.page import render
from app.errors import Mesure23Error
from app.models import Role
from app.platform.database.sessions import read, write
from app.platform.web.permissions import open_to
from app.records import closing, joining, parting, proposals, second_look
from app.records.opening import note_reading, open_ones
from app.records.pairs import pairs
from app.records.sheets import read_sheet
from importers.secrecy import weigh_consent

router = APIRouter(prefix=f"{gate.HOME}/propositions")
HERE = f"{gate.HOME}/propositions"
DONE = {
    "reunies": "Les deux fiches sont réunies en une seule.",
    "deux": "Ce sont deux acteurs : les deux fiches restent.",
    "archive": "L’acteur est archivé.",
    "refuse": "La proposition est refusée : elle ne sera plus faite.",
    "decidee": "Cette proposition n’attend plus de réponse.",
    "defait": "C’est annulé : la proposition attend de nouveau.",
}
# What is said of two, whose records are both read before.
OF_TWO = frozenset({"reunir", "separer"})
Answer = Literal["reunir", "separer", "archiver", "refuser"]
Decided = Literal["reunies", "deux", "archive", "refuse"]


class PairMasked(Mesure23Error):
    """L’une des deux fiches est protégée, et vous ne l’avez pas ouverte : rien n’a été décidé."""

    status = 403
    title = "Ouvrez d’abord les deux fiches"
    advice = "Revenez à la page qui les compare, ouvrez-les, relisez-les, puis décidez."


@router.get("")
@open_to(Role.CURATEUR)
def waiting(
    request: Request,
    desk: DeskOf,
    signed: Signed,
    fait: Annotated[str, Query(max_length=20)] = "",
    defaire: UUID | None = None,
) -> Response:
    """Show what waits for an answer; defaire: what was just decided and can be taken back."""
    viewer = gate.viewer_of(signed)
    with read(desk.engine) as session:
        found = proposals.waiting(session, desk.vault, viewer)
        asked = second_look.all_asked(session, desk.vault, viewer)
        names = names_of(session, desk.vault, (each.who for _, each in asked))
        opened = open_ones(session, gate.author_of(signed).who, desk.now())
    return render(
        request,
        "desk/decisions.html",
        signed,
        asked=asked,
        names=names,
        opened=opened,
        consents=[each for each in found if each.about == "consent"],
        pairs=[each for each in found if each.about == "same"],
        closed=[each for each in found if each.about == "closed"],
        ended=closing.ended,
        weigh=weigh_consent,
        done=DONE.get(fait, ""),
        undo=defaire if fait in get_args(Decided) else None,
        undone=fait,
    )


@router.get("/{proposal_id}")
@open_to(Role.CURATEUR)
def compare(request: Request, desk: DeskOf, signed: Signed, proposal_id: UUID) -> Response:
    """Show two actors that may be one side by side; of a masked one what its sheet shows."""
    viewer, author = gate.viewer_of(signed), gate.author_of(signed)
    with read(desk.engine) as session:
        found = proposals.waiting(session, desk.vault, viewer)
        doubt = next((each for each in found if each.id == proposal_id and each.other), None)
        if doubt is None:
            return RedirectResponse(f"{HERE}?fait=decidee", 303)
        # The one that was known first stays if they are one.
        first, second = (
            read_sheet(session, desk.vault, viewer, author.who, public_id, desk.now())
            for public_id in (doubt.other_id, doubt.public_id)
        )
    for sheet in (first, second):
        if sheet.names_somebody:
            note_reading(desk.engine, desk.vault, author, sheet.actor_id, desk.now())
    return render(
        request,
        "desk/pair.html",
        signed,
        doubt=doubt,
        first=first,
        second=second,
        pairs=list(pairs(first, second)),
    )


@router.post("/{proposal_id}")
@open_to(Role.CURATEUR)
def decide(
    desk: DeskOf, signed: Signed, proposal_id: UUID, reponse: Annotated[Answer, Form()]
) -> Response:
    """Do what is proposed, or refuse it for good; of two whoever has both open alone."""
    who = str(signed.account_id)
    with write(desk.engine) as session:
        if reponse in OF_TWO:
            found = proposals.waiting(session, desk.vault, gate.viewer_of(signed))
            opened = open_ones(session, who, desk.now())
            if any(each.id == proposal_id and not each.to_open <= opened for each in found):
                raise PairMasked
        match reponse:
            case "reunir":
                joining.join(session, desk.vault, proposal_id, who=who)
                done = "reunies"
            case "archiver":
                closing.archive(session, desk.vault, proposal_id, who=who)
                done = "archive"
            case "separer":
                joining.part(session, desk.vault, proposal_id, who=who)
                done = "deux"
            case "refuser":
                proposals.refuse(session, proposal_id, who=who)
                done = "refuse"
        _note(session, desk, signed, proposal_id, reponse)
    return RedirectResponse(f"{HERE}?fait={done}&defaire={proposal_id}", 303)


@router.post("/{proposal_id}/defaire")
@open_to(Role.CURATEUR)
def undo(
    desk: DeskOf,
    signed: Signed,
    proposal_id: UUID,
    quoi: Annotated[Decided, Form()],
) -> Response:
    """Take back what was decided: the proposal waits again."""
    who = str(signed.account_id)
    with write(desk.engine) as session:
        match quoi:
            case "archive":
                closing.reopen(session, desk.vault, proposal_id, who=who)
            case "refuse":
                proposals.take_back(session, proposal_id)
            case _:
                parting.undo_answer(session, desk.vault, proposal_id, who=who)
        _note(session, desk, signed, proposal_id, "defaire")
    return RedirectResponse(f"{HERE}?fait=defait", 303)


def _note(session: Session, desk: Desk, signed: SignedIn, proposal_id: UUID, answer: str) -> None:
    author = gate.author_of(signed)
    add(session, desk.vault, author, Action.DECIDED, str(proposal_id), {"réponse": answer})
