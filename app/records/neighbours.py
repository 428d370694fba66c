"""Who shares with an accommodation what would give it away: its address, a phone, a mailbox…

A shelter is found through its neighbour's record as surely as through its own. So a neighbour is
held: without its address and without what it shares, until a person decides. Neighbours of a
neighbour are left alone, and so is what three or more addresses share: it is an organisation's.
"""

from collections import defaultdict
from collections.abc import Callable, Collection, Iterable, Mapping, Set
from dataclasses import dataclass, field
from datetime import date
from itertools import islice
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.models import ActorFingerprint
from app.platform.database.sessions import among
from app.records.causes import Cause
from app.records.edits import Edit
from app.records.heard import own_marks, said_of
from app.records.marks import SHARED_KINDS, Mark, around, marks, quoted, stored_mark
from geo.distance import kilometres
from importers.identity import linked_name, shared_name
from importers.row import ActorFields

# An organisation gives its own number, mailbox or site for each of its places.
PLACES_OF_AN_ORGANISATION = 3
_OF_ORGANISATIONS = frozenset({"phone", "mail", "siret", "linked"})
SAME_POINT_KM = 0.03
_NONE: Set[Mark] = frozenset()
# Actors whose marks are looked for by one statement.
AT_ONCE = 1_000

Read = Callable[[Iterable[UUID]], dict[UUID, Edit]]


@dataclass(slots=True)
class Beside:
    """Homes and actors that share marks. pairs: actor -> home -> what they share.

    opened: stored actors that had to be read for it.
    """

    pairs: dict[UUID, dict[UUID, set[Mark]]] = field(
        default_factory=lambda: defaultdict(lambda: defaultdict(set))
    )
    opened: dict[UUID, Edit] = field(default_factory=dict)

    def causes(self, actor_id: UUID, today: date) -> list[Cause]:
        """Return the causes that lie beside an actor."""
        return [
            Cause(
                why="beside",
                what=str(home),
                shared=tuple(sorted(f"{kind}:{value}" for kind, value in shared)),
                since=today,
            )
            for home, shared in self.pairs.get(actor_id, {}).items()
        ]


def shared_marks(edit: Edit, own: Set[Mark]) -> set[Mark]:
    """Return those of its own marks by which an actor leads to another one."""
    found = around(own) if edit.is_home else own
    return {mark for mark in found if mark[0] in SHARED_KINDS}


