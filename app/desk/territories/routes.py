"""Which curateur looks after which territory, and who stands in: read and changed, many at once."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Annotated
from urllib.parse import urlencode
from uuid import UUID

from fastapi import APIRouter, Form, Query, Request
from fastapi.responses import RedirectResponse, Response
from sqlalchemy.orm import Session

from app.accounts import assigning, people
from app.accounts.assigning import Assigned
from app.accounts.sessions import SignedIn
from app.audit.actions import Action
from app.audit.journal import add
from app.desk.shell import gate
from app.desk.shell.gate import Desk, DeskOf, Signed
from app.desk.shell.page import render
from app.errors import Mesure23Error
from app.gazetteer.territories import read_names
from app.models import Role
from app.platform.database.sessions import read, write
from app.platform.uuids import uuid_in
from app.platform.web.permissions import open_to
from geo.text import fold

HERE = f"{gate.HOME}/territoires"
router = APIRouter(prefix=HERE)
NOBODY = "personne"
Text = Annotated[str, Form(max_length=36)]
Sans = Annotated[str, Query(max_length=20)]
Words = Annotated[str, Query(max_length=60)]


class NothingToAssign(Mesure23Error):
    """Rien n’a été fait : il faut au moins un territoire, et une personne."""

    status = 422
    title = "Il manque les territoires ou la personne"
    advice = "Cochez des territoires, et choisissez une personne."


@dataclass(frozen=True, slots=True)
class Narrowed:
    """What is shown of the territories: words of their names or codes, or who lacks a curateur."""

    q: str = ""
    sans: str = ""

    def has(self, code: str, name: str) -> bool:
        """Return whether every word begins one of a name, or a code."""
        searched = f" {fold(code)} {fold(name)}"
        return all(f" {word}" in searched for word in fold(self.q).split())

    def query(self, **other: str | int) -> str:
        """Return its part of an address, with the question mark; nothing where nothing narrows."""
        values = {"q": self.q.strip(), "sans": "curateur" if self.sans else ""} | other
        said = urlencode({name: value for name, value in values.items() if value})
        return f"?{said}" if said else ""


@dataclass(frozen=True, slots=True)
class Given:
    """What was chosen on the page, and what it lacked. people: a field of the form -> who."""

    error: NothingToAssign | None = None
    chosen: frozenset[str] = frozenset()
    people: Mapping[str, str] = field(default_factory=dict)


@router.get("")
@open_to(Role.CURATEUR, Role.ADMINISTRATEUR)
def territories(
    request: Request,
    desk: DeskOf,
    signed: Signed,
    fait: Annotated[str, Query(max_length=3, pattern="^[0-9]*$")] = "",
    sans: Sans = "",
    q: Words = "",
) -> Response:
    """Show who looks after each territory; q: a name or a code. sans: that nobody looks after."""
    return _page(request, desk, signed, Narrowed(q, sans), done=int(fait or 0))


def _page(
    request: Request,
    desk: Desk,
    signed: SignedIn,
    narrowed: Narrowed,
    given: Given = Given(),
    done: int = 0,
) -> Response:
    """Return the page, with what was chosen on it."""
    with read(desk.engine) as session:
        names = read_names(session)
        found = assigning.assigned(session)
        offered = _curateurs(session, desk)
    lacking = [code for code in names if found.get(code, Assigned()).curateur is None]
    among = lacking if narrowed.sans else names
    return render(
        request,
        "desk/territories.html",
        signed,
        http_status=given.error.status if given.error else 200,
        given=given,
        names=names,
        shown=[code for code in among if narrowed.has(code, names[code])],
        lacking=len(lacking),
        narrowed=narrowed,
        found=found,
        nobody=Assigned(),
        people=offered,
        done=done,
    )


@router.post("")
@open_to(Role.CURATEUR, Role.ADMINISTRATEUR)
def assign(
    request: Request,
    desk: DeskOf,
    signed: Signed,
    territoire: Annotated[tuple[str, ...], Form(max_length=200)] = (),
    curateur: Text = "",
    suppleant: Text = "",
    sans: Sans = "",
    q: Words = "",
) -> Response:
    """Give the territories that were chosen to somebody; what is left empty stays.

    What is lacking is said on the page itself. sans, q: as of territories.
    """
    narrowed = Narrowed(q, sans)
    given = {"curateur": curateur, "suppleant": suppleant}
    try:
        with write(desk.engine) as session:
            count = _assign(session, desk, signed, territoire, given)
    except NothingToAssign as error:
        again = Given(error, frozenset(territoire), given)
        return _page(request, desk, signed, narrowed, again)
    return RedirectResponse(f"{HERE}{narrowed.query(fait=count)}", 303)


def _assign(
    session: Session,
    desk: Desk,
    signed: SignedIn,
    territories: Iterable[str],
    given: Mapping[str, str],
) -> int:
    """Give territories to who is named, and return how many; raise NothingToAssign."""
    changes = {name == "suppleant": _who(text) for name, text in given.items() if text}
    codes = sorted(set(territories) & read_names(session).keys())
    if not codes or not changes:
        raise NothingToAssign
    assigning.assign(session, codes, changes)
    said = {"territoires": codes} | {
        "suppléant" if stand_in else "curateur": str(who or NOBODY)
        for stand_in, who in changes.items()
    }
    add(session, desk.vault, gate.author_of(signed), Action.ASSIGNED, "", said)
    return len(codes)


def _curateurs(session: Session, desk: Desk) -> dict[UUID, str]:
    """Return the names of the curateurs who may sign in, by id, in their order."""
    return {
        each.id: each.name
        for each in people.everybody(session, desk.vault)
        if each.role is Role.CURATEUR and each.disabled_at is None
    }


def _who(text: str) -> UUID | None:
    """Return the account that a form names, None for nobody; raise NotACurateur."""
    if text == NOBODY:
        return None
    if (account := uuid_in(text)) is None:
        raise assigning.NotACurateur
    return account
