"""The yearly question to somebody's chief, by the link of a mail: its page, and their answer."""

from typing import Annotated, Literal

from fastapi import APIRouter, Form, Path, Request
from fastapi.responses import Response

from app.accounts import confirming, ending, notices, people
from app.accounts.people import BY_CHIEF, access_of
from app.audit.actions import Action
from app.audit.journal import Author, add
from app.desk.shell import gate
from app.desk.shell.gate import DeskOf
from app.desk.shell.page import render
from app.models.account import CONFIRMED_FOR
from app.platform.database.sessions import read, write
from app.platform.web.permissions import Profile, open_to

router = APIRouter(prefix=f"{gate.DOOR}/confirmation")
Link = Annotated[str, Path(max_length=100)]
CHIEF = Author(BY_CHIEF)


@router.get("/{link}")
@open_to(Profile.LINK)
def question(request: Request, desk: DeskOf, link: Link) -> Response:
    """Ask whether somebody still has their office; raise ConfirmationEnded."""
    with read(desk.engine) as session:
        account = confirming.find(session, link, desk.now())
        person = people.read_person(desk.vault, account)
    before = person.confirmed_at + CONFIRMED_FOR
    return render(
        request,
        "desk/confirmation.html",
        None,
        person=person,
        access=access_of(person.role),
        link=link,
        before=before,
        answer="",
    )


@router.post("/{link}")
@open_to(Profile.LINK)
def answer(
    request: Request,
    desk: DeskOf,
    link: Link,
    reponse: Annotated[Literal["oui", "non"], Form()],
) -> Response:
    """Confirm an account, or disable it; raise ConfirmationEnded or LastAdministrator."""
    now = desk.now()
    with write(desk.engine) as session:
        account = confirming.find(session, link, now, lock=True)
        person = people.read_person(desk.vault, account)
        subject = str(account.id)
        if reponse == "oui":
            confirming.confirm(session, account, now)
            add(session, desk.vault, CHIEF, Action.CONFIRMED, subject)
        else:
            ending.disable(session, account, now)
            add(session, desk.vault, CHIEF, Action.DISABLED, subject, {"pourquoi": "left"})
    if reponse == "non":
        notices.mail_administrators(
            desk.settings,
            desk.engine,
            desk.vault,
            deed=Action.DISABLED,
            person=person,
            by=BY_CHIEF,
            now=now,
        )
    return render(request, "desk/confirmation.html", None, person=person, link=link, answer=reponse)
