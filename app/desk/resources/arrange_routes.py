"""What stands around resources: beside situations, words that find each other, issuing bodies."""

from collections.abc import Sequence
from typing import Annotated

from fastapi import APIRouter, Form, Query, Request
from fastapi.responses import RedirectResponse, Response

from app.accounts.sessions import SignedIn
from app.cataloguing import body_names, situations, synonyms
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
from app.cataloguing.body_names import BodyGone, NameTaken
from app.cataloguing.collections import Entry
from app.cataloguing.placing import MOST_BESIDE
from app.cataloguing.situations import EnoughBeside
from app.cataloguing.synonyms import WordsWrong
from app.desk.resources.words import DONE, HERE
from app.desk.shell import gate
from app.desk.shell.gate import Desk, DeskOf, Signed
from app.desk.shell.page import render
from app.errors import Mesure23Error
from app.models import Role
from app.platform.database.sessions import read, write
from app.platform.web.permissions import open_to
from app.resources.texts import line
from app.search.situations import situations as every_situation

router = APIRouter(prefix=HERE)
Done = Annotated[str, Query(max_length=20)]
Lines = Annotated[str, Form(max_length=3_000)]
# Digest of what a form showed.
Seen = Annotated[str, Form(max_length=64)]


@router.get("/situations")
@open_to(Role.CURATEUR)
def beside(request: Request, desk: DeskOf, signed: Signed, fait: Done = "") -> Response:
    """Show what stands beside each situation of the search."""
    return _situations(request, desk, signed, done=fait)


@router.post("/situations/{number}")
@open_to(Role.CURATEUR)
def put_beside(
    request: Request,
    desk: DeskOf,
    signed: Signed,
    number: int,
    ressource: Annotated[tuple[str, ...], Form()] = (),
    geste: Annotated[str, Form(max_length=20)] = "",
    ajouter: Annotated[str, Form(max_length=500)] = "",
    choisie: Annotated[str, Form(max_length=40)] = "",
    vu: Seen = "",
) -> Response:
    """Put resources beside a situation; geste: which of them goes up, or out."""
    viewer, author = gate.viewer_of(signed), gate.author_of(signed)
    ids, (deed, _, place) = list(ressource), geste.partition(":")
    at = int(place) if place.isdecimal() and len(place) < 3 else -1
    if deed in ("monter", "enlever") and 0 <= at < len(ids):
        one = ids.pop(at)
        if deed == "monter":
            ids.insert(max(at - 1, 0), one)
    try:
        with write(desk.engine) as session:
            wanted = choisie or ajouter.strip()
            added = [find_read(session, wanted)] if wanted else []
            given = (session, desk.vault, viewer, author, number)
            situations.put(*given, [*ids, *added], vu)
    except ArrangedMeanwhile as error:
        return _situations(request, desk, signed, error=error, of=number, add=ajouter, ids=ids)
    except (EnoughBeside, NoneFound, SeveralFound) as error:
        return _situations(request, desk, signed, error=error, of=number, add=ajouter)
    return RedirectResponse(f"{HERE}/situations?fait=arrange#situation-{number}", 303)


def _situations(
    request: Request,
    desk: Desk,
    signed: SignedIn,
    *,
    done: str = "",
    error: Mesure23Error | None = None,
    of: int = 0,
    add: str = "",
    ids: Sequence[str] | None = None,
) -> Response:
    """Return the page of situations; ids: as the form of one said them, where that is stale."""
    with read(desk.engine) as session:
        found = situations.every(session)
        known = titles_of(session, ids) if ids else {}
        several = offered(session, error)
    entered = None if ids is None else [Entry(e, "", *known[e]) for e in ids if e in known]
    seen = {n: digest_of([each.public_id for each in beside]) for n, beside in found.items()}
    return render(
        request,
        "desk/resources/situations.html",
        signed,
        http_status=error.status if error else 200,
        situations=every_situation(),
        beside=found,
        entered=entered,
        seen=seen,
        most=MOST_BESIDE,
        error=error,
        of=of,
        add=add,
        several=several,
        done=DONE.get(done, ""),
    )


