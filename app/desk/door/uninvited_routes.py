"""Whoever was invited to the network wants no other invitation, by the link of the mail."""

from typing import Annotated

from fastapi import APIRouter, Form, Query, Request
from fastapi.responses import Response

from app.desk.shell.gate import DeskOf
from app.desk.shell.page import render
from app.network.inviting import REFUSING, refuse_by
from app.platform.database.sessions import write
from app.platform.mail.links import LONGEST
from app.platform.web.permissions import Profile, open_to

router = APIRouter(prefix=REFUSING)


@router.get("")
@open_to(Profile.LINK)
def question(request: Request, lien: Annotated[str, Query(max_length=LONGEST)] = "") -> Response:
    """Ask whether somebody wants no other, whatever the link. Nothing is changed."""
    return render(request, "desk/network/uninvited.html", None, link=lien, done=False)


@router.post("")
@open_to(Profile.LINK)
def refuse(
    request: Request, desk: DeskOf, lien: Annotated[str, Form(max_length=LONGEST)] = ""
) -> Response:
    """Note it; the same answer to a link that is none of ours."""
    with write(desk.engine) as session:
        refuse_by(session, desk.vault, lien, desk.now())
    return render(request, "desk/network/uninvited.html", None, link="", done=True)
