"""Every resource of the desk: what waits first, then what is written, read, due and withdrawn."""

from typing import Annotated

from fastapi import APIRouter, Query, Request
from fastapi.responses import Response

from app.accounts.people import names_of
from app.cataloguing import drafts, listing
from app.cataloguing.listing import Tab
from app.cataloguing.secrecy import MASKED
from app.desk.resources.words import DONE, EMPTY, HERE, TABS
from app.desk.shell import gate
from app.desk.shell.gate import DeskOf, Signed
from app.desk.shell.page import WORKERS, render
from app.desk.shell.taking_in import take_in
from app.models import Role
from app.platform.database.sessions import read
from app.platform.web.permissions import open_to
from app.resources.vocabulary import terms
from geo.zones import paris_day

router = APIRouter(prefix=HERE)


@router.get("")
@open_to(*WORKERS)
def resources(
    request: Request,
    desk: DeskOf,
    signed: Signed,
    onglet: Tab | None = None,
    q: Annotated[str, Query(max_length=200)] = "",
    page: Annotated[int, Query(ge=1, le=1_000)] = 1,
    fait: Annotated[str, Query(max_length=20)] = "",
) -> Response:
    """Show a list of resources: by itself the first one that has some."""
    publishes = signed.role is Role.CURATEUR
    if publishes:
        take_in(desk.engine, desk.vault)
    viewer, who, today = gate.viewer_of(signed), gate.author_of(signed).who, paris_day(desk.now())
    with read(desk.engine) as session:
        counts = listing.counts(session, viewer, who, today)
        first: Tab = "a-relire" if counts["a-relire"] else "publiees"
        tab = onglet or first
        given = (session, desk.vault, viewer, who, tab, q.strip(), page, today)
        found = listing.listed(*given)
        names = names_of(session, desk.vault, {each.who for each in found.lines})
        draft = drafts.find(session, desk.vault, signed.account_id, None)
    return render(
        request,
        "desk/resources/list.html",
        signed,
        found=found,
        tab=tab,
        tabs=TABS,
        empty=EMPTY[tab],
        counts=counts,
        words=q,
        names=names,
        masked=found.masked,
        masked_title=MASKED,
        draft=draft,
        forms={code: term.label for code, term in terms("forms").items()},
        today=today,
        publishes=publishes,
        done=DONE.get(fait, ""),
        is_aside=fait == "cote",
    )
