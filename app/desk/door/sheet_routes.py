"""The question to an actor whether its sheet is still right, by the link of a mail."""

from typing import Annotated, Literal

from fastapi import APIRouter, Form, Path, Request
from fastapi.responses import Response

from app.desk.shell import gate
from app.desk.shell.gate import DeskOf
from app.desk.shell.page import render
from app.freshness import answering
from app.inbox.message import LONGEST_TEXT
from app.inbox.screening import tells_of_a_child
from app.models.report import Wrong
from app.platform.database.patience import BeingWritten
from app.platform.database.sessions import read, write
from app.platform.web.permissions import Profile, open_to

router = APIRouter(prefix=f"{gate.DOOR}/fiche")
Token = Annotated[str, Path(max_length=100)]
# Measured once the ends of lines are one character each, as in the page that was written in.
Text = Annotated[str, Form()]
LABELS: dict[Wrong, str] = {"phone": "Téléphone", "hours": "Horaires", "address": "Adresse"}
NOTHING = "Rien n’est changé ici. Si tout est juste, choisissez « Tout est juste »."
LONG = f"Écrivez {LONGEST_TEXT} caractères au plus. Rien n’est encore envoyé."


@router.get("/{token}")
@open_to(Profile.LINK)
def question(request: Request, desk: DeskOf, token: Token) -> Response:
    """Show what visitors read, to be confirmed or corrected; nothing is written. Raise LinkOver."""
    return _page(request, desk, token, {})


@router.post("/{token}")
@open_to(Profile.LINK)
def answer(
    request: Request,
    desk: DeskOf,
    token: Token,
    reponse: Annotated[Literal["juste", "corriger"], Form()],
    telephone: Text = "",
    horaires: Text = "",
    adresse: Text = "",
    autre: Text = "",
    ferme: Annotated[bool, Form()] = False,
) -> Response:
    """Renew the day at once, or hand over what would be right; raise LinkOver."""
    now = desk.now()
    if reponse == "juste":
        try:
            with write(desk.engine) as session:
                answering.confirm(session, desk.vault, token, now)
        except BeingWritten:
            return _page(request, desk, token, {}, busy=True)
        return _said(request, "juste")
    given: dict[Wrong, str] = {
        "phone": _written(telephone),
        "hours": _written(horaires),
        "address": _written(adresse),
        "other": _written(autre),
    }
    if tells_of_a_child("\n".join(given.values())):
        return _said(request, "enfant")
    with read(desk.engine) as session:
        asked = answering.find(session, token, now)
    # Of an actor that was hidden since its page was opened nothing is read, and all is taken.
    right = {
        wrong: given[wrong]
        for wrong in LABELS
        if _plain(given[wrong]) != _plain(asked.fields.get(wrong, ""))
    }
    if given["other"]:
        right["other"] = given["other"]
    if ferme:
        right["closed"] = ""
    if not right:
        return _page(request, desk, token, given, problem=NOTHING)
    long = next((wrong for wrong, text in right.items() if len(text) > LONGEST_TEXT), None)
    if long:
        return _page(request, desk, token, given, problem=LONG, at=long, closed=ferme)
    try:
        with write(desk.engine) as session:
            answering.correct(session, desk.vault, token, right, now)
    except BeingWritten:
        return _page(request, desk, token, given, closed=ferme, busy=True)
    return _said(request, "corrige")


def _page(
    request: Request,
    desk: gate.Desk,
    token: str,
    given: dict[Wrong, str],
    *,
    problem: str = "",
    at: Wrong | None = None,
    closed: bool = False,
    busy: bool = False,
) -> Response:
    """Show what is asked, or what was written. at: of which field a problem is.

    busy: a list is being written, and an answer waits for its end.
    """
    written = bool(given)
    with read(desk.engine) as session:
        asked = answering.find(session, token, desk.now())
    if not asked.fields:
        given, at = {"other": _in_one(given)}, "other" if at else None
    return render(
        request,
        "desk/own_sheet.html",
        None,
        http_status=409 if busy else 422 if problem else 200,
        answer="",
        name=asked.name,
        fields={wrong: (LABELS[wrong], text) for wrong, text in asked.fields.items()},
        given={"other": "", **asked.fields, **given},
        problem=problem,
        busy=busy,
        written=written,
        at=at,
        closed=closed,
        token=token,
        longest=LONGEST_TEXT,
    )


def _in_one(given: dict[Wrong, str]) -> str:
    """Return all that was written as one text, for the one field of an actor that is hidden."""
    said = [f"{label} : {given[wrong]}" for wrong, label in LABELS.items() if given.get(wrong)]
    return "\n".join([*said, given.get("other", "")]).strip()


def _written(text: str) -> str:
    return text.replace("\r\n", "\n").strip()


def _plain(text: str) -> list[str]:
    """Return the words of a text, however they are spaced and whatever its apostrophes are."""
    return text.replace("’", "'").split()


def _said(request: Request, answer: str) -> Response:
    return render(request, "desk/own_sheet.html", None, answer=answer)
