"""The directory: whom a member finds, by what they may read of each, counted for each filter.

What is sealed is opened once in a process, and again when it is sealed anew; who reads what of it
is asked of the database at each search. A filter or a word finds nothing that is not shown.
"""

from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
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
from app.visible.members import as_sealed, readable
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
    words: str
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
    known = read_members(session, vault, viewer, names)
    counts: dict[str, Counter[str]] = {name: Counter() for name in _FILTERS}
    found: list[Member] = []
    for each in known:
        if not all(word in each.words for word in query.words):
            continue
        missed = [name for name in _FILTERS if not _fits(query, each, name)]
        if not missed:
            found.append(each)
        for name, (_, has) in _FILTERS.items():
            if not missed or missed == [name]:
                counts[name].update(has(each.profile))
    pages = max(1, -(-len(found) // PAGE_SIZE))
    page = min(page, pages)
    shown = found[(page - 1) * PAGE_SIZE : page * PAGE_SIZE]
    return Found(shown, len(found), page, pages, counts)


def read_members(
    session: Session, vault: Vault, viewer: Viewer, names: Mapping[str, str]
) -> list[Member]:
    """Return all members that somebody may read of, by name; raise NotMember."""
    rows = session.execute(viewer.members()).all()
    own = viewer.asker.account if viewer.asker else None
    mine = next((frozenset(row.territories) for row in rows if row.account_id == own), None)
    if mine is None:
        # Who may not read any has no row of their own either.
        raise NotMember
    opened = _open(session, vault, rows, names)
    members = (
        _shown(row, opened[row.account_id, row.sealed], mine, own)
        for row in rows
        if (row.account_id, row.sealed) in opened
    )
    return sorted(members, key=lambda each: (fold(each.name), each.id))


def read_member(
    session: Session, vault: Vault, viewer: Viewer, names: Mapping[str, str], member: UUID
) -> Member:
    """Return one of them; raise NotMember or MemberUnknown."""
    for each in read_members(session, vault, viewer, names):
        if each.id == member:
            return each
    raise MemberUnknown


def _open(
    session: Session, vault: Vault, rows: Iterable[Any], names: Mapping[str, str]
) -> Mapping[tuple[UUID, bytes], _Opened]:
    """Return what is sealed of some members; what does not open is of nobody.

    What is of none of them any more is forgotten.
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
        known[account, digest] = _Opened(name, fold(name), profile, words)
    _memory.opened = known
    return known


def _shown(row: Any, opened: _Opened, mine: frozenset[str], own: UUID | None) -> Member:
    is_own = row.account_id == own
    near = not mine.isdisjoint(row.territories)
    profile = opened.profile
    fields = readable(profile.audiences, own=is_own, near=near, tells=row.tells)
    organisation, parts = None, [opened.folded]
    if "organisation" in fields and row.actor_public_id is not None:
        organisation = Organisation(
            row.actor_public_id, row.actor_slug, row.actor_name, row.actor_protected
        )
        parts.append(fold(organisation.name))
    parts += [text for name, text in opened.words.items() if name in fields]
    return Member(
        row.account_id, opened.name, profile.only(fields), organisation, " ".join(parts), is_own
    )


_Has = Callable[[Profile], Iterable[str]]
# Filter -> what a query asks of it, and what a profile has of it.
_FILTERS: dict[str, tuple[Callable[[Query], str], _Has]] = {
    "function": (lambda query: query.function, lambda one: (one.function,)),
    "territory": (lambda query: query.territory, lambda one: one.territories),
    "theme": (lambda query: query.theme, lambda one: one.themes),
    "trains": (lambda query: "oui" * query.trains, lambda one: ("oui",) if one.trains else ()),
}


def _fits(query: Query, member: Member, name: str) -> bool:
    wanted, has = _FILTERS[name]
    code = wanted(query)
    return not code or code in has(member.profile)


def read_query(words: str, function: str, territory: str, theme: str, *, trains: bool) -> Query:
    """Return a query of an address; what is no code of a list asks for nothing."""
    return Query(
        tuple(fold(words).split()[:8]),
        function if function in FUNCTIONS else "",
        territory,
        theme if theme in themes() else "",
        trains,
    )
