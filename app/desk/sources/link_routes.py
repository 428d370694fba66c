"""Deposit links of a source: made for who sends its list, and closed."""

from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Form, Request
from fastapi.responses import RedirectResponse, Response

from app.audit.actions import Action
from app.audit.journal import add
from app.desk.shell import gate
from app.desk.shell.gate import DeskOf, Signed
from app.desk.sources.routes import FOLLOWERS, HERE, page_of
from app.lists import links
from app.lists.links import NoLinkToRegister, TooManyLinks
from app.platform.database.sessions import write
from app.platform.web.permissions import open_to

router = APIRouter(prefix=HERE)


@router.post("/{source_id}/liens")
@open_to(*FOLLOWERS)
def make(
    request: Request,
    desk: DeskOf,
    signed: Signed,
    source_id: UUID,
    lien: Annotated[UUID, Form()],
) -> Response:
    """Make a link, and show it this once: nothing that is stored opens it.

    lien: the id that it takes, so that a page that is loaded again makes no other one.
    """
    viewer, who = gate.viewer_of(signed), str(signed.account_id)
    try:
        with write(desk.engine) as session:
            token = links.make(session, viewer, source_id, lien, who, desk.now())
            if token is None:
                return RedirectResponse(f"{HERE}/{source_id}?fait=lien_deja", 303)
            add(session, desk.vault, gate.author_of(signed), Action.LINK_MADE, str(source_id))
    except (TooManyLinks, NoLinkToRegister) as error:
        return page_of(request, desk, signed, source_id, error=error)
    link = f"{gate.origin_of(request)}{gate.DEPOSIT}/{token}"
    return page_of(request, desk, signed, source_id, link=link)


@router.post("/{source_id}/liens/{link_id}/fermer")
@open_to(*FOLLOWERS)
def close(desk: DeskOf, signed: Signed, source_id: UUID, link_id: UUID) -> Response:
    """Let nothing more come by a link."""
    with write(desk.engine) as session:
        if links.close(session, gate.viewer_of(signed), source_id, link_id, desk.now()):
            add(session, desk.vault, gate.author_of(signed), Action.LINK_CLOSED, str(source_id))
    return RedirectResponse(f"{HERE}/{source_id}?fait=lien#liens", 303)
