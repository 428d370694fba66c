"""What a list would change: read from the database as it is now, without a lock, never written."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.lists.history import known_lines, same_actors
from app.lists.reading import Reading
from app.lists.sources import RANK_OF_LISTS
from app.lists.summary import Summary
from app.models import ActorProtected
from app.platform.database.sessions import among
from app.records.lines import Incoming, LineChanges, plan_lines
from app.records.record import Origin
from app.records.writing import Changes, Writer
from importers.matching import Matching, match_lines


@dataclass(frozen=True, slots=True)
class Plan:
    """What becomes of each line of a list once the plan is applied.

    changes: edits of actors. actors: line -> actor, new ones included. outcomes: line ->
    "created", "updated", "unchanged", "rejected" or "ignored". protected: how many actors of the
    list have something hidden. day: the one that provenance notes.
    """

    reading: Reading
    day: date
    matching: Matching[UUID]
    changes: Changes
    actors: Mapping[int, UUID]
    outcomes: Mapping[int, str]
    protected: int

    @property
    def summary(self) -> Summary:
        """Return the counts of the plan, and what was read."""
        what, result = list(self.outcomes.values()), self.reading.result
        return Summary(
            created=what.count("created"),
            updated=what.count("updated"),
            unchanged=what.count("unchanged"),
            rejected=what.count("rejected"),
            ignored=what.count("ignored"),
            missing=len(self.matching.missing),
            protected=self.protected,
            hidden_beside=self.changes.also_hidden,
            source=self.reading.upload.source_name,
            mapping=result.mapping,
            mapping_guessed=result.mapping_guessed,
            problems=result.problems,
            left_aside=result.left_aside,
        )


def plan(session: Session, writer: Writer, reading: Reading) -> Plan:
    """Return what a list would change, as the database is now."""
    day = datetime.now(UTC).date()
    matching = _match(session, reading)
    incoming = [
        Incoming(line.row, matched.actor, reading.source, _origin(reading, line.row.line, day))
        for line, matched in zip(reading.lines, matching.lines, strict=True)
        if not matched.unchanged
    ]
    changes = plan_lines(writer, incoming, draft=reading.upload.draft)
    known = {each.row.line: each.actor for each in matching.lines if each.actor}
    actors = known | changes.actors
    return Plan(
        reading,
        day,
        matching,
        changes.changes,
        actors,
        _outcomes(reading, changes),
        _count_protected(session, set(actors.values()), changes.changes),
    )


def _origin(reading: Reading, line: int, day: date) -> Origin:
    return Origin(source=reading.source, file=reading.file, line=line, day=day, rank=RANK_OF_LISTS)


def _match(session: Session, reading: Reading) -> Matching[UUID]:
    """Find the actor of each line: known from this source, or without doubt from another one."""
    same = same_actors(session, {mark for line in reading.lines for mark in line.own_marks})
    elsewhere = {}
    for line in reading.lines:
        actors = {same[mark] for mark in line.own_marks if mark in same}
        if len(actors) == 1:
            elsewhere[line.identity] = actors.pop()
    rows = [(line.row, line.identity, line.content) for line in reading.lines]
    return match_lines(rows, known_lines(session, reading.source), elsewhere)


def _outcomes(reading: Reading, changes: LineChanges) -> dict[int, str]:
    outcomes = {line.row.line: "unchanged" for line in reading.lines}
    outcomes |= dict.fromkeys(changes.updated, "updated")
    outcomes |= dict.fromkeys(changes.created, "created")
    outcomes |= {each.line: "rejected" for each in reading.result.problems if each.fatal}
    return outcomes | {each.line: "ignored" for each in reading.result.ignored}


def _count_protected(session: Session, actors: set[UUID], changes: Changes) -> int:
    """Count the actors of which something is hidden once the changes are written."""
    planned = {**changes.edits, **changes.neighbours}
    stored = select(ActorProtected.actor_id).where(
        among(ActorProtected.actor_id, actors - planned.keys()), ActorProtected.level.is_not(None)
    )
    hidden = [actor_id for actor_id in actors & planned.keys() if planned[actor_id].level]
    return len(hidden) + len(session.scalars(stored).all())
