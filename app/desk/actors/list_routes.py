"""The actors that somebody works on: searched, narrowed, sorted, fifty a page."""

from dataclasses import replace
from typing import Annotated

from fastapi import APIRouter, Query, Request
from fastapi.responses import RedirectResponse, Response

from app.accounts.sessions import SignedIn
from app.desk.actors.choices import asked_by, choices
from app.desk.actors.outcomes import outcome
from app.desk.actors.showing import ACTORS, WORKERS, Lacking
from app.desk.shell.categories import offered_categories
from app.desk.shell.gate import Desk, DeskOf, Signed
from app.desk.shell.page import render
from app.platform.database.sessions import read
from app.platform.uuids import uuid_in
from app.platform.web.permissions import open_to
from app.records.counts import count
from app.records.listing import everyone, find, mark_of
from app.records.many import MOST_FOUND
from app.records.wanted import SORTS

router = APIRouter(prefix=ACTORS)


@router.get("")
@open_to(*WORKERS)
def actors(
    request: Request,
    desk: DeskOf,
    signed: Signed,
    fiche: Annotated[str, Query(max_length=10)] = "",
) -> Response:
    """Show a page of the actors that somebody works on.

    fiche: "seule" leads to the sheet of the only one that is found.
    """
    return page(request, desk, signed, to_sheet=fiche == "seule")


def page(
    request: Request,
    desk: Desk,
    signed: SignedIn,
    lacking: Lacking = Lacking(),
    *,
    to_sheet: bool = False,
) -> Response:
    """Return a page of the list, with what was chosen on it; to_sheet: or the only one's sheet."""
    with read(desk.engine) as session:
        asked = asked_by(session, request, desk, signed)
        # What is decided is a tab of the pile of the hidden, and says nothing of the others.
        asked = replace(asked, wanted=replace(asked.wanted, decide=""))
        wanted = asked.wanted
        offered = choices(asked)
        found = find(asked.finding, wanted)
        alone = found.lines[0] if found.total == len(found.lines) == 1 else None
        if to_sheet and wanted.q and alone and alone.known:
            return RedirectResponse(f"{ACTORS}/{alone.public_id}", 303)
        few = 0 < found.total <= MOST_FOUND
        shown = [each.public_id for each in found.lines]
        others = few and len(shown) < found.total
        mark = mark_of(everyone(asked.finding, wanted) if others else shown) if few else ""
        counts = count(asked.finding, wanted, (each.name for each in offered))
    return render(
        request,
        "desk/actors/list.html",
        signed,
        http_status=lacking.status,
        lacking=lacking,
        wanted=wanted,
        found=found,
        mark=mark,
        choices=offered,
        counts=counts,
        sorts=SORTS,
        narrowed=[
            (choice.label, choice.said(getattr(wanted, choice.name)), wanted.without(choice.name))
            for choice in offered
            if getattr(wanted, choice.name)
        ],
        territories=asked.territories,
        list_path=ACTORS,
        most_found=MOST_FOUND,
        families=offered_categories(signed.role),
        outcome=outcome(request.query_params.get("bilan", "")),
        batch=uuid_in(request.query_params.get("lot", "")),
    )
