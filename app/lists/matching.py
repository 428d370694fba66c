"""Finds the actor of each line of a list, and those that it may be: a person decides of these."""

from collections import Counter, defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping
from collections.abc import Set as AbstractSet
from dataclasses import dataclass
from uuid import UUID

from rapidfuzz import fuzz
from sqlalchemy import select
from sqlalchemy.orm import Session

from app.lists.history import known_lines
from app.lists.reading import Reading, ReadLine
from app.lists.stored_marks import StoredMarks
from app.models import Source, SourceRecord
from app.platform.database.sessions import among
from app.records.causes import was_asked
from app.records.lines import found_two
from app.records.marks import matching_marks
from app.records.said_by_lines import houses
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
# A name of few letters is no proper one.
_NAMES = frozenset({"named", "proper"})
_OF_A_HOME = "le nom d'un lieu caché de la même commune"


@dataclass(frozen=True, slots=True)
class Doubt:
    """A line that may be another stored actor; line: its place among those of the list.

    hides: it is not published before a person says that they are two; hides_other: the stored one
    is not, since the line houses children and has its name. bears: the whole name, of a home.
    """

    line: int
    other: UUID
    because: str
    hides: bool
    hides_other: bool
    bears: bool


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
    actors |= {n: line.actor for n, line in enumerate(lines) if line.actor}
    lost: dict[UUID, list[bytes]] = defaultdict(list)
    tied = set(actors.values())
    for identity, each in known.items():
        if each.actor not in tied:
            lost[each.actor].append(identity)
    stored = StoredMarks(session)
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
    own = {each.actor for each in known.values()} | {line.actor for line in lines if line.actor}
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
            _is_unchanged(line, known.get(identities.get(number, b"")))
            and actors.get(number) not in shared,
            identities.get(number),
        )
        for number, line in enumerate(lines)
    )
    new = {number: keys for number, keys in rest.items() if number not in actors}
    judge = _Doubts(writer, reading, stored, set(missing.values()))
    changed = {n: each.actor for n, each in enumerate(matched) if each.actor and not each.unchanged}
    doubts = (*judge.of(new), *judge.named_as(changed))
    if not reading.upload.whole:
        # Whom it does not name it says nothing of; a new line may still be one of them.
        missing = {}
    return Found(Matching(matched, missing), doubts)


def _is_unchanged(line: ReadLine, known: Known[UUID] | None) -> bool:
    if line.only is not None:
        return not line.only
    return known is not None and known.content == line.content


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
    stored = StoredMarks(session)
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


class _Doubts:
    """Compares new lines with stored actors; missing: those that their own list misses today."""

    def __init__(
        self, writer: Writer, reading: Reading, stored: StoredMarks, missing: Collection[UUID]
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
                home = houses(self._reading.lines[number].row)
                namesake = not kinds.isdisjoint(_NAMES)
                # Whatever else hides it: somebody may answer that alone.
                other = home and namesake and not others[actor].houses
                bears = "named" in kinds and (home or others[actor].houses)
                yield Doubt(number, actor, because, hides and not home, other, bears)

    def named_as(self, changed: Mapping[int, UUID]) -> Iterator[Doubt]:
        """Yield who has the name of a known actor that houses children, as a changed line says, and
        which known actor takes by its line the name of a hidden one.

        What a person judged of them before stays judged.
        """
        lines = self._reading.lines
        rows = {number: (lines[number].row, actor) for number, actor in changed.items()}
        found = self._stored.known_of(self._stored.names_written(self._writer, rows), set())
        proper, whole = (holders(self._stored.keys, kind) for kind in ("proper", "named"))
        homes = {number for number in changed if houses(lines[number].row)}
        pairs: dict[tuple[int, UUID], bool] = {}
        for number, keys in found.items():
            names, actor = keys.get("named", frozenset()), changed[number]
            bearing = {each for name in names for each in whole.get(name, ())}
            others = {each for name in keys.get("proper", ()) for each in proper.get(name, ())}
            others = (others | bearing) - {actor}
            if number not in homes:
                others = set() if actor in bearing else others & self._stored.hidden
            for other in others:
                pairs[number, other] = other in bearing
        both = {each for number, other in pairs for each in (changed[number], other)}
        stored = self._writer.stored(both)
        for (number, other), bears in pairs.items():
            one, another = stored[changed[number]], stored[other]
            is_home = number in homes
            if found_two(one, another) or (another if is_home else one).houses:
                continue
            if is_home and not was_asked(another.causes, one.actor_id):
                yield Doubt(number, other, _OF_A_HOME, hides=False, hides_other=True, bears=bears)
            elif not is_home:
                bears = bears and another.houses
                yield Doubt(number, other, _OF_A_HOME, hides=True, hides_other=False, bears=bears)

    def _likely(self, pair: tuple[int, UUID], kinds: set[str]) -> bool:
        """Return whether a pair is worth opening the record of the stored actor."""
        number = pair[1] in self._missing and not kinds.isdisjoint(_NUMBERS)
        return (
            number
            or self._moved(pair[1], kinds)
            or "named" in kinds
            or ("proper" in kinds and self._names_a_home(*pair))
            or ("address" in kinds and bool(kinds & {"phone", "mail"}))
        )

    def _names_a_home(self, number: int, actor: UUID) -> bool:
        return actor in self._stored.hidden or houses(self._reading.lines[number].row)

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
        if not reasons and not kinds.isdisjoint(_NAMES) and self._names_a_home(number, actor):
            reasons = [_OF_A_HOME]
        part = actor not in self._stored.hidden and _is_part(row.name, name)
        if not reasons and {"phone", "address"} <= kinds and not part:
            close = fuzz.ratio(fold(row.name), fold(name)) >= SIMILAR
            reasons = [*_shared(kinds), "noms proches"] if close else []
        return ", ".join(reasons) or None


def _is_part(name: str, of: str) -> bool:
    """Return whether a name says that it is a part of another actor: "UAPED – Hôpital X"."""
    return name.endswith(f" – {of}")


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
