"""What a list would change: read from the database as it is now, without a lock, never written."""

from collections import defaultdict
from collections.abc import Iterator, Mapping, Set
from dataclasses import dataclass, replace
from datetime import date
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.lists.closing import closed_by
from app.lists.decided import Decided, Tied, leave_out, tell_apart
from app.lists.doubtful import pairs_of, public_names, same_of
from app.lists.forgetting import forget
from app.lists.matching import Found, find_actors
from app.lists.reading import Reading
from app.lists.returned import take_back
from app.lists.summary import Pair, Summary
from app.models import Actor, ActorProtected, Source
from app.models.protected import Level
from app.platform.database.sessions import among
from app.records.apart import without
from app.records.causes import active, raised
from app.records.lines import Incoming, LineChanges, plan_lines
from app.records.proposals import Proposed
from app.records.record import Origin
from app.records.said import Difference
from app.records.said_by_lines import hides, is_unclassified
from app.records.writing import Changes, Writer
from geo.zones import paris_day
from importers.matching import MatchedLine, Matching
from importers.row import Where

# Of most lines: an empty set of its own for each takes 2 MB of 10,000.
_NONE: frozenset[UUID] = frozenset()


@dataclass(frozen=True, slots=True)
class Plan:
    """What becomes of each line of a list once the plan is applied.

    absent: identity -> actor that the file listed as it was handed out, and that no line is.
    lines: what these change. actors: line -> actor, new ones included. outcomes: line -> "created",
    "updated", "conflicting", "unchanged", "rejected", "ignored" or "left", by a person. protected:
    the actors that its own words or homes hide. day: the one that provenance notes. same: new
    actors that may be known ones; pairs: of these, those with a public one. missing: public names
    of some that are absent. closed: whom it closes. rank: of the list. tied: who its lines are,
    those that are left out as well. archived: those of whom it names no more, from before.
    """

    reading: Reading
    tied: Tied
    day: date
    matching: Matching[UUID]
    absent: Mapping[bytes, UUID]
    lines: LineChanges
    actors: Mapping[Where, UUID]
    outcomes: Mapping[Where, str]
    protected: frozenset[UUID]
    same: tuple[Proposed, ...]
    pairs: tuple[Pair, ...]
    missing: tuple[str, ...]
    decided: Decided
    closed: frozenset[UUID]
    rank: int
    archived: frozenset[UUID]

    @property
    def changes(self) -> Changes:
        """Return the edits of actors."""
        return self.lines.changes

    @property
    def redated(self) -> Set[Where]:
        """Return which of the updated change their day alone."""
        return self.lines.redated

    @property
    def conflicts(self) -> Mapping[Where, tuple[Difference, ...]]:
        """Return what lines say otherwise than their actors, whose values stay."""
        return self.lines.conflicts

    @property
    def left(self) -> frozenset[Where]:
        """Return the lines that a person left out."""
        return self.decided.left

    @property
    def gone(self) -> list[UUID]:
        """Return the actors that the list names no more: of the archived nobody is asked again."""
        found = dict.fromkeys((*_missing(self.matching), *self.absent.values()))
        return [actor for actor in found if actor not in self.archived]

    @property
    def remembered(self) -> list[MatchedLine[UUID]]:
        """Return the lines that tie their list to an actor: one that answers nothing ties none."""
        return [line for line in self.matching.lines if not line.unchanged or line.former]

    @property
    def summary(self) -> Summary:
        """Return the counts of the plan, and what was read."""
        what, result = list(self.outcomes.values()), self.reading.result
        return Summary(
            created=what.count("created"),
            updated=what.count("updated"),
            unchanged=what.count("unchanged"),
            conflicting=what.count("conflicting"),
            rejected=what.count("rejected"),
            ignored=what.count("ignored"),
            missing=len(self.gone),
            missing_names=self.missing,
            doubtful=len(self.same),
            redated=len(self.redated),
            # Of all lines: those that are left out stand in the file as well.
            unclassified=sum(is_unclassified(line.row) for line in self.tied.reading.lines)
            + sum(each.is_unclassified for each in self.reading.erased.values()),
            erased=len(self.reading.erased),
            left=what.count("left"),
            pairs=self.pairs,
            sheets=result.sheets,
            # One may be several known actors.
            doubtful_lines=len({each.actor_id for each in self.same}),
            protected=len(self.protected),
            hidden_beside=self.changes.also_hidden(),
            source=self.reading.upload.source_name,
            mapping=result.mapping,
            mapping_guessed=result.mapping_guessed,
            problems=result.problems,
            left_aside=result.left_aside,
        )


