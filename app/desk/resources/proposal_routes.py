"""Pages that visitors propose: a curateur makes a draft of one, or leaves it."""

from typing import Annotated, Literal
from uuid import UUID

from fastapi import APIRouter, Form, Query, Request
from fastapi.responses import RedirectResponse, Response

from app.accounts.sessions import SignedIn
from app.cataloguing import listing, opening, proposing
from app.cataloguing.proposing import (
    LinkUnusable,
    ProposalDecided,
    ProposalMasked,
    RefusalStands,
)
from app.desk.resources.words import DONE, HERE, PROPOSED, TABS
from app.desk.shell import gate
from app.desk.shell.gate import Desk, DeskOf, Signed
from app.desk.shell.page import render
from app.desk.shell.taking_in import take_in
from app.errors import Mesure23Error
from app.models import Role
from app.platform.database.sessions import read, write
from app.platform.web.permissions import open_to
from app.records.opening import note_resource
from geo.zones import paris_day

router = APIRouter(prefix=PROPOSED)


@router.get("")
@open_to(Role.CURATEUR)
def proposals(
    request: Request,
    desk: DeskOf,
    signed: Signed,
    fait: Annotated[str, Query(max_length=20)] = "",
    decide: UUID | None = None,
) -> Response:
    """Show the pages that wait, the oldest first, each with what is there already.

    decide: what was just left.
    """
    return _page(request, desk, signed, done=fait, left=decide)


@router.post("/annuler")
@open_to(Role.CURATEUR)
def take_back(
    request: Request, desk: DeskOf, signed: Signed, proposition: Annotated[UUID, Form()]
) -> Response:
    """Let a page wait again that its reader left within the hour."""
    viewer, author = gate.viewer_of(signed), gate.author_of(signed)
    try:
        with write(desk.engine) as session:
            proposing.undo_refusal(session, viewer, author, proposition, desk.now())
    except RefusalStands as error:
        return _page(request, desk, signed, error=error)
    return RedirectResponse(f"{PROPOSED}?fait=attend#p-{proposition}", 303)


@router.post("/{proposal_id}/ouvrir")
@open_to(Role.CURATEUR)
def unmask(desk: DeskOf, signed: Signed, proposal_id: UUID) -> Response:
    """Open a page whose words name somebody hidden, for a quarter of an hour; noted first."""
    with write(desk.engine) as session:
        proposing.check_waits(session, gate.viewer_of(signed), proposal_id)
    note_resource(desk.engine, desk.vault, gate.author_of(signed), proposal_id)
    return RedirectResponse(f"{PROPOSED}#p-{proposal_id}", 303)


@router.post("/{proposal_id}")
@open_to(Role.CURATEUR)
def decide(
    request: Request,
    desk: DeskOf,
    signed: Signed,
    proposal_id: UUID,
    reponse: Annotated[Literal["accepter", "ecarter"], Form()],
) -> Response:
    """Make a draft of a page and lead to its form, or leave the page."""
    viewer, author, now = gate.viewer_of(signed), gate.author_of(signed), desk.now()
    try:
        with write(desk.engine) as session:
            if reponse == "ecarter":
                proposing.refuse(session, viewer, author, proposal_id, now)
                return RedirectResponse(f"{PROPOSED}?fait=ecartee&decide={proposal_id}", 303)
            by = (session, desk.vault, viewer, author)
            saved = proposing.accept(*by, proposal_id, now)
            public_id = opening.public_id_of(session, saved.id)
    except (LinkUnusable, ProposalDecided, ProposalMasked) as error:
        return _page(request, desk, signed, error=error)
    return RedirectResponse(f"{HERE}/{public_id}/modifier?fait=acceptee", 303)


def _page(
    request: Request,
    desk: Desk,
    signed: SignedIn,
    *,
    done: str = "",
    left: UUID | None = None,
    error: Mesure23Error | None = None,
) -> Response:
    take_in(desk.engine, desk.vault)
    viewer, author, today = gate.viewer_of(signed), gate.author_of(signed), paris_day(desk.now())
    who = author.who
    with read(desk.engine) as session:
        counts = listing.counts(session, viewer, who, today)
        found = proposing.waiting(session, desk.vault, viewer, who, desk.now())
        undone = left and proposing.is_undone_by(session, author, left, desk.now())
    return render(
        request,
        "desk/resources/proposed.html",
        signed,
        http_status=error.status if error else 200,
        found=found,
        most=proposing.MOST,
        tabs=TABS,
        counts=counts,
        error=error,
        done=DONE.get(done, ""),
        undo=(f"{PROPOSED}/annuler", "proposition", left) if undone else None,
    )
