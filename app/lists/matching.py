"""Finds the actor of each line of a list, and those that it may be: a person decides of these."""

from collections import Counter, defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping
from collections.abc import Set as AbstractSet
from dataclasses import dataclass
from itertools import islice
from uuid import UUID

from rapidfuzz import fuzz
from sqlalchemy import select
from sqlalchemy.orm import Session

from app.lists.history import known_lines
from app.lists.reading import Reading
from app.models import ActorFingerprint, ActorProtected, Source, SourceRecord
from app.platform.database.sessions import among
from app.records.causes import houses, is_neutral
from app.records.marks import kind_of, matching_marks
from app.records.writing import Writer
from geo.text import fold
from importers.matching import Keys, Known, MatchedLine, Matching, holders, tie

# In this order. "former": the identity of former releases; "named": name and commune alone.
IN_ONE_LIST = ("finess", "siret", "seat", "identity", "former", "named")
# "hidden": name and commune of a hidden actor; "housing": of any, for a line that houses children.
ACROSS_LISTS = ("finess", "siret", "seat", "identity", "hidden", "housing")
# These name one actor, where one line alone has them.
_NUMBERS = {"finess": "même FINESS", "siret": "même SIRET", "rna": "même RNA"}
# By these one is reached, wherever it moves and whatever it is called.
_REACHED = frozenset({"phone", "mail", "site"})
# From 0 to 100, of two names.
SIMILAR = 80
# Lines whose actors are looked for by one statement.
AT_ONCE = 1_000


@dataclass(frozen=True, slots=True)
class Doubt:
    """A new line that may be a stored actor; line: its place among those of the list.

    hides: it is not published before a person says that they are two.
    """

    line: int
    other: UUID
    because: str
    hides: bool


@dataclass(frozen=True, slots=True)
class Found:
    """Which actor each line is, and which one it may be."""

    matching: Matching[UUID]
    doubts: tuple[Doubt, ...]


def find_actors(session: Session, writer: Writer, reading: Reading) -> Found:
    """Find the actor of each line: known from this source, or from another one; only reads."""
    lines, known = reading.lines, known_lines(session, reading.source)
    identities = {n: line.identity for n, line in enumerate(lines) if line.identity in known}
    for number in _renumbered(session, writer, reading, known, identities):
        del identities[number]
    actors = {n: known[identity].actor for n, identity in identities.items()}
    lost: dict[UUID, list[bytes]] = defaultdict(list)
    tied = set(actors.values())
    for identity, each in known.items():
        if each.actor not in tied:
            lost[each.actor].append(identity)
    stored = _Stored(session)
    wanted = _keys_of_lines(reading, writer.key, actors)
    left = stored.known_of(wanted, {identity for each in lost.values() for identity in each})
    here = {
        actor: {**stored.keys.get(actor, {}), "former": frozenset(lost[actor])} for actor in lost
    }
    for number, actor in tie(left, here, IN_ONE_LIST).items():
        line = lines[number]
        former = line.former if line.former in lost[actor] else lost[actor][0]
        # One that its source gave to another actor is given anew; else it is another name of its.
        identities[number] = line.identity if line.identity in known else former
        actors[number] = actor
    own = {each.actor for each in known.values()}
    rest = {number: keys for number, keys in left.items() if number not in actors}
    others = stored.across_lists()
    for actor in _of_other_territories(session, reading, others):
        # A register tells its own apart: a SIRET may be that of the body of several.
        others[actor] = {"finess": others[actor].get("finess", frozenset())}
    ties = tie(rest, others, ACROSS_LISTS)
    actors |= {number: actor for number, actor in ties.items() if actor not in own}
    present = set(actors.values())
    shared = _of_other_sources(session, reading, present)
    missing = {key: each.actor for key, each in known.items() if each.actor not in present}
    matched = tuple(
        MatchedLine(
            line.row,
            line.identity,
            line.content,
            actors.get(number),
            number in identities
            and known[identities[number]].content == line.content
            and actors[number] not in shared,
            identities.get(number),
        )
        for number, line in enumerate(lines)
    )
    new = {number: keys for number, keys in rest.items() if number not in actors}
    doubts = _Doubts(writer, reading, stored, set(missing.values())).of(new)
    return Found(Matching(matched, missing), tuple(doubts))


