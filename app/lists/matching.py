"""Finds the actor of each line of a list, and those that it may be: a person decides of these."""

from collections import Counter, defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping
from collections.abc import Set as AbstractSet
from dataclasses import dataclass
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.lists.doubts import Asked, Doubt, Doubts
from app.lists.evidence import agree
from app.lists.history import known_lines
from app.lists.reading import Reading
from app.lists.stored_marks import StoredMarks
from app.models import Source, SourceRecord
from app.platform.database.sessions import among
from app.records.causes import houses, is_neutral
from app.records.marks import matching_marks
from app.records.writing import Writer
from importers.matching import Keys, Known, MatchedLine, Matching, tie

# In this order. "former": the identity of former releases; "named": name and commune alone.
IN_ONE_LIST = ("finess", "siret", "seat", "identity", "former", "named")
# "hidden": name and commune of a hidden actor; "housing": of any, for a line that houses children.
ACROSS_LISTS = ("finess", "siret", "seat", "identity", "hidden", "housing")
# These name one actor, where one line alone has them.
_NUMBERS = ("finess", "siret", "rna")


@dataclass(frozen=True, slots=True)
class Found:
    """Which actor each line is, and which one it may be; compared: pairs that were weighed."""

    matching: Matching[UUID]
    doubts: tuple[Doubt, ...]
    compared: int


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
    own = {each.actor for each in known.values()}
    rest = {number: keys for number, keys in left.items() if number not in actors}
    others = stored.across_lists()
    for actor in _of_other_territories(session, reading, others):
        # A register tells its own apart: a SIRET may be that of the body of several.
        others[actor] = {"finess": others[actor].get("finess", frozenset())}
    ties = tie(rest, others, ACROSS_LISTS)
    ties = {number: actor for number, actor in ties.items() if actor not in own}
    for number in _disagreeing(writer, reading, rest, others, ties):
        del ties[number]
    actors |= ties
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
    asked = Asked(left, new, set(missing.values()), present)
    judge = Doubts(session, writer, reading, stored, asked)
    changed = {n: each.actor for n, each in enumerate(matched) if each.actor and not each.unchanged}
    doubts = (*judge.of(), *judge.named_as(changed))
    return Found(Matching(matched, missing), doubts, judge.compared)


def _disagreeing(
    writer: Writer,
    reading: Reading,
    lines: Mapping[int, Keys],
    actors: Mapping[UUID, Keys],
    ties: Mapping[int, UUID],
) -> list[int]:
    """Return lines that a number, or a name with its street, ties to what is another actor.

    Of what is hidden, or houses, none is returned: joined wrongly an office is hidden, and a person
    sees it.
    """
    doubted = {
        actor: number
        for number, actor in ties.items()
        if not _share(lines[number], actors[actor], "seat")
        and not houses(reading.lines[number].row)
    }
    found = []
    for each in writer.records(doubted):
        number = doubted[each.actor_id]
        numbered = not _share(lines[number], actors[each.actor_id], "identity")
        row = reading.lines[number].row
        if not is_neutral(each.level) and not agree(row, each.record, numbered=numbered):
            found.append(number)
    return found


def _share(line: Keys, actor: Keys, kind: str) -> bool:
    return not line.get(kind, frozenset()).isdisjoint(actor.get(kind, ()))


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
        named_elsewhere = any(
            len(names[key]) > (actor in names[key]) for key in mine.get("named", ())
        )
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