def plan(
    session: Session,
    writer: Writer,
    reading: Reading,
    decided: Decided | None = None,
    whole: Plan | None = None,
) -> Plan:
    """Return what a list would change, as the database is now, without what was erased of it.

    decided: by a person, who alone says then whom it closes; None where nobody was asked.
    whole: a plan of all its lines that was made in this transaction, under the import lock.
    """
    by_hand, decided = decided is not None, decided or Decided()
    day, rank, same = paris_day(), _rank(session, reading), decided.matched()
    before = whole.tied if whole else None
    if before is None or before.same != same:
        reading = forget(session, writer.key, take_back(session, writer, reading, rank))
        # Of all its lines: what is left out takes part in who the others are.
        before = Tied(reading, find_actors(session, writer, reading, same), same)
    found = tell_apart(before.reading, before.found, decided.two)
    reading, found = leave_out(before.reading, found, decided.left)
    matching = found.matching
    ended = frozenset(decided.archived if by_hand else closed_by(session, reading, matching))
    changes = _from_whole(whole, decided, (id(before), day, rank, ended)) if whole else None
    if changes is None:
        incoming = list(_incoming(reading, found, day, rank, decided))
        closed = dict.fromkeys(ended, _origin(reading, None, day, rank))
        changes = plan_lines(
            writer, incoming, closed, draft=reading.upload.draft, decided=decided.archived
        )
    known = {each.row.where: each.actor for each in matching.lines if each.actor}
    actors = known | changes.actors
    doubtful = tuple(same_of(reading, found, changes, actors))
    absent = _absent(reading, matching)
    unnamed = {*_missing(matching), *absent.values()}
    return Plan(
        reading,
        before,
        day,
        matching,
        absent,
        changes,
        actors,
        _outcomes(reading, changes) | dict.fromkeys(decided.left, "left"),
        _protected(session, writer, reading, actors, changes.changes),
        doubtful,
        tuple(pairs_of(session, reading, doubtful, actors)),
        tuple(sorted(public_names(session, unnamed, whole=False).values())),
        decided,
        ended,
        rank,
        _archived(session, unnamed),
    )


def _from_whole(whole: Plan, decided: Decided, made_of: tuple[object, ...]) -> LineChanges | None:
    """Return what lines change, told from the plan of all of them; None where it is to be planned.

    made_of: what it would be planned from, beside what a person decided.
    """
    as_whole = replace(decided, left=frozenset()) == whole.decided
    if not as_whole or made_of != (id(whole.tied), whole.day, whole.rank, whole.closed):
        return None
    lines, doubts = whole.tied.reading.lines, whole.tied.found.doubts
    asked = {whole.actors[lines[each.line].row.where] for each in doubts}
    named = asked.union((each.other for each in doubts), whole.closed)
    return without(whole.lines, decided.left, named)


def _incoming(
    reading: Reading, found: Found, day: date, rank: int, decided: Decided
) -> Iterator[Incoming]:
    """Yield the lines that may change something, each with whom it may be."""
    perhaps: dict[int, list[UUID]] = defaultdict(list)
    named: dict[int, list[UUID]] = defaultdict(list)
    bearing: dict[int, set[UUID]] = defaultdict(set)
    others: dict[int, list[UUID]] = defaultdict(list)
    for doubt in found.doubts:
        if doubt.are_two:
            others[doubt.line].append(doubt.other)
            continue
        if doubt.hides:
            perhaps[doubt.line].append(doubt.other)
        elif doubt.hides_other:
            named[doubt.line].append(doubt.other)
        if doubt.bears:
            bearing[doubt.line].add(doubt.other)
    for number, matched in enumerate(found.matching.lines):
        if not matched.unchanged:
            yield Incoming(
                matched.row,
                matched.actor,
                reading.source,
                _origin(reading, matched.row.where, day, rank),
                tuple(perhaps.get(number, ())),
                tuple(named.get(number, ())),
                frozenset(bearing.get(number, _NONE)),
                tuple(others.get(number, ())),
                renews=reading.upload.register is not None,
                only=reading.lines[number].only,
                chosen=decided.chosen.get(matched.row.where),
            )


