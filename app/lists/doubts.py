"""New lines that may be stored actors: a person decides of these.

What is compared is bounded: a mark that many bear leads to none of them, but for those that are
hidden, of which one is enough to hide a line.
"""

from collections import Counter, defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from itertools import islice
from uuid import UUID

from sqlalchemy.orm import Session

from app.lists.evidence import ABSENT, LISTED, OF_A_HOME, Reason, is_doubtful, spoken, weigh
from app.lists.names import near
from app.lists.reading import Reading
from app.lists.stored_marks import StoredMarks
from app.records.causes import houses, is_neutral
from app.records.marks import matching_marks
from app.records.stored import Stored
from app.records.writing import Writer
from importers.matching import Keys, holders

# Stored actors that bear one mark: more are not compared because of it.
MOST_BEARERS = 20
# By these one is reached, wherever it moves and whatever it is called.
_REACHED = frozenset({"phone", "mail", "site"})
_NUMBERS = frozenset({"finess", "siret", "rna"})
_KINDS = ("identity", "named", "proper", "address", *sorted(_REACHED | _NUMBERS))
# Kind of a mark that a line and an actor share -> whether these two alone bear it.
Shared = dict[str, bool]


@dataclass(frozen=True, slots=True)
class Doubt:
    """A new line that may be a stored actor; line: its place among those of the list.

    because: the reasons, with their weights; discreet: those that tell no address and no contact.
    hides: the line is not published before a person says that they are two; hides_other: the stored
    one is not, since the line houses children and has its name.
    """

    line: int
    other: UUID
    because: str
    discreet: str
    hides: bool
    hides_other: bool

    @classmethod
    def of(
        cls, line: int, other: UUID, reasons: Collection[Reason], *, hides: bool, hides_other: bool
    ) -> "Doubt":
        """Return a doubt with its reasons in words."""
        discreet = spoken(each for each in reasons if each.discreet)
        return cls(line, other, spoken(reasons), discreet, hides, hides_other)


@dataclass(frozen=True, slots=True)
class Asked:
    """What is known once lines are tied.

    left: what lines bear that were not known by their identity; new: those of them that no actor
    is. missing: the actors that their own list misses today; present: those that lines are.
    """

    left: Mapping[int, Keys]
    new: Mapping[int, Keys]
    missing: Collection[UUID]
    present: Collection[UUID]


@dataclass(slots=True)
class Doubts:
    """Compares new lines with stored actors; compared: how many pairs were weighed."""

    session: Session
    writer: Writer
    reading: Reading
    stored: StoredMarks
    asked: Asked
    compared: int = field(default=0, init=False)

    def of(self) -> Iterator[Doubt]:
        """Yield what is doubtful of new lines."""
        pairs = self._by_marks()
        rows = {number: self.reading.lines[number].row for number in self.asked.new}
        for number, actor in near(self.session, self.writer, rows):
            pairs[number].setdefault(actor, {})
        wanted = {actor for each in pairs.values() for actor in each}
        others = {each.actor_id: each for each in self.writer.records(wanted)}
        for number, found in sorted(pairs.items()):
            for actor, shared in found.items():
                self.compared += 1
                if doubt := self._weighed(number, others[actor], shared):
                    yield doubt

    def named_as(self, changed: Mapping[int, UUID]) -> Iterator[Doubt]:
        """Yield who has the name of a known actor that houses children, as a changed line says.

        What a person judged of them before stays judged.
        """
        lines, key = self.reading.lines, self.writer.key
        homes = {n: actor for n, actor in changed.items() if houses(lines[n].row)}
        wanted = ((n, matching_marks(lines[n].row, key, {"proper"})) for n in homes)
        found = self.stored.known_of(wanted, set())
        bearers = _Bearers(self.stored, "proper")
        for number, keys in found.items():
            others = {actor for each in keys.get("proper", ()) for actor in bearers.named(each)}
            for other in others - {homes[number]} - self.stored.hidden:
                yield Doubt.of(number, other, [OF_A_HOME], hides=False, hides_other=True)

    def _by_marks(self) -> dict[int, dict[UUID, Shared]]:
        """Return the stored actors that lines share marks with, and which."""
        pairs: dict[int, dict[UUID, Shared]] = defaultdict(lambda: defaultdict(dict))
        for kind in _KINDS:
            bearers = _Bearers(self.stored, kind)
            lines = Counter(key for keys in self.asked.left.values() for key in keys.get(kind, ()))
            for number, keys in self.asked.new.items():
                mine = keys.get(kind, frozenset())
                # The number of a home and that of an office are digested apart.
                several = kind in _NUMBERS and sum(map(bearers.count, mine)) > 1
                for key in mine:
                    alone = lines[key] == 1 and bearers.count(key) == 1 and not several
                    for actor in self._bearing(bearers, kind, key, number):
                        shared = pairs[number][actor]
                        shared[kind] = shared.get(kind, False) or alone
        return pairs

    def _bearing(self, bearers: "_Bearers", kind: str, key: bytes, number: int) -> Iterable[UUID]:
        if kind == "proper" and houses(self.reading.lines[number].row):
            return bearers.named(key)
        return bearers.few(key)

    def _weighed(self, number: int, other: Stored, shared: Shared) -> Doubt | None:
        actor, row = other.actor_id, self.reading.lines[number].row
        missing, hidden = actor in self.asked.missing, is_neutral(other.level)
        home = houses(row)
        reasons = weigh(row, other.record, shared, names_a_home=home or hidden)
        if missing:
            reasons.append(ABSENT)
        elif actor in self.asked.present:
            reasons.append(LISTED)
        reached = hidden and not _REACHED.isdisjoint(shared)
        again = missing and (reached or not _NUMBERS.isdisjoint(shared))
        named = hidden and "named" in shared
        # Its number would have tied it to what is hidden in part.
        numbered = other.level is not None and any(shared.get(each) for each in _NUMBERS)
        if not (again or named or is_doubtful(reasons)):
            return None
        of_home = any(each.sure for each in reasons)
        return Doubt.of(
            number,
            actor,
            reasons,
            hides=(missing or hidden or numbered) and not home,
            hides_other=home and of_home and not hidden,
        )


class _Bearers:
    """Who bears a mark of one kind, as far as they are compared."""

    def __init__(self, stored: StoredMarks, kind: str) -> None:
        self._all = holders(stored.keys, kind)
        self._hidden = stored.hidden
        self._few: dict[bytes, list[UUID]] = {}
        self._named: set[bytes] = set()

    def count(self, key: bytes) -> int:
        return len(self._all.get(key, ()))

    def few(self, key: bytes) -> list[UUID]:
        """Return all where they are few, else some of the hidden ones."""
        if key not in self._few:
            found = self._all.get(key, [])
            if len(found) > MOST_BEARERS:
                hidden = (actor for actor in found if actor in self._hidden)
                found = list(islice(hidden, MOST_BEARERS))
            self._few[key] = found
        return self._few[key]

    def named(self, key: bytes) -> list[UUID]:
        """Return all at the first call, since each of them may have to be hidden; then few."""
        if key in self._named:
            return self.few(key)
        self._named.add(key)
        return self._all.get(key, [])
