"""Texts that name somebody hidden: two curateurs let one out, any of them refuses it.

Of what a restored backup says as it was before it was corrected, one lets it out.
"""

from typing import Annotated, Literal
from uuid import UUID

from fastapi import APIRouter, Form, Query, Request
from fastapi.responses import RedirectResponse, Response

from app.accounts.people import names_of
from app.cataloguing import holding
from app.cataloguing.holding import Agreement, NotReadYet
from app.cataloguing.secrecy import MASKED, masked_titles
from app.desk.resources.words import DONE, HELD, HERE, remarks_in_words
from app.desk.shell import gate
from app.desk.shell.gate import DeskOf, Signed
from app.desk.shell.page import render
from app.models import Role
from app.platform.database.sessions import read, write
from app.platform.web.permissions import open_to
from app.resources.vocabulary import terms

router = APIRouter(prefix=HELD)
CAME = {Agreement.AGREED: "accord", Agreement.OUT: "sortie", Agreement.AGAIN: "encore"}


@router.get("")
@open_to(Role.CURATEUR)
def waiting(
    request: Request,
    desk: DeskOf,
    signed: Signed,
    fait: Annotated[str, Query(max_length=20)] = "",
) -> Response:
    """Show the texts that wait for curateurs, and why."""
    viewer = gate.viewer_of(signed)
    with read(desk.engine) as session:
        found = holding.waiting(session, desk.vault, viewer)
        people = {each.version.who for each in found} | {each.released_by or "" for each in found}
        names = names_of(session, desk.vault, people)
        titles = {str(each.id): each.version.content.full_title for each in found}
        masked = masked_titles(session, desk.vault, titles)
    return render(
        request,
        "desk/resources/held.html",
        signed,
        found=found,
        why={each.id: remarks_in_words(each.remarks) for each in found},
        alone={each.id for each in found if holding.one_is_enough(each.remarks)},
        names=names,
        masked=masked,
        masked_title=MASKED,
        me=gate.author_of(signed).who,
        forms={code: term.label for code, term in terms("forms").items()},
        done=DONE.get(fait, ""),
    )


@router.post("/{hold_id}/decider")
@open_to(Role.CURATEUR)
def decide(
    desk: DeskOf,
    signed: Signed,
    hold_id: UUID,
    reponse: Annotated[Literal["accorder", "refuser"], Form()],
) -> Response:
    """Agree that a text comes out, or leave it to whoever writes it anew.

    Of one that they have not read, an agreement leads to its page, where it is opened.
    """
    author, viewer, now = gate.author_of(signed), gate.viewer_of(signed), desk.now()
    try:
        with write(desk.engine) as session:
            given = (session, desk.vault, viewer, author, hold_id, now)
            if reponse == "refuser":
                holding.refuse(*given)
                done = "refusee"
            else:
                done = CAME[holding.release(*given)]
    except NotReadYet as error:
        page = f"{HERE}/{error.details['resource']}"
        return RedirectResponse(f"{page}?version={error.details['version']}&fait=a-lire", 303)
    return RedirectResponse(f"{HELD}?fait={done}", 303)