@router.get("/mots")
@open_to(Role.CURATEUR)
def words(request: Request, desk: DeskOf, signed: Signed, fait: Done = "") -> Response:
    """Show the groups of words that find each other."""
    return _words(request, desk, signed, done=fait)


@router.post("/mots")
@open_to(Role.CURATEUR)
def put_words(
    request: Request,
    desk: DeskOf,
    signed: Signed,
    mots: Lines = "",
    groupe: Annotated[int | None, Form(ge=1, le=2**31 - 1)] = None,
    vu: Seen = "",
) -> Response:
    """Write a group, a new one where none is named; without words it is removed."""
    viewer, author = gate.viewer_of(signed), gate.author_of(signed)
    try:
        with write(desk.engine) as session:
            synonyms.put(session, desk.vault, viewer, author, groupe, _lines(mots), vu)
    except (WordsWrong, TextNames, ArrangedMeanwhile) as error:
        return _words(request, desk, signed, error=error, of=groupe, given=mots, vu=vu)
    return RedirectResponse(f"{HERE}/mots?fait=arrange", 303)


def _words(
    request: Request,
    desk: Desk,
    signed: SignedIn,
    *,
    done: str = "",
    error: Mesure23Error | None = None,
    of: int | None = None,
    given: str = "",
    vu: str = "",
) -> Response:
    with read(desk.engine) as session:
        found = synonyms.every(session)
    seen = {number: digest_of(sorted(each)) for number, each in found.items()}
    is_stale = isinstance(error, ArrangedMeanwhile)
    if of in seen and not is_stale:
        seen[of] = vu
    return render(
        request,
        "desk/resources/words.html",
        signed,
        http_status=error.status if error else 200,
        groups=found,
        seen=seen,
        is_stale=is_stale,
        error=error,
        of=of,
        given=given,
        done=DONE.get(done, ""),
    )


@router.get("/organismes")
@open_to(Role.CURATEUR)
def bodies(request: Request, desk: DeskOf, signed: Signed, fait: Done = "") -> Response:
    """Show every issuing body with its names."""
    return _bodies(request, desk, signed, done=fait)


@router.post("/organismes/{code}")
@open_to(Role.CURATEUR)
def change_body(
    request: Request,
    desk: DeskOf,
    signed: Signed,
    code: str,
    nom: Annotated[str, Form(max_length=300)] = "",
    variantes: Lines = "",
    vu: Seen = "",
) -> Response:
    """Say how a body is called, and by which other names texts call it."""
    viewer, author = gate.viewer_of(signed), gate.author_of(signed)
    names = _lines(variantes)
    try:
        with write(desk.engine) as session:
            given = (session, desk.vault, viewer, author, code, line(nom), names)
            body_names.change(*given, vu)
    except (BodyGone, NameTaken, TextNames, ArrangedMeanwhile) as error:
        said = (nom, variantes)
        return _bodies(request, desk, signed, error=error, of=code, given=said, vu=vu)
    return RedirectResponse(f"{HERE}/organismes?fait=arrange", 303)


def _bodies(
    request: Request,
    desk: Desk,
    signed: SignedIn,
    *,
    done: str = "",
    error: Mesure23Error | None = None,
    of: str = "",
    given: tuple[str, str] = ("", ""),
    vu: str = "",
) -> Response:
    with read(desk.engine) as session:
        found = [(each.code, each.name, tuple(each.variants)) for each in body_names.every(session)]
    seen = {code: digest_of((name, *variants)) for code, name, variants in found}
    is_stale = isinstance(error, ArrangedMeanwhile)
    if of in seen and not is_stale:
        seen[of] = vu
    return render(
        request,
        "desk/resources/bodies.html",
        signed,
        http_status=error.status if error else 200,
        bodies=found,
        seen=seen,
        is_stale=is_stale,
        error=error,
        of=of,
        given=given,
        done=DONE.get(done, ""),
    )


def _lines(text: str) -> list[str]:
    return [each for each in map(line, text.splitlines()) if each]
