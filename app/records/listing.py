"""The actors that a person of the staff works on: searched, sorted, and a page of them."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from hashlib import sha256
from heapq import merge
from itertools import islice
from uuid import UUID

from sqlalchemy import (
    ColumnElement,
    LargeBinary,
    Text,
    cast,
    collate,
    false,
    func,
    literal,
)
from sqlalchemy.orm import Session

from app.models import Actor, ActorProtected, Commune
from app.models.protected import Level
from app.platform.database.sessions import among
from app.records.memory import ID
from app.records.sheets import is_protected
from app.records.true_names import HIDDEN, Named, communes, true_names
from app.records.wanted import BY_NAME, Wanted, conditions, of_list
from app.vault.sealing import Vault
from app.visibility import Viewer
from importers import vocabulary

PAGE = 50
# Of a category that nobody knows, or that is not to be said.
UNSAID = ""


@dataclass(frozen=True, slots=True)
class Line:
    """An actor of a list. name, commune: the true ones where its reader may know them.

    masked: the rest of it is hidden until it is opened. known: it may be opened by its reader.
    public_name: as visitors read it, or would.
    """

    actor_id: UUID
    public_id: str
    name: str
    public_name: str
    category: str
    commune: str
    territory: str
    status: str
    level: Level | None
    masked: bool
    known: bool
    verified_on: date | None
    changed_at: datetime


@dataclass(frozen=True, slots=True)
class Listing:
    """A page of a list, and how many there are in all."""

    lines: tuple[Line, ...]
    total: int
    page: int

    @property
    def pages(self) -> int:
        """Return how many pages there are, at least one."""
        return max(1, -(-self.total // PAGE))


@dataclass(frozen=True, slots=True)
class _Found:
    """How many a list has, and of the hidden ones where each is sorted, by the bytes of its id."""

    total: int
    places: dict[bytes, str]


def find(session: Session, vault: Vault, viewer: Viewer, wanted: Wanted, today: date) -> Listing:
    """Return the page of a list that is wanted, or the last one where there are fewer."""
    names = true_names(session, vault, viewer) if wanted.by_name else {}
    which = conditions(session, vault, viewer, wanted, names, today)
    found = _found(session, wanted, which, names)
    page = min(wanted.page, max(1, -(-found.total // PAGE)))
    ids = _sorted(session, wanted, which, names, found, page * PAGE)[(page - 1) * PAGE :]
    lines = _lines(session, ids, names or true_names(session, vault, viewer, ids))
    return Listing(tuple(lines), found.total, page)


def count_wanted(
    session: Session, vault: Vault, viewer: Viewer, wanted: Wanted, today: date
) -> int:
    """Return how many actors a list has that is narrowed by no words."""
    which = conditions(session, vault, viewer, wanted, {}, today)
    total: int = session.scalars(of_list(which, func.count())).one()
    return total


def everything(
    session: Session, vault: Vault, viewer: Viewer, wanted: Wanted, today: date
) -> list[Line]:
    """Return all actors of a list, for a file."""
    names = true_names(session, vault, viewer)
    which = conditions(session, vault, viewer, wanted, names, today)
    found = _found(session, wanted, which, names)
    return _lines(session, _sorted(session, wanted, which, names, found, None), names)


def everyone(
    session: Session, vault: Vault, viewer: Viewer, wanted: Wanted, today: date
) -> list[str]:
    """Return the public ids of all actors of a list, in no order."""
    names = true_names(session, vault, viewer) if wanted.q else {}
    which = conditions(session, vault, viewer, wanted, names, today)
    return list(session.scalars(of_list(which, Actor.public_id)))


def mark_of(public_ids: Iterable[str]) -> str:
    """Return what is sent back by whoever does something to all that a list found."""
    return sha256(" ".join(sorted(public_ids)).encode()).hexdigest()[:16]


def _sorted(
    session: Session,
    wanted: Wanted,
    which: list[ColumnElement[bool]],
    names: Mapping[UUID, Named],
    found: _Found,
    most: int | None,
) -> list[UUID]:
    """Return the ids of the first actors of a list, in its order."""
    statement = of_list(which, Actor.id)
    match wanted.sort:
        case "modifie":
            ordered = statement.order_by(Actor.updated_at.desc(), Actor.public_id)
            return list(session.scalars(ordered.limit(most)))
        case "verifie":
            # Nobody reads here when a neutral one was verified.
            by_day = (Actor.protected, Actor.verified_on.asc().nulls_first(), Actor.public_id)
            return list(session.scalars(statement.order_by(*by_day).limit(most)))
    return list(islice(_by_name(session, wanted, which, names, found, most), most))


def _by_name(
    session: Session,
    wanted: Wanted,
    which: list[ColumnElement[bool]],
    names: Mapping[UUID, Named],
    found: _Found,
    most: int | None,
) -> Iterator[UUID]:
    """Yield ids in order of names; the true ones are sorted here, and never sent to be sorted."""
    places = found.places
    true = sorted(
        (places[actor.bytes], named.folded, str(actor), actor)
        for actor, named in names.items()
        if actor.bytes in places
    )
    public: Iterator[tuple[str, str, str, UUID]] = iter(())
    if found.total > len(true):
        place, hidden = _place(wanted), HIDDEN if names else false()
        # As Python compares texts, so that both may be merged.
        key = (collate(place, "C"), collate(Actor.folded, "C"), cast(Actor.id, Text))
        columns = of_list(which, Actor.id, place, Actor.folded)
        ordered = session.execute(columns.where(~hidden).order_by(*key).limit(most))
        public = ((where, folded, str(actor), actor) for actor, where, folded in ordered)
    for *_, actor in merge(true, public):
        yield actor


def _place(wanted: Wanted) -> ColumnElement[str]:
    return cast(Actor.territory_code if wanted.sort == "territoire" else "", Text)


def _found(
    session: Session,
    wanted: Wanted,
    which: list[ColumnElement[bool]],
    names: Mapping[UUID, Named],
) -> _Found:
    """Count a list, and find where its hidden actors are sorted, by one row for each place."""
    hidden = HIDDEN if names and wanted.sort in BY_NAME else false()
    place = _place(wanted)
    # As one text: to read as many rows takes twenty times as long.
    ids = func.string_agg(func.uuid_send(Actor.id), literal(b"", LargeBinary), type_=LargeBinary)
    counted = of_list(which, place, func.count(), ids.filter(hidden)).group_by(place)
    rows = session.execute(counted).all()
    return _Found(
        sum(count for _, count, _ in rows),
        {
            together[start : start + ID]: where
            for where, _, together in rows
            for start in range(0, len(together or b""), ID)
        },
    )


def _lines(session: Session, ids: list[UUID], names: Mapping[UUID, Named]) -> list[Line]:
    statement = of_list([among(Actor.id, ids)], Actor, ActorProtected.level, Commune.name)
    places = communes(session, (names[each] for each in ids if each in names))
    found = {
        actor.id: _line(actor, level, commune or "", names.get(actor.id), places)
        for actor, level, commune in session.execute(statement)
    }
    return [found[each] for each in ids if each in found]


def _line(
    actor: Actor, level: Level | None, commune: str, true: Named | None, places: dict[str, str]
) -> Line:
    masked = is_protected(level, actor.status)
    if true is not None:
        commune = places.get(true.commune or "", true.city or "")
    return Line(
        actor.id,
        actor.public_id,
        true.name if true else actor.name,
        actor.name,
        _category(actor, level),
        commune,
        actor.territory_code,
        actor.status,
        level,
        masked,
        true is not None or not masked,
        None if masked else actor.verified_on,
        actor.updated_at,
    )


def _category(actor: Actor, level: Level | None) -> str:
    """Return what an actor is: of a neutral one its family, of what is not classified nothing."""
    words = vocabulary.load()
    if level == "unlisted":
        return UNSAID
    if category := words.categories.get(actor.category):
        return category.short or category.label
    family = words.families.get(actor.category)
    return family.neutral_name if family else UNSAID
