"""Collections: added, put in an order with a note of why each is there, shown to readers."""

from dataclasses import dataclass, replace
from typing import Annotated

from fastapi import APIRouter, Depends, Form, Query, Request
from fastapi.responses import RedirectResponse, Response
from sqlalchemy.orm import Session

from app.accounts.sessions import SignedIn
from app.cataloguing import collections
from app.cataloguing.arranging import (
    ArrangedMeanwhile,
    NoneFound,
    SeveralFound,
    TextNames,
    digest_of,
    find_read,
    offered,
    titles_of,
)
from app.cataloguing.collections import (
    NOTE_MAX,
    SUMMARY_MAX,
    TITLE_MAX,
    CollectionGone,
    Entry,
    TitleNeeded,
    Wanted,
)
from app.desk.resources.words import DONE, HERE
from app.desk.shell import gate
from app.desk.shell.gate import Desk, DeskOf, Signed
from app.desk.shell.page import render
from app.errors import CollectionUnknown, Mesure23Error
from app.models import Role
from app.platform.database.sessions import read, write
from app.platform.web.permissions import open_to
from app.resources.texts import line, lines

router = APIRouter(prefix=f"{HERE}/collections")
LARGEST = 200_000
_Title = Annotated[str, Form(max_length=TITLE_MAX)]
Seen = Annotated[str, Form(max_length=64)]
_Each = Annotated[tuple[str, ...], Form()]


@dataclass(frozen=True, slots=True)
class Sent:
    """A collection as a form sends it. add: which is added; seen: digest of what it showed."""

    wanted: Wanted
    add: str
    seen: str


def _sent(
    titre: _Title = "",
    resume: Annotated[str, Form(max_length=SUMMARY_MAX)] = "",
    publiee: bool = Form(False),
    ressource: _Each = (),
    note: _Each = (),
    geste: Annotated[str, Form(max_length=20)] = "",
    ajouter: Annotated[str, Form(max_length=500)] = "",
    choisie: Annotated[str, Form(max_length=40)] = "",
    vu: Seen = "",
) -> Sent:
    notes = [*note, *[""] * len(ressource)]
    entries = [
        Entry(each, line(why)[:NOTE_MAX]) for each, why in zip(ressource, notes, strict=False)
    ]
    wanted = Wanted(line(titre), lines(resume), publiee, tuple(_moved(entries, geste)))
    return Sent(wanted, choisie or ajouter.strip(), vu)


SentOf = Annotated[Sent, Depends(_sent)]


@router.get("")
@open_to(Role.CURATEUR)
def every(
    request: Request,
    desk: DeskOf,
    signed: Signed,
    fait: Annotated[str, Query(max_length=20)] = "",
) -> Response:
    """Show every collection."""
    return _list(request, desk, signed, done=fait)


@router.post("")
@open_to(Role.CURATEUR)
def create(request: Request, desk: DeskOf, signed: Signed, titre: _Title = "") -> Response:
    """Add a collection, which no reader sees yet."""
    viewer, author = gate.viewer_of(signed), gate.author_of(signed)
    try:
        with write(desk.engine) as session:
            slug = collections.create(session, desk.vault, viewer, author, line(titre))
    except (TextNames, TitleNeeded) as error:
        return _list(request, desk, signed, error=error, title=titre)
    return RedirectResponse(f"{HERE}/collections/{slug}?fait=arrange", 303)


@router.get("/{collection}")
@open_to(Role.CURATEUR)
def one(
    request: Request,
    desk: DeskOf,
    signed: Signed,
    collection: str,
    fait: Annotated[str, Query(max_length=20)] = "",
) -> Response:
    """Show a collection."""
    return _page(request, desk, signed, collection, done=fait)


@router.post("/{collection}/creer", max_body_size=LARGEST)
@open_to(Role.CURATEUR)
def create_again(
    request: Request, desk: DeskOf, signed: Signed, collection: str, sent: SentOf
) -> Response:
    """Add a collection that was removed while somebody arranged it."""
    viewer, author = gate.viewer_of(signed), gate.author_of(signed)
    try:
        with write(desk.engine) as session:
            wanted = _with_added(session, sent)
            slug = collections.create_again(session, desk.vault, viewer, author, wanted)
    except (TextNames, TitleNeeded, NoneFound, SeveralFound) as error:
        return _gone(request, desk, signed, collection, sent, error)
    return RedirectResponse(f"{HERE}/collections/{slug}?fait=arrange", 303)


