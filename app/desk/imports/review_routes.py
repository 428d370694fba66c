"""A deposited list read line by line: what each would change is accepted, refused or put off."""

from collections.abc import Mapping, Sequence
from dataclasses import astuple, replace
from typing import Annotated, Any
from uuid import UUID

from fastapi import APIRouter, Form, Query, Request
from fastapi.responses import RedirectResponse, Response
from pydantic import AwareDatetime
from sqlalchemy import ColumnElement
from sqlalchemy.orm import Session

from app.accounts.people import names_of
from app.accounts.sessions import SignedIn
from app.desk.imports import pair_routes
from app.desk.imports.narrowing import NAMES, given, query_of
from app.desk.imports.pair_showing import beside
from app.desk.imports.part_showing import part_of
from app.desk.imports.remarks import Remark, grouped
from app.desk.imports.review_showing import ShownLine, own_day, show, usual_sheet
from app.desk.imports.routes import HERE, SENDERS
from app.desk.imports.showing import problems, shown
from app.desk.imports.words import ANSWERS, NOBODY, OUTCOMES, answered
from app.desk.shell import gate
from app.desk.shell.gate import DeskOf, Signed
from app.desk.shell.page import render
from app.gazetteer.territories import read_names
from app.lists import (
    deposits,
    review,
    review_facets,
    review_moves,
    review_tally,
    unusable_book,
)
from app.lists.deposits import Deposited
from app.lists.review import A_PAGE, CONFLICTING, Line, Narrowed
from app.lists.review_answers import note_found
from app.lists.review_passed import passed_over
from app.models import Role
from app.models.deposit import Decision
from app.platform.database.sessions import read, write
from app.platform.uuids import uuid_in
from app.platform.web.permissions import open_to
from app.records.wording import BESIDE, FIELDS
from app.vault.digests import index_key
from app.vault.sealing import Vault
from app.visibility import Viewer
from importers import vocabulary

router = APIRouter(prefix=HERE)
# What is pressed -> what it decides.
DEEDS: dict[str, Decision | None] = {
    "accepter": "accept",
    "refuser": "reject",
    "plus-tard": "later",
    "annuler": None,
}
# What a curateur answers of one line that may be a known actor: which one it is, or none.
PAIR_DEEDS = frozenset({"meme", "deux"})
# Of which lines, where it is not of one; absents: of those shown, whom the list names no more.
PAGE, ALL, CHOSEN, ABSENT = "page", "tous", "choisies", "absents"
MISSING = Narrowed("missing")
LAST_PAGE = 10_000
Lines = Annotated[list[UUID], Form(default_factory=list, max_length=2 * A_PAGE)]


def _narrowed(request: Request, signed: SignedIn) -> Narrowed:
    """Return what an address narrows lines by; what others make of an actor is a curateur's."""
    outcome, decision, field, category, commune = (given(request, name) for name in NAMES)
    by = Narrowed(outcome, decision, field, category, commune)
    if signed.role is Role.CURATEUR:
        return by
    field = "" if by.field in BESIDE else by.field
    return replace(by, field=field, outcome="" if by.outcome == "masked" else by.outcome)


def _query(by: Narrowed, **more: object) -> str:
    return query_of(dict(zip(NAMES, astuple(by)[: len(NAMES)], strict=True)) | more)


def _of_remark(
    session: Session, vault: Vault, viewer: Viewer, found: Deposited, place: int | None
) -> Remark | None:
    """Return the remark of which an address names the place, as its reader may know of it."""
    if place is None:
        return None
    return grouped(problems(session, vault, viewer, found)).at(place)


def _places(found: Deposited, remark: Remark | None) -> frozenset[tuple[int, int]]:
    """Return where the lines of a remark stand; a text file has one sheet, without a name."""
    sheets = {name: number for number, name in enumerate(found.page.get("sheets", []))}
    lines = remark.lines if remark else ()
    return frozenset((sheets.get(sheet, 0), line) for sheet, line in lines)