def _of_other_sources(
    session: Session, reading: Reading, actors: Collection[UUID]
) -> AbstractSet[UUID]:
    """Return those of some actors that others name beside a register.

    It says of them what it said the last time, and yet more where the others say less.
    """
    if reading.upload.register is None:
        return set()
    statement = select(SourceRecord.actor_id).where(
        among(SourceRecord.actor_id, actors), SourceRecord.source_id != reading.source
    )
    return set(session.scalars(statement))


def _of_other_territories(
    session: Session, reading: Reading, actors: Collection[UUID]
) -> Iterable[UUID]:
    """Return those of some actors that a register's own parts of other territories name."""
    if reading.upload.register is None:
        return ()
    statement = (
        select(SourceRecord.actor_id)
        .join(Source, Source.id == SourceRecord.source_id)
        .where(
            among(SourceRecord.actor_id, actors),
            Source.register == reading.upload.register.code,
            Source.id != reading.source,
        )
    )
    return set(session.scalars(statement))


def _renumbered(
    session: Session,
    writer: Writer,
    reading: Reading,
    known: Mapping[bytes, Known[UUID]],
    identities: Mapping[int, bytes],
) -> set[int]:
    """Return lines whose number in the list was another actor's: its rows were counted anew.

    Such a line shares nothing with the actor of its number, while its name is that of another actor
    of the list, or another line has the name of that actor.
    """
    changed = {
        number
        for number, identity in identities.items()
        if reading.lines[number].row.external_id
        and known[identity].content != reading.lines[number].content
    }
    if not changed:
        return set()
    stored = _Stored(session)
    wanted = _keys_of_lines(reading, writer.key, set(range(len(reading.lines))) - changed)
    keys = stored.known_of(wanted, set())
    own = {each.actor for each in known.values()}
    names: dict[bytes, set[UUID]] = defaultdict(set)
    for actor in own & stored.keys.keys():
        for key in stored.keys[actor].get("named", ()):
            names[key].add(actor)
    found = set()
    for number in changed:
        actor, mine = known[identities[number]].actor, keys[number]
        theirs = stored.keys.get(actor, {})
        if any(not mine[kind].isdisjoint(some) for kind, some in theirs.items() if kind in mine):
            continue
        named_elsewhere = any(names[key] - {actor} for key in mine.get("named", ()))
        if named_elsewhere or theirs.get("named"):
            found.add(number)
    return found


def _keys_of_lines(
    reading: Reading, key: bytes, done: Collection[int]
) -> Iterator[tuple[int, Keys]]:
    """Yield what the lines that are not done bear; a number of several lines is nobody's own."""
    rows = [line.row for line in reading.lines]
    counted = {name: Counter(getattr(row, name) for row in rows) for name in _NUMBERS}
    for place, line in enumerate(reading.lines):
        if place in done:
            continue
        keys = matching_marks(line.row, key)
        for name, counts in counted.items():
            if counts[getattr(line.row, name)] > 1:
                keys.pop(name, None)
        named = keys["named"]
        more = {"former": frozenset([line.former]), "hidden": named}
        yield place, {**keys, **more, "housing": named if houses(line.row) else frozenset()}


class _Stored:
    """Stored actors of all lists that bear some of the wanted digests."""

    def __init__(self, session: Session) -> None:
        self._session = session
        self.hidden: set[UUID] = set()
        self.keys: dict[UUID, dict[str, frozenset[bytes]]] = {}

    def known_of(
        self, lines: Iterable[tuple[int, Keys]], former: AbstractSet[bytes]
    ) -> dict[int, Keys]:
        """Read the actors that bear something of lines; return what of these they or former have.

        All that lines bear would take more memory than the lines, and what nobody has ties nothing.
        """
        found: dict[int, Keys] = {}
        given = iter(lines)
        while some := list(islice(given, AT_ONCE)):
            wanted = {key for _, keys in some for each in keys.values() for key in each}
            known = self._read(wanted) | (wanted & former)
            for number, keys in some:
                left = ((kind, each & known) for kind, each in keys.items())
                found[number] = {kind: each for kind, each in left if each}
        return found

    def _read(self, wanted: Collection[bytes]) -> set[bytes]:
        """Read the actors that bear some of the digests; return those that one bears."""
        statement = (
            select(
                ActorFingerprint.actor_id,
                ActorFingerprint.kind,
                ActorFingerprint.digest,
                ActorProtected.level,
            )
            .join(ActorProtected, ActorProtected.actor_id == ActorFingerprint.actor_id)
            .where(among(ActorFingerprint.digest, wanted))
        )
        found: dict[UUID, dict[str, set[bytes]]] = defaultdict(lambda: defaultdict(set))
        for actor, kind, digest, level in self._session.execute(statement):
            found[actor][kind_of(kind)].add(digest)
            if is_neutral(level):
                self.hidden.add(actor)
        for actor, kinds in found.items():
            known = self.keys.setdefault(actor, {})
            for kind, digests in kinds.items():
                known[kind] = known.get(kind, frozenset()) | digests
        return {key for kinds in found.values() for digests in kinds.values() for key in digests}

    def across_lists(self) -> dict[UUID, Keys]:
        """Return what they bear, with their names under the kinds of ACROSS_LISTS."""
        found: dict[UUID, Keys] = {}
        for actor, keys in self.keys.items():
            named = keys.get("named", frozenset())
            hidden = named if actor in self.hidden else frozenset()
            found[actor] = {**keys, "hidden": hidden, "housing": named}
        return found


