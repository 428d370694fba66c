"""What somebody began to write of an actor: stored as they write, offered again, forgotten."""

from uuid import UUID

from fastapi import APIRouter
from fastapi.responses import RedirectResponse, Response
from sqlalchemy.orm import Session

from app.accounts.sessions import SignedIn
from app.desk.actors.errand import ErrandOf
from app.desk.actors.form import LARGEST, WishOf
from app.desk.actors.moved import find_again
from app.desk.actors.sheet_routes import find
from app.desk.actors.showing import ACTORS, WORKERS
from app.desk.shell.gate import Desk, DeskOf, Signed
from app.platform.database.sessions import write
from app.platform.web.permissions import open_to
from app.records import drafts
from app.records.correcting import Wish

router = APIRouter(prefix=ACTORS)


@router.post("/nouveau/brouillon", max_body_size=LARGEST)
@open_to(*WORKERS)
def store_new(desk: DeskOf, signed: Signed, wish: WishOf) -> Response:
    """Store what is written of an actor to be created."""
    with write(desk.engine) as session:
        _store(session, desk, signed, None, wish)
    return Response(status_code=204)


@router.post("/nouveau/brouillon/oublier")
@open_to(*WORKERS)
def forget_new(desk: DeskOf, signed: Signed) -> Response:
    """Forget what was written of an actor to be created."""
    with write(desk.engine) as session:
        drafts.forget(session, signed.account_id, None)
    return RedirectResponse(f"{ACTORS}/nouveau", 303)


@router.post("/{public_id}/brouillon", max_body_size=LARGEST)
@open_to(*WORKERS)
def store(desk: DeskOf, signed: Signed, wish: WishOf, public_id: str) -> Response:
    """Store what is written of an actor, even of one that was masked or protected meanwhile."""
    with write(desk.engine) as session:
        found = find_again(session, desk, signed, public_id, wish)
        _store(session, desk, signed, found.actor_id, wish)
    return Response(status_code=204)


@router.post("/{public_id}/brouillon/oublier")
@open_to(*WORKERS)
def forget(desk: DeskOf, signed: Signed, errand: ErrandOf, public_id: str) -> Response:
    """Forget what was written of an actor."""
    with write(desk.engine) as session:
        found = find(session, desk, signed, public_id)
        drafts.forget(session, signed.account_id, found.actor_id)
    return RedirectResponse(f"{ACTORS}/{found.public_id}/modifier{errand.query}", 303)


def _store(session: Session, desk: Desk, signed: SignedIn, actor: UUID | None, wish: Wish) -> None:
    now = desk.now()
    given = (signed.account_id, actor, wish.entered, wish.based_on, now)
    drafts.store(session, desk.vault, *given)
