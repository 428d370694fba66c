"""A source is called otherwise: its files, its contact and its links stay."""

from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Form, Request
from fastapi.responses import Response

from app.audit.actions import Action
from app.audit.journal import add
from app.desk.shell import gate
from app.desk.shell.gate import DeskOf, Signed
from app.desk.sources.routes import HERE, back, page_of
from app.lists.source_settings import NameRefused
from app.lists.source_settings import rename as call_otherwise
from app.models import Role
from app.platform.database.sessions import write
from app.platform.web.permissions import open_to

router = APIRouter(prefix=HERE)


@router.post("/{source_id}/renommer")
@open_to(Role.CURATEUR)
def rename(
    request: Request,
    desk: DeskOf,
    signed: Signed,
    source_id: UUID,
    source: Annotated[str, Form(max_length=1_000)] = "",
) -> Response:
    """Call a source otherwise; its files, contact and links stay."""
    try:
        with write(desk.engine) as session:
            viewer = gate.viewer_of(signed)
            done = call_otherwise(session, desk.vault, viewer, source_id, source)
            if done:
                author = gate.author_of(signed)
                add(session, desk.vault, author, Action.SOURCE_CHANGED, str(source_id), done)
    except NameRefused as error:
        return page_of(request, desk, signed, source_id, error=error, called=source)
    return back(source_id, "change" if done else "pareil", "")