class _Doubts:
    """Compares new lines with stored actors; missing: those that their own list misses today."""

    def __init__(
        self, writer: Writer, reading: Reading, stored: _Stored, missing: Collection[UUID]
    ) -> None:
        self._writer, self._reading, self._stored = writer, reading, stored
        self._missing = missing
        self._kinds = ("identity", "named", "proper", "address", *_REACHED, *_NUMBERS)

    def of(self, new: Mapping[int, Keys]) -> Iterator[Doubt]:
        """Yield what is doubtful of new lines."""
        bearers = {kind: holders(self._stored.keys, kind) for kind in self._kinds}
        pairs: dict[tuple[int, UUID], set[str]] = defaultdict(set)
        for number, keys in new.items():
            for kind, known in bearers.items():
                for key in keys.get(kind, ()):
                    for actor in known.get(key, ()):
                        pairs[number, actor].add(kind)
        likely = {pair: kinds for pair, kinds in pairs.items() if self._likely(pair, kinds)}
        others = self._writer.stored({actor for _, actor in likely})
        for (number, actor), kinds in likely.items():
            name = others[actor].record.name
            because = self._because(number, actor, kinds, name)
            if because is not None:
                hides = actor in self._missing or actor in self._stored.hidden
                hides = hides and not houses(self._reading.lines[number].row)
                yield Doubt(number, actor, because, hides)

    def _likely(self, pair: tuple[int, UUID], kinds: set[str]) -> bool:
        """Return whether a pair is worth opening the record of the stored actor."""
        number = pair[1] in self._missing and not kinds.isdisjoint(_NUMBERS)
        return (
            number
            or self._moved(pair[1], kinds)
            or "named" in kinds
            or ("proper" in kinds and pair[1] in self._stored.hidden)
            or ("address" in kinds and bool(kinds & {"phone", "mail"}))
        )

    def _moved(self, actor: UUID, kinds: set[str]) -> bool:
        """Return whether it may be a hidden actor under another name, at another place."""
        hidden = actor in self._missing and actor in self._stored.hidden
        return hidden and not kinds.isdisjoint(_REACHED)

    def _because(self, number: int, actor: UUID, kinds: set[str], name: str) -> str | None:
        row = self._reading.lines[number].row
        reasons: list[str] = []
        if actor in self._missing:
            numbers = [label for kind, label in _NUMBERS.items() if kind in kinds]
            same = numbers or _seated(kinds) or self._moved(actor, kinds)
            reasons = [*numbers, *_shared(kinds)] if same else []
            reasons += ["absent de la liste où cette fiche arrive"] if reasons else []
        if not reasons and "identity" in kinds:
            reasons = ["même nom et même adresse"]
        if not reasons and "named" in kinds:
            shared = [label for label in _shared(kinds) if "adresse postale" not in label]
            doubled = actor in self._stored.hidden or shared or not row.street
            reasons = ["même nom, même commune", *shared] if doubled else []
        if not reasons and "proper" in kinds and actor in self._stored.hidden:
            reasons = ["le nom d'un lieu caché de la même commune"]
        if not reasons and {"phone", "address"} <= kinds:
            close = fuzz.ratio(fold(row.name), fold(name)) >= SIMILAR
            reasons = [*_shared(kinds), "noms proches"] if close else []
        return ", ".join(reasons) or None


def _seated(kinds: set[str]) -> bool:
    return "address" in kinds and bool(kinds & {"phone", "mail"})


def _shared(kinds: set[str]) -> list[str]:
    labels = {
        "address": "même adresse postale",
        "phone": "même téléphone",
        "mail": "même adresse électronique",
        "site": "même site",
    }
    return [label for kind, label in labels.items() if kind in kinds]