def plan_decided(
    session: Session, writer: Writer, reading: Reading, whole: Plan, decided: Decided
) -> Plan:
    """Return what a list changes as a person decided of its lines; whole: the plan that they read.

    A home that waits says who stands beside it as well: a line that it hid, and that would be
    written otherwise without it, waits too. What they answered of doubtful lines is no such thing.
    """
    if decided.answers:
        read = replace(decided, left=frozenset(), chosen={})
        whole = plan(session, writer, reading, read, whole)
    while True:
        planned = plan(session, writer, reading, decided, whole)
        bared = {
            where
            for where in planned.actors
            if _level(planned, where) != _level(whole, where)
            # A value that a person took may hide its actor.
            and not (where in decided.chosen and _is_raised(planned, whole, where))
        }
        if bared <= decided.left:
            return planned
        decided = replace(decided, left=decided.left | bared)


def _is_raised(planned: Plan, whole: Plan, where: Where) -> bool:
    return raised(_level(whole, where), _level(planned, where))


def _level(planned: Plan, where: Where) -> Level | None:
    edit = planned.changes.edits.get(planned.actors[where])
    return edit.level if edit else None


def _rank(session: Session, reading: Reading) -> int:
    """Return how far a list is believed, as a person set it; a register as its catalogue says."""
    if register := reading.upload.register:
        return register.rank
    chosen = session.scalar(select(Source.rank).where(Source.id == reading.source))
    return chosen or reading.upload.rank


def _origin(reading: Reading, where: Where | None, day: date, rank: int) -> Origin:
    """Return what writes; where: the line, none of a line that is missing."""
    return Origin(
        source=reading.source,
        file=reading.file,
        sheet=where.sheet if where else None,
        line=where.line if where else None,
        day=day,
        rank=rank,
    )


def _absent(reading: Reading, matching: Matching[UUID]) -> dict[bytes, UUID]:
    if not reading.upload.whole:
        return {}
    present = {line.actor for line in matching.lines}
    return {key: actor for key, actor in reading.absent.items() if actor not in present}


def _archived(session: Session, actors: Set[UUID]) -> frozenset[UUID]:
    """Return those of some actors that were archived before."""
    statement = select(Actor.id).where(among(Actor.id, actors), Actor.status == "archived")
    return frozenset(session.scalars(statement))


def _missing(matching: Matching[UUID]) -> list[UUID]:
    return list(dict.fromkeys(matching.missing.values()))


def _outcomes(reading: Reading, changes: LineChanges) -> dict[Where, str]:
    outcomes = {line.row.where: "unchanged" for line in reading.lines}
    outcomes |= dict.fromkeys(changes.conflicts, "conflicting")
    outcomes |= dict.fromkeys(changes.updated, "updated")
    outcomes |= dict.fromkeys(changes.created, "created")
    outcomes |= {each.where: "rejected" for each in reading.result.problems if each.fatal}
    return outcomes | {each.where: "ignored" for each in reading.result.ignored}


def _protected(
    session: Session,
    writer: Writer,
    reading: Reading,
    actors: Mapping[Where, UUID],
    changes: Changes,
) -> frozenset[UUID]:
    """Return the actors that the list's own words or homes hide, once the changes are written.

    A list that names an address does not ask whether another list, or a person, hides it.
    """
    listed, planned = set(actors.values()), {**changes.edits, **changes.neighbours}
    # Who is off the map is archived, and hidden by no more than that nobody classed it.
    off_map = {actors[line.row.where] for line in reading.lines if line.row.off_map}
    out = {each for each in off_map & planned.keys() if planned[each].record.status == "archived"}
    archived = select(Actor.id).where(among(Actor.id, off_map - planned.keys()))
    out |= set(session.scalars(archived.where(Actor.status == "archived")))
    own = {actors[line.row.where] for line in reading.lines if hides(line.row)} - out
    stored = select(ActorProtected.actor_id).where(
        among(ActorProtected.actor_id, listed - planned.keys()), ActorProtected.level.is_not(None)
    )
    hidden = {each for each in listed & planned.keys() if planned[each].level}
    hidden |= set(session.scalars(stored))
    edits = {**writer.stored(hidden - own - planned.keys()), **planned}
    homes = set(map(str, own))
    beside = (
        each
        for each in hidden - own
        if any(cause.what in homes for cause in active(edits[each].causes))
    )
    return frozenset(hidden & own).union(beside)
