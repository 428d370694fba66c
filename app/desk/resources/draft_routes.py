"""What somebody began to write of a resource: stored as they write, offered again, forgotten."""

from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Query
from fastapi.responses import RedirectResponse, Response

from app.accounts.sessions import SignedIn
from app.cataloguing import drafts, versions
from app.desk.resources.entered import only
from app.desk.resources.found import FoundToRead
from app.desk.resources.shape import LARGEST, Wish, WishOf
from app.desk.resources.words import HERE
from app.desk.shell.gate import Desk, DeskOf, Signed
from app.desk.shell.page import WORKERS
from app.platform.database.sessions import read, write
from app.platform.web.permissions import open_to
from app.resources.forms import Form

router = APIRouter(prefix=HERE)
# Of a button; a script that stores what is written stays on its page.
PUT_ASIDE = "brouillon"


@router.post("/nouvelle/brouillon", max_body_size=LARGEST)
@open_to(*WORKERS)
def store_new(
    desk: DeskOf, signed: Signed, wish: WishOf, genre: Annotated[Form, Query()]
) -> Response:
    """Store what is written of a new resource."""
    return _store(desk, signed, None, genre, wish, f"{HERE}?onglet=brouillons&fait=cote")


@router.post("/nouvelle/brouillon/oublier")
@open_to(*WORKERS)
def forget_new(desk: DeskOf, signed: Signed) -> Response:
    """Forget what was written of a new resource."""
    with write(desk.engine) as session:
        drafts.forget(session, signed.account_id, None)
    return RedirectResponse(f"{HERE}/nouvelle", 303)


@router.post("/{resource_id}/brouillon", max_body_size=LARGEST)
@open_to(*WORKERS)
def store(desk: DeskOf, signed: Signed, found: FoundToRead, wish: WishOf) -> Response:
    """Store what is written of a resource."""
    with read(desk.engine) as session:
        last = versions.read(session, desk.vault, found.viewer, found.id, found.number)
    return _store(desk, signed, found.id, last.content.form, wish, found.then("cote"))


@router.post("/{resource_id}/brouillon/oublier")
@open_to(*WORKERS)
def forget(desk: DeskOf, signed: Signed, found: FoundToRead) -> Response:
    """Forget what was written of a resource."""
    with write(desk.engine) as session:
        drafts.forget(session, signed.account_id, found.id)
    return RedirectResponse(f"{found.path}/modifier", 303)


def _store(
    desk: Desk, signed: SignedIn, resource: UUID | None, form: Form, wish: Wish, way: str
) -> Response:
    given = (signed.account_id, resource, form.value, only(form, wish.sent), wish.based_on)
    with write(desk.engine) as session:
        drafts.store(session, desk.vault, *given, desk.now())
    return RedirectResponse(way, 303) if wish.what == PUT_ASIDE else Response(status_code=204)
