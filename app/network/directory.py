"""The directory: whom a member finds, by what they may read of each, counted for each filter.

What is sealed is opened once in a process, and again when it is sealed anew; who reads what of it
is asked of the database at each search. A filter or a word finds nothing that is not shown.
"""

from collections import Counter
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import lru_cache
from typing import Any
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.models import Account, NetworkMember
from app.network.errors import MemberUnknown, NotMember
from app.network.profile import Profile, open_profile
from app.network.words import FUNCTIONS, themes
from app.network.writing import NOT_READ
from app.platform.database.sessions import among
from app.vault.sealing import Vault
from app.visibility import Viewer
from app.visible.members import Audience, as_sealed, readable
from geo.text import fold

PAGE_SIZE = 20


@dataclass(frozen=True, slots=True)
class Query:
    """What is looked for: folded words, and codes; "" for any."""

    words: tuple[str, ...] = ()
    function: str = ""
    territory: str = ""
    theme: str = ""
    trains: bool = False

    @property
    def codes(self) -> dict[str, str]:
        """Return what it asks of each filter."""
        asked = {"function": self.function, "territory": self.territory, "theme": self.theme}
        return asked | {"trains": "oui" * self.trains}


@dataclass(frozen=True, slots=True)
class Organisation:
    """Whom somebody works for, as everybody reads of it."""

    public_id: str
    slug: str
    name: str
    is_protected: bool


@dataclass(frozen=True, slots=True)
class Member:
    """A member as somebody reads of them. profile: what of it they read."""

    id: UUID
    name: str
    profile: Profile
    organisation: Organisation | None
    is_own: bool = False


@dataclass(frozen=True, slots=True)
class Found:
    """A page of members. counts: of each filter, value -> how many there would be."""

    members: Sequence[Member]
    total: int
    page: int
    pages: int
    counts: Mapping[str, Counter[str]]


@dataclass(frozen=True, slots=True)
class _Opened:
    """What is sealed of a member. words: of each field, folded."""

    name: str
    folded: str
    profile: Profile
    words: Mapping[str, str]
    audiences: frozenset[tuple[str, Audience]]


@dataclass
class _Memory:
    """What this process opened, by account and the digest of what is sealed."""

    opened: dict[tuple[UUID, bytes], _Opened] = field(default_factory=dict)


_memory = _Memory()


