"""The actors that somebody works on: searched, narrowed, sorted, fifty a page."""

from typing import Any

from fastapi import APIRouter, Request
from fastapi.responses import Response
from sqlalchemy.orm import Session

from app.accounts.sessions import SignedIn
from app.desk.actors.choices import choices, offered_categories, territories_of, wanted_by
from app.desk.actors.outcomes import batch_of, outcome
from app.desk.actors.showing import ACTORS, WORKERS, Lacking
from app.desk.shell import gate
from app.desk.shell.gate import Desk, DeskOf, Signed
from app.desk.shell.page import render
from app.platform.database.sessions import read
from app.platform.web.permissions import open_to
from app.records.counts import count
from app.records.finding import Finding
from app.records.listing import everyone, find, mark_of
from app.records.many import MOST_FOUND
from app.records.wanted import SORTS
from geo.zones import paris_day

router = APIRouter(prefix=ACTORS)


@router.get("")
@open_to(*WORKERS)
def actors(request: Request, desk: DeskOf, signed: Signed) -> Response:
    """Show a page of the actors that somebody works on."""
    return page(request, desk, signed)


def page(
    request: Request,
    desk: Desk,
    signed: SignedIn,
    lacking: Lacking = Lacking(),
) -> Response:
    """Return a page of the list, with what was chosen on it."""
    with read(desk.engine) as session:
        shown = _list(session, request, desk, signed)
    return render(
        request,
        "desk/actors/list.html",
        signed,
        http_status=lacking.status,
        lacking=lacking,
        **shown,
    )


def _list(session: Session, request: Request, desk: Desk, signed: SignedIn) -> dict[str, Any]:
    viewer = gate.viewer_of(signed)
    territories = territories_of(session, signed)
    wanted = wanted_by(session, request, signed, territories)
    today = paris_day(desk.now())
    offered = choices(session, desk.vault, viewer, territories, wanted)
    finding = Finding(session, desk.vault, viewer, today)
    found = find(finding, wanted)
    few = 0 < found.total <= MOST_FOUND
    return {
        "wanted": wanted,
        "found": found,
        "mark": mark_of(everyone(finding, wanted)) if few else "",
        "choices": offered,
        "counts": count(finding, wanted, (each.name for each in offered)),
        "sorts": SORTS,
        "narrowed": [
            (choice.label, choice.said(getattr(wanted, choice.name)), wanted.without(choice.name))
            for choice in offered
            if getattr(wanted, choice.name)
        ],
        "territories": territories,
        "list_path": ACTORS,
        "most_found": MOST_FOUND,
        "families": offered_categories(signed.role),
        "outcome": outcome(request.query_params.get("bilan", "")),
        "batch": batch_of(request.query_params.get("lot", "")),
    }
