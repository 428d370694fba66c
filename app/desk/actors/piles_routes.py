"""The two piles that lists leave: who nobody could classify, and who is hidden, with why."""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import replace
from uuid import UUID

from fastapi import APIRouter, Request
from fastapi.responses import Response

from app.accounts.sessions import SignedIn
from app.desk.actors.choices import asked_by, choices
from app.desk.actors.outcomes import outcome
from app.desk.actors.showing import Lacking
from app.desk.shell import gate
from app.desk.shell.categories import offered_categories
from app.desk.shell.gate import Desk, DeskOf, Signed
from app.desk.shell.page import render
from app.models import Role
from app.platform.database.sessions import read
from app.platform.uuids import uuid_in
from app.platform.web.permissions import open_to
from app.records.counts import count
from app.records.hidden import why_hidden
from app.records.history import last_revisions
from app.records.listing import Line, everyone, find, mark_as_read
from app.records.many import MOST, MOST_FOUND
from app.records.piles import groups
from app.records.wanted import CAUSES, DECIDED, MINE

router = APIRouter(prefix=gate.HOME)
# A référent of the State learns nothing of who is hidden.
READERS = (Role.REFERENT_DEPARTEMENT, Role.CURATEUR)
NARROWED_BY = ("territoire", "protection")


@router.get("/a-classer")
@open_to(*READERS)
def to_classify(request: Request, desk: DeskOf, signed: Signed) -> Response:
    """Show who is to be classified, by the word that lists have for them."""
    return to_classify_page(request, desk, signed)


def to_classify_page(
    request: Request,
    desk: Desk,
    signed: SignedIn,
    lacking: Lacking = Lacking(),
) -> Response:
    """Return the pile, with what was chosen of the group of a word."""
    with read(desk.engine) as session:
        wanted = asked_by(session, request, desk, signed).wanted
        mine = wanted.mine if wanted.territoire == MINE else frozenset()
        found = groups(session, desk.vault, gate.viewer_of(signed), mine)
    return render(
        request,
        "desk/actors/unclassified.html",
        signed,
        http_status=lacking.status,
        lacking=lacking,
        groups=found,
        only_mine=bool(mine),
        total=sum(len(each.actors) for each in found),
        most=MOST,
        families=offered_categories(signed.role),
        is_curateur=signed.role is Role.CURATEUR,
        word=request.query_params.get("mot", ""),
        outcome=outcome(request.query_params.get("bilan", "")),
        batch=uuid_in(request.query_params.get("lot", "")),
    )


@router.get("/masques")
@open_to(*READERS)
def hidden(request: Request, desk: DeskOf, signed: Signed) -> Response:
    """Show who is hidden, and why, without a word of what is hidden."""
    return hidden_page(request, desk, signed)


def hidden_page(
    request: Request,
    desk: Desk,
    signed: SignedIn,
    lacking: Lacking = Lacking(),
) -> Response:
    """Return the pile, those to decide first, with what was chosen on it."""
    viewer = gate.viewer_of(signed)
    with read(desk.engine) as session:
        asked = asked_by(session, request, desk, signed)
        finding = asked.finding
        wanted = replace(asked.wanted, decide=asked.wanted.decide or "non", donner="")
        by_place = replace(wanted, masque="oui", sort="territoire")
        found = find(finding, by_place)
        few = 0 < found.total <= MOST_FOUND
        mark = mark_as_read(session, everyone(finding, by_place)) if few else ""
        numbers = last_revisions(session, [each.public_id for each in found.lines])
        why = why_hidden(session, desk.vault, viewer, [each.actor_id for each in found.lines])
        offered = choices(asked, *NARROWED_BY)
        counts = count(finding, by_place, ("cause", "decide", *(each.name for each in offered)))
    return render(
        request,
        "desk/actors/hidden.html",
        signed,
        http_status=lacking.status,
        lacking=lacking,
        wanted=wanted,
        lot=by_place.query(page=found.page),
        found=found,
        by_why=_by_why(found.lines, why),
        mark=mark,
        most_found=MOST_FOUND,
        why=why,
        numbers=numbers,
        reread=request.query_params.get("relire", "").split("."),
        choices=offered,
        counts=counts,
        causes={value: label for value, (_, label) in CAUSES.items() if counts["cause"][value]},
        decided=DECIDED,
        is_curateur=signed.role is Role.CURATEUR,
        outcome=outcome(request.query_params.get("bilan", "")),
        batch=uuid_in(request.query_params.get("lot", "")),
    )


def _by_why(lines: Iterable[Line], why: Mapping[UUID, list[str]]) -> list[list[Line]]:
    """Return the actors of a page by what hides them, as the first of each stands."""
    found: defaultdict[tuple[str | None, ...], list[Line]] = defaultdict(list)
    for line in lines:
        found[line.status, line.level, *why.get(line.actor_id, ())].append(line)
    return list(found.values())