@router.post("/{collection}", max_body_size=LARGEST)
@open_to(Role.CURATEUR)
def change(
    request: Request, desk: DeskOf, signed: Signed, collection: str, sent: SentOf
) -> Response:
    """Save a collection whole, with what its button does to it."""
    viewer, author = gate.viewer_of(signed), gate.author_of(signed)
    try:
        with write(desk.engine) as session:
            given = (session, desk.vault, viewer, author, collection)
            collections.change(*given, _with_added(session, sent), sent.seen)
    except CollectionUnknown:
        return _gone(request, desk, signed, collection, sent, CollectionGone())
    except (ArrangedMeanwhile, TextNames, TitleNeeded, NoneFound, SeveralFound) as error:
        return _page(request, desk, signed, collection, error=error, sent=sent)
    return RedirectResponse(f"{HERE}/collections/{collection}?fait=arrange", 303)


@router.post("/{collection}/enlever")
@open_to(Role.CURATEUR)
def remove(
    request: Request, desk: DeskOf, signed: Signed, collection: str, vu: Seen = ""
) -> Response:
    """Remove a collection; its resources stay."""
    viewer, author = gate.viewer_of(signed), gate.author_of(signed)
    try:
        with write(desk.engine) as session:
            collections.remove(session, desk.vault, viewer, author, collection, vu)
    except ArrangedMeanwhile as error:
        return _page(request, desk, signed, collection, error=error)
    return RedirectResponse(f"{HERE}/collections?fait=retire-de", 303)


def _with_added(session: Session, sent: Sent) -> Wanted:
    """Return a collection as a form says it, with what that adds; raise as find_read() does."""
    if not sent.add:
        return sent.wanted
    added = Entry(find_read(session, sent.add))
    return replace(sent.wanted, entries=(*sent.wanted.entries, added))


def _moved(entries: list[Entry], deed: str) -> list[Entry]:
    """Return entries after a button: one of them raised, or taken out."""
    what, _, place = deed.partition(":")
    at = int(place) if place.isdecimal() and len(place) < 4 else -1
    if not 0 <= at < len(entries):
        return entries
    if what == "enlever":
        del entries[at]
    elif what == "monter" and at:
        entries[at - 1], entries[at] = entries[at], entries[at - 1]
    return entries


def _list(
    request: Request,
    desk: Desk,
    signed: SignedIn,
    *,
    done: str = "",
    error: Mesure23Error | None = None,
    title: str = "",
) -> Response:
    with read(desk.engine) as session:
        found = collections.every(session)
    return render(
        request,
        "desk/resources/collections.html",
        signed,
        http_status=error.status if error else 200,
        collections=found,
        title=title,
        error=error,
        done=DONE.get(done, ""),
    )


def _page(
    request: Request,
    desk: Desk,
    signed: SignedIn,
    slug: str,
    *,
    done: str = "",
    error: Mesure23Error | None = None,
    sent: Sent | None = None,
) -> Response:
    """Return the page of a collection; sent: as its form said it, where that is not saved."""
    with read(desk.engine) as session:
        try:
            found, entries = collections.read(session, slug)
        except CollectionUnknown:
            if sent is None:
                raise
            return _gone(request, desk, signed, slug, sent, CollectionGone())
        entered = _entered(session, sent.wanted) if sent else None
        several = offered(session, error)
    present = Wanted(found.title, found.summary, found.published, entries)
    seen, is_stale = digest_of(present.state), isinstance(error, ArrangedMeanwhile)
    if sent is not None and not is_stale:
        seen = sent.seen
    return render(
        request,
        "desk/resources/collection.html",
        signed,
        http_status=error.status if error else 200,
        collection=found,
        slug=slug,
        wanted=entered or present,
        present=present if is_stale and sent else None,
        seen=seen,
        add=sent.add if sent else "",
        several=several,
        error=error,
        done=DONE.get(done, ""),
    )


def _gone(
    request: Request, desk: Desk, signed: SignedIn, slug: str, sent: Sent, error: Mesure23Error
) -> Response:
    """Return what somebody wrote of a collection that is there no more, to be added again."""
    with read(desk.engine) as session:
        entered = _entered(session, sent.wanted)
        several = offered(session, error)
    return render(
        request,
        "desk/resources/collection.html",
        signed,
        http_status=error.status,
        collection=None,
        slug=slug,
        wanted=entered,
        present=None,
        add=sent.add,
        several=several,
        error=error,
        done="",
    )


def _entered(session: Session, wanted: Wanted) -> Wanted:
    """Return a collection as a form said it, with the titles of what readers have of it."""
    known = titles_of(session, [each.public_id for each in wanted.entries])
    said = [each for each in wanted.entries if each.public_id in known]
    entries = tuple(Entry(e.public_id, e.note, *known[e.public_id]) for e in said)
    return replace(wanted, entries=entries)
