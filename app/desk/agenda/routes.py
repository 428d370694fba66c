"""The events of the desk: lists, the form of one, and what becomes of it."""

from typing import Annotated, Literal, NamedTuple

from fastapi import APIRouter, Depends, Form, Query, Request
from fastapi.responses import RedirectResponse, Response

from app.accounts.people import names_of
from app.accounts.sessions import SignedIn
from app.agenda.event import AUDIENCES, FORMS
from app.announcing import listing, writing
from app.announcing.errors import ChangedSince, EventChanged, EventMissing, TextWithheld
from app.announcing.letters import count_doubtful
from app.announcing.listing import Tab, is_masked
from app.desk.agenda.entered import (
    REASON_MAX,
    Entered,
    NotWhole,
    content_of,
    read_form,
    shown,
)
from app.desk.agenda.words import DONE, EMPTY, HERE, STATUSES, TABS, remarks_in_words
from app.desk.shell import gate
from app.desk.shell.gate import Desk, DeskOf, Signed
from app.desk.shell.page import WORKERS, render
from app.errors import Mesure23Error
from app.gazetteer.territories import read_names
from app.models import Role
from app.models.agenda import EventStatus
from app.platform.database.sessions import read, write
from app.platform.web.permissions import open_to
from app.registrations.registering import count
from app.resources.choices import THEMES
from app.resources.texts import line
from geo.zones import PLACES

router = APIRouter(prefix=HERE)
EnteredOf = Annotated[Entered, Depends(read_form)]
Wish = Annotated[Literal["enregistrer", "proposer", "publier"], Form()]
Seen = Annotated[str, Form(max_length=40)]


class State(NamedTuple):
    """What became of an event. version: by which a form says what it was based on."""

    status: EventStatus
    version: str
    is_cancelled: bool = False
    is_over: bool = False


NEW = State("draft", "")


@router.get("")
@open_to(*WORKERS)
def agenda(
    request: Request,
    desk: DeskOf,
    signed: Signed,
    onglet: Tab | None = None,
    fait: Annotated[str, Query(max_length=20)] = "",
) -> Response:
    """Show a list of events: what waits first, for whoever publishes."""
    viewer, who, now = gate.viewer_of(signed), gate.author_of(signed).who, desk.now()
    with read(desk.engine) as session:
        counts = listing.counts(session, viewer, who, now)
        waits = viewer.publishes_resources and counts["proposes"]
        tab: Tab = onglet or ("proposes" if waits else "a-venir")
        lines = listing.listed(session, desk.vault, viewer, who, tab, now)
        names = read_names(session)
        people = names_of(session, desk.vault, {each.who for each in lines})
    return render(
        request,
        "desk/agenda.html",
        signed,
        lines=lines,
        tab=tab,
        tabs=TABS,
        counts=counts,
        empty=EMPTY[tab],
        names=names,
        people=people,
        statuses=STATUSES,
        forms=FORMS,
        done=DONE.get(fait, ""),
    )


@router.get("/nouveau")
@open_to(*WORKERS)
def new(request: Request, desk: DeskOf, signed: Signed) -> Response:
    """Show the form of a new event."""
    first = next(iter(sorted(signed.territories)), "")
    return _form(request, desk, signed, Entered(territoire=first))


@router.post("/nouveau")
@open_to(*WORKERS)
def add(
    request: Request, desk: DeskOf, signed: Signed, entered: EnteredOf, geste: Wish = "enregistrer"
) -> Response:
    """Save a new event, and propose or publish it where that is asked for."""
    viewer, author, now = gate.viewer_of(signed), gate.author_of(signed), desk.now()
    try:
        with write(desk.engine) as session:
            names = gate.territories_of(session, signed)
            content = content_of(session, viewer, entered, names, now)
            record = writing.create(session, desk.vault, viewer, author, content, now)
            event_id, version = record.public_id, writing.version_of(record)
    except NotWhole as wrong:
        return _form(request, desk, signed, wrong.entered)
    except Mesure23Error as error:
        return _form(request, desk, signed, entered, error=error)
    # A text that is not published is saved all the same.
    return _go_on(request, desk, signed, (event_id, version), geste, entered)


@router.get("/{event_id}")
@open_to(*WORKERS)
def event(
    request: Request,
    desk: DeskOf,
    signed: Signed,
    event_id: str,
    fait: Annotated[str, Query(max_length=20)] = "",
) -> Response:
    """Show the form of an event, or that it is read once that is noted."""
    return _page(request, desk, signed, event_id, done=DONE.get(fait, ""))


@router.post("/{event_id}")
@open_to(*WORKERS)
def change(
    request: Request,
    desk: DeskOf,
    signed: Signed,
    event_id: str,
    entered: EnteredOf,
    vu: Seen = "",
    geste: Wish = "enregistrer",
) -> Response:
    """Save an event anew, and propose or publish it where that is asked for."""
    viewer, author, now = gate.viewer_of(signed), gate.author_of(signed), desk.now()
    try:
        with write(desk.engine) as session:
            record = writing.find(session, viewer, author.who, event_id, lock=True)
            before = writing.content_of(desk.vault, record)
            names = gate.territories_of(session, signed)
            # Whom the form could not show stays.
            hidden = shown(session, viewer, before).organisateur == ""
            former = before.actor if hidden and not entered.organisateur else None
            content = content_of(session, viewer, entered, names, now, former)
            given = (session, desk.vault, viewer, author, record, content, vu, now)
            writing.change(*given)
            version = writing.version_of(record)
    except NotWhole as wrong:
        return _page(request, desk, signed, event_id, wrong.entered)
    except EventMissing:
        raise
    except Mesure23Error as error:
        return _page(request, desk, signed, event_id, entered, error=error)
    return _go_on(request, desk, signed, (event_id, version), geste, entered)