@router.get("/{deposit_id}/relire")
@open_to(*SENDERS)
def lines(
    request: Request,
    desk: DeskOf,
    signed: Signed,
    deposit_id: UUID,
    page: Annotated[int, Query(ge=1, le=LAST_PAGE)] = 1,
    faites: Annotated[int | None, Query(ge=0)] = None,
    sans: Annotated[str, Query(pattern=r"^([a-z]{1,12}\.\d{1,4}(,|$)){0,6}$")] = "",
    remarque: Annotated[int | None, Query(ge=0)] = None,
    derniere: UUID | None = None,
) -> Response:
    """Show the lines that are to be decided of. faites: how many were answered just now; sans: how
    many of the chosen were not, by why.

    derniere: the line that was, if it was one. remarque: place of the remark to whose lines they
    are narrowed.
    """
    viewer, by = gate.viewer_of(signed), _narrowed(request, signed)
    with read(desk.engine) as session:
        found = deposits.find(session, desk.vault, viewer, deposit_id)
        if found.state != "ready" or found.is_forgotten:
            return RedirectResponse(f"{HERE}/{deposit_id}", 303)
        remark = _of_remark(session, desk.vault, viewer, found, remarque)
        by = replace(by, places=_places(found, remark))
        key = index_key(session, desk.vault)
        total = review.count(session, viewer, found.id, key, by)
        pages = max(1, -(-total // A_PAGE))
        page = min(page, pages)
        which = review.conditions(viewer, key, by)
        start = A_PAGE * (page - 1)
        some = review.find(session, desk.vault, viewer, found.id, *which, most=A_PAGE, offset=start)
        said = _said(session, desk.vault, viewer, found, by, some)
        who = gate.author_of(signed).who
        pairs = beside(session, desk.vault, viewer, who, found.id, desk.now(), some)
        part = part_of(session, signed, found)
        last = _last(session, desk.vault, viewer, deposit_id, derniere)
    return render(
        request,
        "desk/review.html",
        signed,
        **said,
        by=by,
        page=page,
        pages=pages,
        total=total,
        part=part,
        pairs=pairs,
        query=lambda **more: _query(by, remarque=remark and f"{remark.place}", **more),
        remark=remark,
        own_day=own_day(said["rows"], found.source),
        usual_sheet=usual_sheet(said["rows"]),
        outcomes=OUTCOMES,
        in_a_file=unusable_book.MOST,
        answered=answered(faites, sans),
        last=last,
    )


def _last(
    session: Session, vault: Vault, viewer: Viewer, deposit_id: UUID, one: UUID | None
) -> ShownLine | None:
    """Return a line that was decided of just now, None where nobody did or it is not theirs."""
    if one is None:
        return None
    try:
        line = review.find_one(session, vault, viewer, deposit_id, one)
    except review.LineUnknown:
        return None
    (row,) = show(session, vault, viewer, [line])
    return row if row.decision else None


def _said(
    session: Session,
    vault: Vault,
    viewer: Viewer,
    found: Deposited,
    by: Narrowed,
    some: Sequence[Line],
) -> dict[str, Any]:
    """Return what a page of lines says."""
    key = index_key(session, vault)
    here, which = (session, viewer, found.id), review.conditions(viewer, key, by)
    categories = vocabulary.load().categories
    # Of a disagreement, what many choose at once is the record.
    asked = review.together(viewer, by, accepts=by.outcome != CONFLICTING)
    on_page = review.these([line.id for line in some])
    # Beside others they are archived by a button that says so, and by no other one.
    absent = [line.id for line in some if line.outcome == MISSING.outcome and not by.outcome]
    gone = review.together(viewer, MISSING, accepts=True)
    return {
        "each": found,
        "plan": shown(session, vault, viewer, found, remarks=False),
        "rows": show(session, vault, viewer, some),
        "facets": review_facets.facets(session, vault, viewer, found.id, key, by, categories),
        "labels": {
            "outcome": OUTCOMES,
            "decision": ANSWERS,
            "field": FIELDS | BESIDE,
            "category": {code: each.label for code, each in categories.items()},
        },
        "together": (
            review_tally.count_together(*here, on_page, *asked),
            review_tally.count_together(*here, *which, *asked),
            review_tally.count_together(*here, review.these(absent), *gone) if absent else 0,
        ),
        "tally": review_tally.tally(*here),
        "seen": review_moves.last_decided(session, found.id) or found.since,
        "territory_names": read_names(session),
        "people": names_of(session, vault, {line.who for line in some if line.who}),
    }


@router.post("/{deposit_id}/relire")
@open_to(*SENDERS)
def answer(
    request: Request,
    desk: DeskOf,
    signed: Signed,
    deposit_id: UUID,
    geste: Annotated[str, Form(max_length=60)],
    vu: Annotated[AwareDatetime, Form()],
    ligne: Lines,
    vue: Lines,
    page: Annotated[int, Form(ge=1, le=LAST_PAGE)] = 1,
    lu: Annotated[AwareDatetime | None, Form()] = None,
    remarque: Annotated[int | None, Query(ge=0)] = None,
) -> Response:
    """Decide of lines. geste: what, and of which: one by its id, those chosen, shown or found.

    vu: since when the list was ready as its reader saw it. lu: the last decision that they saw.
    """
    viewer, by = gate.viewer_of(signed), _narrowed(request, signed)
    deed, _, scope = geste.partition(".")
    answers = deed in PAIR_DEEDS and signed.role is Role.CURATEUR
    scope, _, which_one = scope.partition(".") if answers else (scope, "", "")
    one, of_some = uuid_in(scope), deed in DEEDS and scope in (PAGE, ALL, CHOSEN, ABSENT)
    if not (of_some or (one and (deed in DEEDS or answers))):
        return RedirectResponse(f"{HERE}/{deposit_id}/relire", 303)
    who, anchor, done, last, passed = str(signed.account_id), "", None, "", ""
    with write(desk.engine) as session:
        listed = deposits.find(session, desk.vault, viewer, deposit_id)
        review.hold(session, deposit_id, vu)
        remark = _of_remark(session, desk.vault, viewer, listed, remarque)
        by = replace(by, places=_places(listed, remark))
        if scope == ALL and remarque is not None and not by.places:
            # Of all lines nobody asked.
            return RedirectResponse(f"{HERE}/{deposit_id}/relire", 303)
        here, key = (session, viewer, deposit_id), index_key(session, desk.vault)
        found = review.conditions(viewer, key, by)
        if lu and (one or scope == CHOSEN):
            asked_of = review.these([one] if one else ligne)
            review_moves.check_unseen(session, deposit_id, who, lu, DEEDS.get(deed), asked_of)
        if one:
            line = review.find_one(session, desk.vault, viewer, deposit_id, one)
            follows = review_moves.next_after(*here, line.number, *found)
            if answers:
                pair_routes.answer(session, desk, signed, deposit_id, line, which_one)
            else:
                review.decide(*here, DEEDS[deed], who, review.these([one]))
            # What is taken back is asked for again, at its place.
            last = "" if deed == "annuler" else str(one)
            follows = follows if last else (one, line.number)
            anchor = f"#l-{follows[0] if follows else one}"
            if follows:
                page = review_moves.page_of(*here, follows[1], *found)
        else:
            passed = _passed(*here, by, ligne, deed) if scope == CHOSEN else ""
            ids = ligne if scope == CHOSEN else vue
            which = _which(viewer, key, by, scope, ids, accepts=deed == "accepter")
            done = review.decide(*here, DEEDS[deed], who, *which)
        note_found(session, desk.vault, deposit_id)
    more = {"page": page if page > 1 else "", "faites": "" if done is None else str(done)}
    more |= {"remarque": f"{remark.place}" if remark else "", "derniere": last, "sans": passed}
    return RedirectResponse(f"{HERE}/{deposit_id}/relire?{_query(by, **more)}{anchor}", 303)


def _which(
    viewer: Viewer, key: bytes, by: Narrowed, scope: str, ids: list[UUID], *, accepts: bool
) -> list[ColumnElement[bool]]:
    """Return which lines are answered together; ids: those chosen, or shown."""
    by = MISSING if scope == ABSENT else by
    found = review.together(viewer, by, accepts=accepts, chosen=scope == CHOSEN)
    if scope in (ALL, ABSENT):
        found += review.conditions(viewer, key, by)
    return found if scope == ALL else [*found, review.these(ids)]


def _passed(
    session: Session,
    viewer: Viewer,
    deposit_id: UUID,
    by: Narrowed,
    chosen: Sequence[UUID],
    deed: str,
) -> str:
    """Return how many of the chosen lines stay as they are, by why, as an address has it."""
    accepts = deed == "accepter"
    found: Mapping[str, int] = NOBODY
    if chosen:
        found = passed_over(session, viewer, deposit_id, by, chosen, accepts=accepts)
    return ",".join(f"{why}.{number}" for why, number in found.items())
