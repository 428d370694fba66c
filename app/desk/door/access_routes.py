"""Whether somebody asked for an account, by the link of a mail: its page, and their answer."""

from typing import Annotated, Literal

from fastapi import APIRouter, Form, Path, Request
from fastapi.responses import Response

from app.accounts import requests
from app.desk.shell import gate
from app.desk.shell.gate import DeskOf
from app.desk.shell.page import render
from app.gazetteer.territories import read_names
from app.platform.database.sessions import read, write
from app.platform.web.permissions import Profile, open_to

router = APIRouter(prefix=f"{gate.DOOR}/demande")
Token = Annotated[str, Path(max_length=100)]


@router.get("/{token}")
@open_to(Profile.LINK)
def question(request: Request, desk: DeskOf, token: Token) -> Response:
    """Ask whether somebody asked; raise RequestLinkEnded."""
    with read(desk.engine) as session:
        asker = requests.find(session, desk.vault, token, desk.now())
        where = read_names(session)[asker.territory]
    page = "desk/pro/asked.html"
    return render(request, page, None, asker=asker, token=token, answer="", where=where)


@router.post("/{token}")
@open_to(Profile.LINK)
def answer(
    request: Request,
    desk: DeskOf,
    token: Token,
    reponse: Annotated[Literal["oui", "non"], Form()],
) -> Response:
    """Note that somebody asks, or leave nothing of it; raise RequestLinkEnded."""
    with write(desk.engine) as session:
        asker = requests.find(session, desk.vault, token, desk.now())
        said = requests.confirm if reponse == "oui" else requests.disown
        said(session, token, desk.now())
    return render(request, "desk/pro/asked.html", None, asker=asker, token=token, answer=reponse)
