"""The actors that a person of the staff works on: searched, sorted, and a page of them."""

from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass
from datetime import date, datetime
from hashlib import sha256
from heapq import merge, nsmallest
from itertools import islice
from uuid import UUID

from sqlalchemy import Text, cast, collate, func, select
from sqlalchemy.orm import Session

from app.models import Actor, ActorProtected, Commune, Role
from app.models.protected import Level
from app.platform.database.sessions import among, among_ids
from app.records.finding import Finding, Group, split, together
from app.records.history import last_revisions
from app.records.sheets import is_protected
from app.records.true_names import HIDDEN, Named, communes, true_names
from app.records.wanted import BY_NAME, Wanted, conditions, has_words, of_list
from app.records.wording import LEVELS, STATES
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

    @property
    def state(self) -> str:
        """Return its state in words."""
        return STATES[self.status]

    @property
    def protection(self) -> str:
        """Return in words what is hidden of it; nothing where nothing is."""
        return LEVELS[self.level] if self.level else ""


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


def find(finding: Finding, wanted: Wanted) -> Listing:
    """Return the page of a list that is wanted, or the last one where there are fewer."""
    groups = finding.found(wanted)
    total = sum(len(each.ids) for each in groups)
    page = min(wanted.page, max(1, -(-total // PAGE)))
    ids = _sorted(finding, wanted, groups, page * PAGE)[(page - 1) * PAGE :]
    return Listing(tuple(_lines(finding, wanted, ids)), total, page)


def count_wanted(finding: Finding, wanted: Wanted) -> int:
    """Return how many actors a list has that is narrowed by no words, no cause and no texts."""
    if wanted.decide:
        return len(finding.ids(wanted))
    which = conditions(finding.viewer, wanted, finding.today)
    total: int = finding.session.scalars(of_list(which, func.count())).one()
    return total


def everything(finding: Finding, wanted: Wanted) -> list[Line]:
    """Return all actors of a list, for a file."""
    return _lines(finding, wanted, _sorted(finding, wanted, finding.found(wanted), None))


def everyone(finding: Finding, wanted: Wanted) -> list[str]:
    """Return the public ids of all actors of a list, in no order."""
    ids = map(_id, finding.ids(wanted))
    return list(finding.session.scalars(select(Actor.public_id).where(among_ids(Actor.id, ids))))


def mark_of(public_ids: Iterable[str]) -> str:
    """Return what is sent back by whoever does something to all that a list found."""
    return sha256(" ".join(sorted(public_ids)).encode()).hexdigest()[:16]


def mark_as_read(session: Session, public_ids: Collection[str]) -> str:
    """Return the same for whoever judges them by what they were when they were read."""
    numbers = last_revisions(session, public_ids)
    return mark_of(f"{each}.{number}" for each, number in numbers.items())


def _id(each: bytes) -> UUID:
    return UUID(bytes=each)


def _sorted(finding: Finding, wanted: Wanted, groups: list[Group], most: int | None) -> list[UUID]:
    """Return the ids of the first actors of a list, in its order."""
    if wanted.sort in BY_NAME:
        return [*map(_id, islice(_by_name(finding, wanted, groups, most), most))]
    by = {
        "modifie": (Actor.updated_at.desc(), Actor.public_id),
        # Nobody reads here when a neutral one was verified.
        "verifie": (Actor.protected, Actor.verified_on.asc().nulls_first(), Actor.public_id),
    }[wanted.sort]
    which = conditions(finding.viewer, wanted, finding.today)
    ids = finding.session.scalar(of_list(which, together(*by)))
    found = {each for group in groups for each in group.ids}
    return [*map(_id, islice((each for each in split(ids) if each in found), most))]


def _by_name(
    finding: Finding, wanted: Wanted, groups: list[Group], most: int | None
) -> Iterator[bytes]:
    """Yield ids in order of names; the true ones are sorted here, and never sent to be sorted."""
    by_place = wanted.sort == "territoire"
    places = {each: group.territory if by_place else "" for group in groups for each in group.ids}
    names = true_names(finding.session, finding.vault, finding.viewer)
    true = [
        (places[actor.bytes], named.folded, actor.bytes)
        for actor, named in names.items()
        if actor.bytes in places
    ]
    first = sorted(true) if most is None else nsmallest(most, true)
    others: Iterator[tuple[str, str, bytes]] = iter(())
    # Nobody is hidden for a cause whose name is public.
    if len(true) < len(places) and not wanted.cause:
        # What narrows them is sealed: the database cannot say which are the first.
        first_ones = None if wanted.donner else most
        others = _public(finding, wanted, named=bool(names), most=first_ones)
    for *_, each in merge(first, others):
        if each in places:
            yield each


def _public(
    finding: Finding, wanted: Wanted, *, named: bool, most: int | None
) -> Iterator[tuple[str, str, bytes]]:
    """Yield place, name and id of those whose public name is read, in the order of Python's texts.

    named: the hidden ones have been sorted by their true names.
    """
    place = cast(Actor.territory_code if wanted.sort == "territoire" else "", Text)
    which = conditions(finding.viewer, wanted, finding.today)
    if wanted.q:
        which.append(has_words(wanted.q))
    if named:
        which.append(~HIDDEN)
    key = (collate(place, "C"), collate(Actor.folded, "C"), Actor.id)
    statement = of_list(which, place, Actor.folded, Actor.id).order_by(*key).limit(most)
    for where, folded, actor in finding.session.execute(statement):
        yield where, folded, actor.bytes


def _lines(finding: Finding, wanted: Wanted, ids: list[UUID]) -> list[Line]:
    session = finding.session
    # All of them are there where some were found or sorted by them.
    some = None if wanted.by_name else ids
    names = true_names(session, finding.vault, finding.viewer, some)
    statement = of_list([among(Actor.id, ids)], Actor, ActorProtected.level, Commune.name)
    places = communes(session, (names[each] for each in ids if each in names))
    found = {
        actor.id: _line(actor, _known(finding, level), commune or "", names.get(actor.id), places)
        for actor, level, commune in session.execute(statement)
    }
    return [found[each] for each in ids if each in found]


def _known(finding: Finding, level: Level | None) -> Level | None:
    """Return how much of an actor is hidden as its reader may know: to one of the State nothing
    that the public record does not say.
    """
    state = finding.viewer.role is Role.REFERENT_ETAT
    return None if state and level == "held" else level


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
