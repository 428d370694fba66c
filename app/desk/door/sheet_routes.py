"""The question to an actor whether its sheet is still right, by the link of a mail."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Annotated, Literal

from fastapi import APIRouter, Depends, Form, Path, Request
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
SENT: dict[Wrong, str] = {
    "phone": "telephone",
    "hours": "horaires",
    "address": "adresse",
    "other": "autre",
}
LABELS: dict[Wrong, str] = {"phone": "Téléphone", "hours": "Horaires", "address": "Adresse"}
NOTHING = "Rien n’est changé ici. Si tout est juste, choisissez « Tout est juste »."
LONG = f"Écrivez {LONGEST_TEXT} caractères au plus. Rien n’est encore envoyé."


async def _sent(request: Request) -> frozenset[str]:
    """Return which fields a page sent, emptied ones too: of a hidden actor it has one alone."""
    return frozenset(await request.form())


@router.get("/{token}")
@open_to(Profile.LINK)
def question(request: Request, desk: DeskOf, token: Token) -> Response:
    """Show what visitors read, to be confirmed or corrected; nothing is written. Raise LinkOver."""
    return _page(request, desk, token, _Written())


@router.post("/{token}")
@open_to(Profile.LINK)
def answer(
    request: Request,
    desk: DeskOf,
    token: Token,
    reponse: Annotated[Literal["juste", "corriger"], Form()],
    sent: Annotated[frozenset[str], Depends(_sent)],
    telephone: Text = "",
    horaires: Text = "",
    adresse: Text = "",
    autre: Text = "",
    ferme: Annotated[bool, Form()] = False,
    lu_telephone: Text = "",
    lu_horaires: Text = "",
    lu_adresse: Text = "",
) -> Response:
    """Renew the day at once, or hand over what would be right; raise LinkOver.

    lu_…: what the page had shown, which the sheet may not say any more.
    """
    now = desk.now()
    if reponse == "juste":
        try:
            with write(desk.engine) as session:
                answering.confirm(session, desk.vault, token, now)
        except BeingWritten:
            return _page(request, desk, token, _Written(), busy=True)
        return _said(request, "juste")
    given = _given(sent, "", (telephone, horaires, adresse, autre))
    read_there = _given(sent, "lu_", (lu_telephone, lu_horaires, lu_adresse))
    if tells_of_a_child("\n".join(given.values())):
        return _said(request, "enfant")
    with read(desk.engine) as session:
        asked = answering.find(session, token, now)
    # Somebody may have hidden it since its page was opened, or shown it, or corrected it.
    shown = {**asked.fields, **read_there}
    right = {
        wrong: given[wrong]
        for wrong in LABELS
        if wrong in given and _plain(given[wrong]) != _plain(shown.get(wrong, ""))
    }
    if other := given.get("other"):
        right["other"] = other
    if ferme:
        right["closed"] = ""
    written = _Written(given, read_there, right, closed=ferme)
    if not right:
        return _page(request, desk, token, written, problem=NOTHING)
    long = next((wrong for wrong, text in right.items() if len(text) > LONGEST_TEXT), None)
    if long:
        return _page(request, desk, token, written, problem=LONG, at=long)
    try:
        with write(desk.engine) as session:
            answering.correct(session, desk.vault, token, right, now)
    except BeingWritten:
        return _page(request, desk, token, written, busy=True)
    return _said(request, "corrige")


@dataclass(frozen=True, slots=True)
class _Written:
    """What somebody wrote. shown: what the page had shown; changed: what of it differs."""

    given: Mapping[Wrong, str] = field(default_factory=dict)
    shown: Mapping[Wrong, str] = field(default_factory=dict)
    changed: Mapping[Wrong, str] = field(default_factory=dict)
    closed: bool = False


def _page(
    request: Request,
    desk: gate.Desk,
    token: str,
    written: _Written,
    *,
    problem: str = "",
    at: Wrong | None = None,
    busy: bool = False,
) -> Response:
    """Show what is asked, or what was written. at: of which field a problem is.

    busy: a list is being written, and an answer waits for its end.
    """
    given = written.given
    with read(desk.engine) as session:
        asked = answering.find(session, token, desk.now())
    if not asked.fields:
        given, at = {"other": _in_one(written.changed)}, "other" if at else None
    return render(
        request,
        "desk/own_sheet.html",
        None,
        http_status=409 if busy else 422 if problem else 200,
        answer="",
        name=asked.name,
        fields={wrong: (LABELS[wrong], text) for wrong, text in asked.fields.items()},
        given={"other": "", **asked.fields, **given},
        shown={**asked.fields, **written.shown},
        problem=problem,
        busy=busy,
        written=bool(written.given),
        at=at,
        closed=written.closed,
        token=token,
        longest=LONGEST_TEXT,
        sent=SENT,
    )


def _in_one(given: Mapping[Wrong, str]) -> str:
    """Return all that was changed as one text, for the one field of an actor that is hidden."""
    said = [f"{label} : {given[wrong]}" for wrong, label in LABELS.items() if given.get(wrong)]
    return "\n".join([*said, given.get("other", "")]).strip()


def _given(sent: frozenset[str], prefix: str, texts: Iterable[str]) -> dict[Wrong, str]:
    """Return the fields that a page sent, by what they say; texts: in the order of SENT."""
    named = zip(SENT.items(), texts, strict=False)
    return {
        wrong: text.replace("\r\n", "\n").strip()
        for (wrong, name), text in named
        if f"{prefix}{name}" in sent
    }


def _plain(text: str) -> list[str]:
    """Return the words of a text, however they are spaced and whatever its apostrophes are."""
    return text.replace("’", "'").split()


def _said(request: Request, answer: str) -> Response:
    return render(request, "desk/own_sheet.html", None, answer=answer)
