"""Registered embeds as pages need them: what the server locks, and what an address may still ask.

The lock wins: a parameter that it sets is ignored in the address, and so is everything that says
where. The others narrow what it selects, as long as the embed shows its filters.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any
from urllib.parse import parse_qsl, urlencode

from sqlalchemy.orm import Session

from app.embeds import queries
from app.embeds.ids import ID, RegisteredUnknown
from app.embeds.look import Look, read_look
from app.errors import Mesure23Error, RequestInvalid
from app.search.criteria import Search
from app.search.facets import BY_NAME
from app.search.parameters import SEVERAL
from app.search.reading import read_search

# Parameters that say where. They are the lock's alone: one that it lacks is not read either.
WHERE = ("territoire", "dans", "lieu", "cadre", "rayon")
# Parameters that select. One that belongs to another is locked with it: the distance of an
# exclusion.
NARROWING = ("s", "q", *BY_NAME, "sans", "loin", "ecart")
TOGETHER = {"loin": "ecart"}
# Parameters that change how the same selection is shown.
SHOWING = ("tri", "page", "vue", "fond")

# Parameters of a search by name, as app.search.reading.read_search takes them.
Given = dict[str, Any]


class RegisteredOutdated(Exception):
    """The territory or a filter that an embed is locked to is known no more."""


def path_of(embed_id: str) -> str:
    """Return the path of the page of a registered embed."""
    return f"/integration/carte/{embed_id}"


@dataclass(frozen=True, slots=True, kw_only=True)
class Registered:
    """A registered embed. search, look: queries as app.models.Embed has them."""

    id: str
    search: str
    look: str
    origins: tuple[str, ...]
    name: str
    contact: str | None
    logo: bool
    revoked: bool

    @property
    def path(self) -> str:
        """Return the path of its page."""
        return path_of(self.id)

    @property
    def logo_url(self) -> str | None:
        """Return the path of its logo, if it has one."""
        return f"{self.path}/logo" if self.logo else None


@dataclass(frozen=True, slots=True)
class Logo:
    """Bytes that app.embeds.logo has accepted, and their media type."""

    content: bytes
    media_type: str


def read_registered(session: Session, embed_id: str) -> Registered:
    """Return a registered embed, revoked or not; raises RegisteredUnknown."""
    row = None
    if ID.fullmatch(embed_id):
        row = session.execute(queries.REGISTERED, {"id": embed_id}).one_or_none()
    if row is None:
        raise RegisteredUnknown
    return Registered(**row._asdict() | {"origins": tuple(row.origins)})


def read_logo(session: Session, embed_id: str) -> Logo:
    """Return the logo of an embed that is not revoked; raises RegisteredUnknown without one."""
    row = None
    if ID.fullmatch(embed_id):
        row = session.execute(queries.LOGO, {"id": embed_id}).one_or_none()
    if row is None:
        raise RegisteredUnknown
    return Logo(bytes(row.logo), row.logo_type)


def read_locked(session: Session, query: str) -> Search:
    """Return the search of a query, whose parameters say where and what, each known and once.

    Raises RequestInvalid, and what read_search raises.
    """
    return _search(session, _parsed(query))


def lockable(session: Session, search: Search) -> Search:
    """Return what a search selects, as an embed is locked to it: without how it is shown."""
    pairs = search.pairs(of_territory=True)
    selecting = [pair for pair in pairs if pair[0] in (*WHERE, *NARROWING)]
    return read_locked(session, urlencode(selecting))


def narrowed(session: Session, registered: Registered, asked: Mapping[str, Any]) -> Search:
    """Return what an address asks for, within what the embed is locked to.

    asked: parameters of app.search.parameters. Raises RegisteredOutdated, and what read_search
    raises of what is asked.
    """
    locked, look = _parsed(registered.search), look_of(registered)
    free = [*SHOWING, *(NARROWING if look.filters else ())]
    taken = locked.keys() | {TOGETHER[name] for name in locked if name in TOGETHER}
    try:
        return _search(session, {name: asked[name] for name in free if name not in taken} | locked)
    except Mesure23Error:
        check_locked(session, registered)
        raise


def check_locked(session: Session, registered: Registered) -> None:
    """Raise RegisteredOutdated where the lock alone cannot be read any more."""
    try:
        read_locked(session, registered.search)
    except Mesure23Error as error:
        raise RegisteredOutdated from error


def look_of(registered: Registered) -> Look:
    """Return how an embed looks; raises RegisteredOutdated."""
    try:
        return read_look(**dict(parse_qsl(registered.look)))
    except Mesure23Error as error:
        raise RegisteredOutdated from error


def _parsed(query: str) -> Given:
    given: Given = {}
    try:
        pairs = parse_qsl(query, keep_blank_values=True, strict_parsing=bool(query))
    except ValueError:
        raise RequestInvalid(problem="des filtres s’écrivent nom=valeur, séparés par &") from None
    for name, value in pairs:
        if name in SEVERAL:
            given[name] = (*given.get(name, ()), value)
        elif name in (*WHERE, *NARROWING) and name not in given:
            given[name] = value
        else:
            raise RequestInvalid(problem=f"« {name[:80]} » n’est pas un filtre, ou l’est deux fois")
    return given


def _search(session: Session, given: Given) -> Search:
    named = dict(given)
    return read_search(session, territory=named.pop("territoire", ""), **named)
