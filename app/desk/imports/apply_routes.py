"""A list at the desk is applied, or given up before it is; each writes what is theirs to write."""

from datetime import datetime
from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Form
from fastapi.responses import RedirectResponse, Response
from pydantic import AwareDatetime
from sqlalchemy.orm import Session

from app.accounts.sessions import SignedIn
from app.audit.actions import Action
from app.audit.journal import add
from app.desk.imports.review_showing import show
from app.desk.imports.routes import HERE, SENDERS
from app.desk.imports.showing import shown
from app.desk.shell import gate
from app.desk.shell.gate import Desk, DeskOf, Signed
from app.errors import Mesure23Error
from app.lists import deposits, rest, review, review_moves, review_tally
from app.lists.deposits import OWN, Deposited, DepositForgotten
from app.models import Role
from app.platform.database.sessions import write
from app.platform.web.permissions import open_to
from app.visibility import Viewer

router = APIRouter(prefix=HERE)


class NotVerified(Mesure23Error):
    """Rien n’est appliqué : cette liste dit beaucoup d’autres choses que la précédente."""

    status = 422
    title = "Liste à vérifier"
    advice = "Revenez à sa page, vérifiez que c’est la bonne, cochez la case, puis appliquez."


class NothingAccepted(Mesure23Error):
    """Rien n’est appliqué : aucune ligne de cette liste n’est acceptée."""

    status = 422
    title = "Rien à appliquer"
    advice = "Revenez à sa page : relisez les lignes, ou acceptez-les toutes en appliquant."


class LeftToACurateur(Mesure23Error):
    """Rien n’est fait : un curateur décide de ce qui reste de cette liste."""

    status = 403
    title = "À un curateur"
    advice = (
        "Il la trouve sous « Aujourd’hui ». Une note sur sa page peut lui dire ce que vous savez."
    )


@router.post("/{deposit_id}/annuler")
@open_to(*SENDERS)
def cancel(desk: DeskOf, signed: Signed, deposit_id: UUID) -> Response:
    """Stop a list before anything of it is written; one that was to be applied waits again."""
    with write(desk.engine) as session:
        _find(session, desk, signed, deposit_id)
        _refuse_what_is_left(session, signed, deposit_id)
        if deposits.cancel(session, deposit_id, str(signed.account_id)):
            add(session, desk.vault, gate.author_of(signed), Action.LIST_CANCELLED, str(deposit_id))
    return RedirectResponse(f"{HERE}/{deposit_id}", 303)


@router.post("/{deposit_id}/appliquer")
@open_to(*SENDERS)
def apply(
    desk: DeskOf,
    signed: Signed,
    deposit_id: UUID,
    vu: Annotated[AwareDatetime, Form()],
    decisions: Annotated[str, Form(max_length=64)] = "",
    depuis: Annotated[AwareDatetime | None, Form()] = None,
    verifie: Annotated[bool, Form()] = False,
    reste: Annotated[bool, Form()] = False,
    effacer: Annotated[bool, Form()] = False,
) -> Response:
    """Let the worker write what was accepted of a list; of a référent, what is their own part.

    vu: since when it was ready as its reader saw it. decisions: the mark of what was decided then,
    depuis: when that was. reste: what nobody answered is accepted too, and with effacer what would
    leave a value blank.
    """
    viewer, who = gate.viewer_of(signed), str(signed.account_id)
    with write(desk.engine) as session:
        found = _find(session, desk, signed, deposit_id)
        if found.is_forgotten:
            raise DepositForgotten
        _refuse_what_is_left(session, signed, deposit_id)
        review.hold(session, deposit_id, vu)
        plan = shown(session, desk.vault, viewer, found, remarks=False)
        if not verifie and plan and plan.care:
            raise NotVerified
        tally = review_tally.tally(session, viewer, deposit_id)
        if tally.mark != decisions:
            changed = _changed(session, desk, viewer, deposit_id, who, depuis or vu)
            raise review_tally.AcceptedOtherwise(changed)
        if tally.undecided and not tally.decided and not (reste and tally.rest):
            raise NothingAccepted
        if reste:
            review.accept_rest(session, viewer, deposit_id, who, erasing=effacer)
        if tally.reserved and not tally.decided + tally.undecided:
            raise LeftToACurateur
        # Read again: whoever else wrote it waits by now.
        found = _find(session, desk, signed, deposit_id)
        page = {**found.page, OWN: signed.role is not Role.CURATEUR, "not_yours": False}
        content = deposits.sealed_page(desk.vault, deposit_id, page)
        deposits.ask_to_apply(session, deposit_id, vu, who, content=content)
    return RedirectResponse(f"{HERE}/{deposit_id}", 303)


def _changed(
    session: Session, desk: Desk, viewer: Viewer, deposit_id: UUID, who: str, seen: datetime
) -> str:
    """Return what others decided of a list since a moment, in a sentence."""
    given = (session, desk.vault, viewer)
    found = review_moves.decided_since(*given, deposit_id, who, seen)
    rows = show(*given, found)
    if not rows:
        return "Vous l’avez peut-être fait vous-même, dans une autre fenêtre."
    said = [
        f"« {row.name or f'Ligne {row.line}'} » : {(row.decided or 'Décision annulée').lower()}"
        for row in rows[: review_moves.MOST_NAMED]
    ]
    more = ", et d’autres" if len(rows) > len(said) else ""
    return f"Une autre personne a décidé : {', '.join(said)}{more}."


def _refuse_what_is_left(session: Session, signed: SignedIn, deposit_id: UUID) -> None:
    if signed.role is not Role.CURATEUR and rest.is_left_to_a_curateur(session, deposit_id):
        raise LeftToACurateur


def _find(session: Session, desk: Desk, signed: SignedIn, deposit_id: UUID) -> Deposited:
    return deposits.find(session, desk.vault, gate.viewer_of(signed), deposit_id)
