"""Finds the actor of each line of a list, and those that it may be: a person decides of these."""

from collections import Counter, defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from collections.abc import Set as AbstractSet
from dataclasses import dataclass
from types import MappingProxyType
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.lists.doubting import NUMBERS, Doubt, Doubts
from app.lists.history import known_lines
from app.lists.public_doubts import without_others
from app.lists.reading import Reading, ReadLine
from app.lists.stored_marks import StoredMarks
from app.models import Source, SourceRecord
from app.platform.database.sessions import among
from app.records.marks import matching_marks
from app.records.said_by_lines import houses
from app.records.writing import Writer
from geo.text import fold, forget
from importers.accommodation import in_text
from importers.likeness import OF_NAMES
from importers.matching import Keys, Known, MatchedLine, Matching, tie
from importers.row import Where

# In this order. "former": the identity of former releases; "named": name and commune alone.
IN_ONE_LIST = ("finess", "siret", "seat", "identity", "former", "named")
# "hidden": name and commune of a hidden actor; "housing": of any, for a line that houses children.
NONE: frozenset[bytes] = frozenset()
ACROSS_LISTS = ("finess", "siret", "seat", "identity", "hidden", "housing")


@dataclass(frozen=True, slots=True)
class Found:
    """Which actor each line is, and which one it may be."""

    matching: Matching[UUID]
    doubts: tuple[Doubt, ...]


def find_actors(
    session: Session,
    writer: Writer,
    reading: Reading,
    same: Mapping[Where, UUID] = MappingProxyType({}),
) -> Found:
    """Find the actor of each line: known from this source, or from another one; only reads.

    same: lines that may be another actor, and that a person found to be that one.
    """
    lines, known = reading.lines, known_lines(session, reading.source)
    identities = {n: line.identity for n, line in enumerate(lines) if line.identity in known}
    for number in _renumbered(session, writer, reading, known, identities):
        del identities[number]
    actors = {n: known[identity].actor for n, identity in identities.items()}
    actors |= {n: line.actor for n, line in enumerate(lines) if line.actor}
    lost = _lost(known, set(actors.values()))
    stored = StoredMarks(session)
    wanted = _keys_of_lines(reading, writer.key, actors)
    left = stored.known_of(wanted, {identity for each in lost.values() for identity in each})
    here = {
        actor: {**stored.keys.get(actor, {}), "former": frozenset(lost[actor])} for actor in lost
    }
    for number, actor in tie(left, here, IN_ONE_LIST).items():
        identities[number] = _former(lines[number], known, lost[actor])
        actors[number] = actor
    own = {each.actor for each in known.values()} | {line.actor for line in lines if line.actor}
    rest = {number: keys for number, keys in left.items() if number not in actors}
    others = stored.across_lists()
    for actor in _of_other_territories(session, reading, others):
        # A register tells its own apart: a SIRET may be that of the body of several.
        others[actor] = {"finess": others[actor].get("finess", frozenset())}
    ties = tie(rest, others, ACROSS_LISTS)
    by_body = {n: by for n, actor in ties.items() if (by := _by_body(rest[n], others[actor]))}
    ties = without_others(session, writer.gazetteer, reading, ties, by_body)
    actors |= {number: actor for number, actor in ties.items() if actor not in own}
    present = set(actors.values())
    absent = {each.actor for each in known.values()} - present
    new = {number: keys for number, keys in rest.items() if number not in actors}
    judge = Doubts(session, writer, reading, stored, absent, present)
    doubts = tuple(judge.of(new))
    answered = {each.line: each.other for each in doubts if _is_found(each, lines, same)}
    # Each is the line of its actor, under another name.
    for actor, number in {actor: n for n, actor in answered.items() if actor in absent}.items():
        identities[number] = _former(lines[number], known, lost[actor])
    actors |= answered
    present |= set(answered.values())
    doubts = tuple(each for each in doubts if each.line not in answered)
    shared = _of_other_sources(session, reading, present)
    missing = {key: each.actor for key, each in known.items() if each.actor not in present}
    matched = tuple(
        _matched(line, known, actors.get(number), identities.get(number), shared)
        for number, line in enumerate(lines)
    )
    doubts = (*doubts, *_of_changed(judge, matched))
    if not reading.upload.whole:
        # Whom it does not name it says nothing of; a new line may still be one of them.
        missing = {}
    return Found(Matching(matched, missing), doubts)


def _of_changed(judge: Doubts, matched: Sequence[MatchedLine[UUID]]) -> Iterator[Doubt]:
    """Yield whom changed lines may be called as; forget what names are, asked for no more."""
    changed = {n: each.actor for n, each in enumerate(matched) if each.actor and not each.unchanged}
    yield from judge.named_as(changed)
    forget(*OF_NAMES, fold, in_text)


def _by_body(line: Keys, actor: Keys) -> str:
    """Return which number ties a line to an actor that may be that of its whole body, else ""."""
    common = {
        kind for kind in ACROSS_LISTS if not line.get(kind, NONE).isdisjoint(actor.get(kind, ()))
    }
    if common - {"siret", "seat"}:
        return ""
    return "siret" if "siret" in common else "rna"


def _is_found(doubt: Doubt, lines: Sequence[ReadLine], same: Mapping[Where, UUID]) -> bool:
    """Return whether a person found a line to be the actor of a doubt."""
    return same.get(lines[doubt.line].row.where) == doubt.other


def _lost(known: Mapping[bytes, Known[UUID]], tied: AbstractSet[UUID]) -> dict[UUID, list[bytes]]:
    """Return the actors of a source that no line is by its identity, with those they had."""
    lost: dict[UUID, list[bytes]] = defaultdict(list)
    for identity, each in known.items():
        if each.actor not in tied:
            lost[each.actor].append(identity)
    return lost


def _former(line: ReadLine, known: Mapping[bytes, Known[UUID]], lost: Sequence[bytes]) -> bytes:
    """Return the identity until now of an actor that has another line: one of those it lost.

    One that its source gave to another actor is given anew; else it is another name of its.
    """
    former = line.former if line.former in lost else lost[0]
    return line.identity if line.identity in known else former


def _matched(
    line: ReadLine,
    known: Mapping[bytes, Known[UUID]],
    actor: UUID | None,
    former: bytes | None,
    shared: Collection[UUID],
) -> MatchedLine[UUID]:
    """Return a line with its actor. former: its identity until now; shared: of other lists too."""
    unchanged = _is_unchanged(line, known.get(former or b"")) and actor not in shared
    return MatchedLine(line.row, line.identity, line.content, actor, unchanged, former)


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
    counted = {name: Counter(getattr(row, name) for row in rows) for name in NUMBERS}
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