def search(
    session: Session,
    vault: Vault,
    viewer: Viewer,
    names: Mapping[str, str],
    query: Query,
    page: int = 1,
) -> Found:
    """Return a page of who is found, by name; names: of territories. Raise NotMember."""
    counts: dict[str, Counter[str]] = {name: Counter() for name in FILTERS}
    wanted = {name: code for name, code in query.codes.items() if code}
    found: list[_Readable] = []
    for each in _read(session, vault, viewer, names):
        if not each.has_words(query.words):
            continue
        missed = [name for name, code in wanted.items() if code not in each.codes(name)]
        if not missed:
            found.append(each)
        if len(missed) < 2:
            for name in missed or FILTERS:
                for code in each.codes(name):
                    counts[name][code] += 1
    pages = max(1, -(-len(found) // PAGE_SIZE))
    page = min(page, pages)
    found.sort(key=lambda each: each.order)
    shown = found[(page - 1) * PAGE_SIZE : page * PAGE_SIZE]
    return Found([each.shown() for each in shown], len(found), page, pages, counts)


def read_members(
    session: Session, vault: Vault, viewer: Viewer, names: Mapping[str, str]
) -> list[Member]:
    """Return all members that somebody may read of, by name; raise NotMember."""
    found = sorted(_read(session, vault, viewer, names), key=lambda each: each.order)
    return [each.shown() for each in found]


def read_member(
    session: Session, vault: Vault, viewer: Viewer, names: Mapping[str, str], member: UUID
) -> Member:
    """Return one of them; raise NotMember or MemberUnknown."""
    for each in _read(session, vault, viewer, names, member):
        if each.row.account_id == member:
            return each.shown()
    raise MemberUnknown


@dataclass(slots=True)
class _Readable:
    """A member, and which fields of them somebody reads."""

    row: Any
    opened: _Opened
    fields: Collection[str]
    is_own: bool

    @property
    def order(self) -> tuple[str, UUID]:
        return self.opened.folded, self.row.account_id

    def codes(self, name: str) -> Iterable[str]:
        """Return what of a filter they have, of what is read."""
        field, has = FILTERS[name]
        return has(self.opened.profile) if field in self.fields else ()

    def has_words(self, words: Iterable[str]) -> bool:
        """Say whether all words stand in what is read."""
        if not words:
            return True
        said = [text for name, text in self.opened.words.items() if name in self.fields]
        if "organisation" in self.fields and self.row.actor_name is not None:
            said.append(fold(self.row.actor_name))
        whole = " ".join((self.opened.folded, *said))
        return all(word in whole for word in words)

    def shown(self) -> Member:
        """Return what is read of them."""
        row, organisation = self.row, None
        if "organisation" in self.fields and row.actor_public_id is not None:
            given = (row.actor_public_id, row.actor_slug, row.actor_name, row.actor_protected)
            organisation = Organisation(*given)
        profile = self.opened.profile.only(self.fields)
        return Member(row.account_id, self.opened.name, profile, organisation, self.is_own)


def _read(
    session: Session,
    vault: Vault,
    viewer: Viewer,
    names: Mapping[str, str],
    only: UUID | None = None,
) -> list[_Readable]:
    """Return whom somebody reads of; only: of one of them, and of themselves."""
    reader = viewer.asker or viewer.addressee
    own, asked = reader.account if reader else None, viewer.members()
    if only is not None:
        asked = asked.where(NetworkMember.account_id.in_((only, own)))
    rows = session.execute(asked).all()
    mine = next((frozenset(row.territories) for row in rows if row.account_id == own), None)
    if mine is None:
        # Who may not read any has no row of their own either.
        raise NotMember
    opened = _open(session, vault, rows, names, forget=only is None)
    found = []
    for row in rows:
        if (each := opened.get((row.account_id, row.sealed))) is None:
            continue
        is_own, near = row.account_id == own, not mine.isdisjoint(row.territories)
        fields = _fields(each.audiences, own=is_own, near=near, tells=row.tells)
        found.append(_Readable(row, each, fields, is_own))
    return found


@lru_cache(1_000)
def _fields(
    audiences: frozenset[tuple[str, Audience]], *, own: bool, near: bool, tells: bool
) -> Collection[str]:
    return readable(dict(audiences), own=own, near=near, tells=tells)


def _open(
    session: Session,
    vault: Vault,
    rows: Iterable[Any],
    names: Mapping[str, str],
    *,
    forget: bool,
) -> Mapping[tuple[UUID, bytes], _Opened]:
    """Return what is sealed of some members; what does not open is of nobody.

    forget: what is of none of them any more.
    """
    keys = {(row.account_id, row.sealed) for row in rows}
    known = {key: each for key, each in _memory.opened.items() if key in keys}
    missing = dict(keys - known.keys())
    asked = (
        select(Account.id, as_sealed(), Account.person, NetworkMember.profile)
        .join(NetworkMember, NetworkMember.account_id == Account.id)
        .where(among(Account.id, sorted(missing)))
    )
    for account, digest, person, sealed in session.execute(asked).all() if missing else ():
        if digest != missing[account]:
            # Written anew since the other statement, which says who may read it.
            continue
        try:
            name = vault.open_json("account", account, "person", person)["name"]
            profile = open_profile(vault, account, sealed)
        except NOT_READ:
            continue
        words = {field: fold(text) for field, text in profile.words(names)}
        audiences = frozenset(profile.audiences.items())
        known[account, digest] = _Opened(name, fold(name), profile, words, audiences)
    if forget:
        _memory.opened = known
    return known


# Filter -> the field that it asks about, and what a profile has of it.
FILTERS: dict[str, tuple[str, Callable[[Profile], Iterable[str]]]] = {
    "function": ("function", lambda one: (one.function,) if one.function else ()),
    "territory": ("territories", lambda one: one.territories),
    "theme": ("themes", lambda one: one.themes),
    "trains": ("trains", lambda one: ("oui",) if one.trains else ()),
}


def read_query(words: str, function: str, territory: str, theme: str, *, trains: bool) -> Query:
    """Return a query of an address; what is no code of a list asks for nothing."""
    return Query(
        tuple(fold(words).split()[:8]),
        function if function in FUNCTIONS else "",
        territory,
        theme if theme in themes() else "",
        trains,
    )
