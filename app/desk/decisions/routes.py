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
from app.models import Role
from app.platform.database.sessions import read, write
from app.platform.web.permissions import open_to
from app.records import closing, proposals, second_look
from app.records.opening import open_ones
from importers.secrecy import weigh_consent

router = APIRouter(prefix=f"{gate.HOME}/propositions")
HERE = f"{gate.HOME}/propositions"
DONE = {
    "archive": "L’acteur est archivé.",
    "refuse": "La proposition est refusée : elle ne sera plus faite.",
    "defait": "C’est annulé : la proposition attend de nouveau.",
}
Answer = Literal["archiver", "refuser"]
Decided = Literal["archive", "refuse"]


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
        found = proposals.waiting(session, desk.vault, viewer, with_pairs=False)
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
        closed=[each for each in found if each.about == "closed"],
        ended=closing.ended,
        weigh=weigh_consent,
        done=DONE.get(fait, ""),
        undo=defaire if fait in get_args(Decided) else None,
        undone=fait,
    )


@router.post("/{proposal_id}")
@open_to(Role.CURATEUR)
def decide(
    desk: DeskOf, signed: Signed, proposal_id: UUID, reponse: Annotated[Answer, Form()]
) -> Response:
    """Do what is proposed, or refuse it for good."""
    who = str(signed.account_id)
    with write(desk.engine) as session:
        match reponse:
            case "archiver":
                closing.archive(session, desk.vault, proposal_id, who=who)
                done = "archive"
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
        _note(session, desk, signed, proposal_id, "defaire")
    return RedirectResponse(f"{HERE}?fait=defait", 303)


def _note(session: Session, desk: Desk, signed: SignedIn, proposal_id: UUID, answer: str) -> None:
    author = gate.author_of(signed)
    add(session, desk.vault, author, Action.DECIDED, str(proposal_id), {"réponse": answer})