@router.post("/{event_id}/ouvrir")
@open_to(Role.CURATEUR)
def open_masked(request: Request, desk: DeskOf, signed: Signed, event_id: str) -> Response:
    """Show an event that names who is hidden, once that is noted."""
    author = gate.author_of(signed)
    with write(desk.engine) as session:
        record = writing.find(session, gate.viewer_of(signed), author.who, event_id)
        writing.read_masked(session, desk.vault, author, record.id)
    return _page(request, desk, signed, event_id, opened=True)


@router.post("/{event_id}/annuler")
@open_to(Role.CURATEUR)
def cancel(
    request: Request,
    desk: DeskOf,
    signed: Signed,
    event_id: str,
    motif: Annotated[str, Form(max_length=REASON_MAX)] = "",
    vu: Seen = "",
) -> Response:
    """Say that an event does not take place."""
    viewer, author, now = gate.viewer_of(signed), gate.author_of(signed), desk.now()
    try:
        with write(desk.engine) as session:
            record = writing.find(session, viewer, author.who, event_id, lock=True)
            if vu and vu != writing.version_of(record):
                raise EventChanged
            given = (session, desk.vault, viewer, author, record, line(motif), now)
            writing.cancel(*given)
    except EventMissing:
        raise
    except Mesure23Error as error:
        return _page(request, desk, signed, event_id, error=error)
    return RedirectResponse(f"{HERE}/{event_id}?fait=annule", 303)


@router.post("/{event_id}/retirer")
@open_to(Role.CURATEUR)
def withdraw(desk: DeskOf, signed: Signed, event_id: str) -> Response:
    """Take an event from its readers, or hand a proposal back."""
    viewer, author = gate.viewer_of(signed), gate.author_of(signed)
    with write(desk.engine) as session:
        record = writing.find(session, viewer, author.who, event_id, lock=True)
        writing.withdraw(session, desk.vault, viewer, author, record)
    return RedirectResponse(f"{HERE}?fait=retire&onglet=brouillons", 303)


def _go_on(
    request: Request,
    desk: Desk,
    signed: SignedIn,
    saved: tuple[str, str],
    wish: str,
    entered: Entered,
) -> Response:
    """Propose or publish what was just saved, and say what was done; saved: its id, its version."""
    viewer, author = gate.viewer_of(signed), gate.author_of(signed)
    (event_id, version), done = saved, "enregistre"
    try:
        with write(desk.engine) as session:
            record = writing.find(session, viewer, author.who, event_id, lock=True)
            if wish != "enregistrer" and version != writing.version_of(record):
                raise ChangedSince
            if wish == "publier" and viewer.publishes_resources:
                writing.publish(session, desk.vault, viewer, author, record, desk.now())
            elif wish == "proposer":
                writing.propose(session, desk.vault, author, record)
            if record.status in ("published", "proposed"):
                done = record.status
    except Mesure23Error as error:
        return _page(request, desk, signed, event_id, entered, error=error)
    return RedirectResponse(f"{HERE}/{event_id}?fait={done}", 303)


def _page(
    request: Request,
    desk: Desk,
    signed: SignedIn,
    event_id: str,
    entered: Entered | None = None,
    *,
    error: Mesure23Error | None = None,
    done: str = "",
    opened: bool = False,
) -> Response:
    viewer, who = gate.viewer_of(signed), gate.author_of(signed).who
    with read(desk.engine) as session:
        record = writing.find(session, viewer, who, event_id)
        content = writing.content_of(desk.vault, record)
        hidden = is_masked(record, who) and not opened
        masked = hidden and entered is None
        form = Entered() if masked else entered or shown(session, viewer, content)
        state = State(
            record.status,
            writing.version_of(record),
            is_cancelled=record.cancelled_at is not None,
            is_over=record.ends_at <= desk.now(),
        )
        coming = count(session, record.id)
        doubtful = count_doubtful(session, record.id, desk.now())
    return _form(
        *(request, desk, signed, form),
        event_id=event_id,
        state=state,
        error=error,
        done=done,
        masked=masked,
        reason="" if hidden else content.reason,
        coming=coming,
        doubtful=doubtful,
    )


def _form(
    request: Request,
    desk: Desk,
    signed: SignedIn,
    entered: Entered,
    *,
    event_id: str = "",
    state: State = NEW,
    error: Mesure23Error | None = None,
    done: str = "",
    masked: bool = False,
    reason: str = "",
    coming: int = 0,
    doubtful: int = 0,
) -> Response:
    with read(desk.engine) as session:
        names = gate.territories_of(session, signed)
    problem = 422 if entered.problems else error.status if error else 200
    return render(
        request,
        "desk/agenda_event.html",
        signed,
        http_status=problem,
        entered=entered,
        public_id=event_id,
        statuses=STATUSES,
        **state._asdict(),
        error=error,
        remarks=remarks_in_words(error.remarks) if isinstance(error, TextWithheld) else [],
        done=done,
        masked=masked,
        reason=reason,
        coming=coming,
        doubtful=doubtful,
        names=names,
        forms=FORMS,
        audiences=AUDIENCES,
        zones=PLACES,
        themes={code: each.label for code, each in THEMES().items()},
        publishes=signed.role is Role.CURATEUR,
        reason_max=REASON_MAX,
        path=HERE,
    )