class Neighbours:
    """Looks for them among the actors that are written now, and among those that are stored."""

    def __init__(
        self,
        session: Session,
        key: bytes,
        read: Read,
        edits: Mapping[UUID, Edit],
        quote: Callable[[ActorFields], Set[Mark]] = quoted,
    ) -> None:
        self._session, self._key, self._read, self._edits = session, key, read, edits
        self._quote = quote
        self._homes = {actor_id for actor_id, edit in edits.items() if edit.is_home}
        self._homes_at: dict[Mark, set[UUID]] = defaultdict(set)
        # Of all marks those that some accommodation bears: the others lead nowhere.
        self._bearers: dict[Mark, set[UUID]] = defaultdict(set)
        self._stored_homes: list[tuple[Mark, UUID]] = []
        # What those that are no accommodations quote of others: hardly any does.
        self.quoted: dict[UUID, Set[Mark]] = {}
        self._left: set[Mark] = set()
        # Of those that are written now, who is a home or was, bears what one bears, or is stored
        # with it; and what somebody left to a stored home.
        self.met: set[UUID] = {actor_id for actor_id, edit in edits.items() if edit.was_home}
        self.left_at: Set[Mark] = _NONE
        for actor_id in (each for each in edits if each in self._homes):
            for mark in self._shared(edits[actor_id]):
                self._homes_at[mark].add(actor_id)
                self._bearers[mark].add(actor_id)
        others = (actor_id for actor_id in edits if actor_id not in self._homes)
        while some := list(islice(others, AT_ONCE)):
            self._add(some)

    def _add(self, actors: Iterable[UUID]) -> None:
        """Note what actors that are no accommodations share with one, written now or stored."""
        borne: dict[Mark, list[UUID]] = defaultdict(list)
        for actor_id in actors:
            edit = self._edits[actor_id]
            self.quoted[actor_id] = self._quote(edit.record) or _NONE
            for mark in self._shared(edit) | self.quoted[actor_id]:
                borne[mark].append(actor_id)
        homes = self._stored(borne, home=True)
        self._stored_homes += homes
        for mark in borne.keys() & (self._homes_at.keys() | {mark for mark, _ in homes}):
            self._bearers[mark].update(borne[mark])

    def find(self) -> Beside:
        """Return who is beside whom, stored homes and stored neighbours included."""
        beside = Beside()
        for mark, homes in self._homes_at.items():
            for actor_id in self._bearers.get(mark, set()) - self._homes:
                for home in homes:
                    beside.pairs[actor_id][home].add(mark)
        for mark, home in dict.fromkeys(self._stored_homes):
            for actor_id in self._bearers[mark] - self._homes:
                beside.pairs[actor_id][home].add(mark)
        for mark, actor_id in self._stored(self._homes_at, home=False):
            for home in self._homes_at[mark]:
                beside.pairs[actor_id][home].add(mark)
        left: dict[Mark, set[UUID]] = defaultdict(set)
        for mark, home in self._stored(self._left, home=True):
            left[mark].add(home)
        self.met |= self._homes.union(*self._bearers.values())
        self.left_at = frozenset(left)
        for mark, actor_id in self._stored(left, home=False):
            for home in left[mark]:
                beside.pairs[actor_id][home].add(mark)
        self._open(beside)
        self._leave_out(beside)
        return beside

    def former(self) -> set[UUID]:
        """Return stored actors that were beside a home which moved, closed or is none any more."""
        left = {
            mark
            for edit in self._edits.values()
            if edit.was_home
            for mark in around(edit.former_marks)
            if mark[0] in SHARED_KINDS
        }
        return {actor_id for _, actor_id in self._stored(left, home=False)}

    def _shared(self, edit: Edit) -> set[Mark]:
        """Return by what an actor leads to another one; note what it leaves."""
        own = own_marks(edit)
        if not edit.is_new:
            self._left |= left_by(edit, own)
        return shared_marks(edit, own)

    def _stored(self, wanted: Collection[Mark], *, home: bool) -> list[tuple[Mark, UUID]]:
        """Return who of the stored actors, not written now, bears a mark."""
        by_digest = {stored_mark(mark, self._key, home=home): mark for mark in wanted}
        if not by_digest:
            return []
        statement = select(
            ActorFingerprint.kind, ActorFingerprint.digest, ActorFingerprint.actor_id
        ).where(among(ActorFingerprint.digest, {value for _, value in by_digest}))
        found: list[tuple[Mark, UUID]] = []
        for kind, value, actor_id in self._session.execute(statement):
            if (kind, value) in by_digest:
                if actor_id in self._edits:
                    self.met.add(actor_id)
                else:
                    found.append((by_digest[kind, value], actor_id))
        return found

    def _open(self, beside: Beside) -> None:
        """Read the stored actors of the pairs."""
        ids = beside.pairs.keys() | {home for homes in beside.pairs.values() for home in homes}
        beside.opened = self._read(ids - self._edits.keys())

    def _leave_out(self, beside: Beside) -> None:
        """Take away what several places share, and points that are not that near."""
        everywhere = self._of_organisations(
            {
                mark
                for homes in beside.pairs.values()
                for shared in homes.values()
                for mark in shared
                if mark[0] in _OF_ORGANISATIONS
            }
        )
        known = {**beside.opened, **self._edits}
        for actor_id, homes in beside.pairs.items():
            for home, shared in homes.items():
                shared -= everywhere
                if not _same_point(known[actor_id], known[home]):
                    shared -= {mark for mark in shared if mark[0] == "cell"}
        for actor_id, homes in beside.pairs.items():
            for home in [home for home, shared in homes.items() if not shared]:
                del homes[home]
            for home, shared in homes.items():
                # A register that anybody reads says where the home is that bears it.
                actor = known[actor_id].record
                several = (*said_of(known[home]),)
                names = {shared_name(actor, said) for said in several}
                names |= {linked_name(actor, said) for said in several}
                shared |= {("name", name) for name in names if name}

    def _of_organisations(self, wanted: set[Mark]) -> set[Mark]:
        """Return those marks that three or more actors at different addresses give as their own.

        Who only quotes a number does not give it: two such texts would publish a home's.
        """
        bearers = {mark: set(self._bearers.get(mark, ())) for mark in wanted}
        for home in (True, False):
            for mark, actor_id in self._stored(wanted, home=home):
                bearers[mark].add(actor_id)
        several = {
            mark: ids for mark, ids in bearers.items() if len(ids) >= PLACES_OF_AN_ORGANISATION
        }
        bearing = {actor_id for ids in several.values() for actor_id in ids}
        known = {**self._read(bearing - self._edits.keys()), **self._edits}
        own = {actor: [*map(marks, _own(known[actor]))] for actor in bearing}
        return {
            mark
            for mark, ids in several.items()
            if len({_address(own[actor_id], mark) for actor_id in ids} - {None})
            >= PLACES_OF_AN_ORGANISATION
        }


def left_by(edit: Edit, own: Set[Mark]) -> set[Mark]:
    """Return what an actor gave of an organisation's until now, if it moved, closed or gives it no
    more: whom it stands between is then beside the home after all.
    """
    closed = edit.record.status == "archived" != edit.former_status
    lost = {kind for kind, _ in edit.former_marks - own}
    if closed or not lost.isdisjoint({"address", *_OF_ORGANISATIONS}):
        return {mark for mark in edit.former_marks if mark[0] in _OF_ORGANISATIONS}
    return set()


def _own(edit: Edit) -> Iterable[ActorFields]:
    """Return what says where an actor is; nothing of who may be a home by its name, nor of who
    is closed.

    With another order of lists the places of the former would be the home's, which counts once.
    """
    gives = edit.houses if edit.is_home else edit.record.status != "archived"
    return said_of(edit) if gives else ()


def _address(own: Iterable[set[Mark]], mark: Mark) -> str | None:
    """Return where an actor gives a mark as its own.

    Of a home that lists place differently, one: it counts once, in whatever order they came.
    """
    giving = (said for said in own if mark in said)
    places = (value for said in giving for kind, value in said if kind == "address")
    return min(places, default=None)


def _same_point(one: Edit, other: Edit) -> bool:
    return any(
        kilometres(point, another) <= SAME_POINT_KM
        for point in _points(one)
        for another in _points(other)
    )


def _points(edit: Edit) -> list[tuple[float, float]]:
    points = ((said.lon, said.lat) for said in said_of(edit))
    return [(lon, lat) for lon, lat in points if lon is not None and lat is not None]
