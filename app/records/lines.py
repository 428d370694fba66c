"""What the lines of a list change of actors."""

from collections import defaultdict
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from uuid import UUID

from app.records.causes import Cause, active, of_signs, was_asked
from app.records.choosing import Choice, choose, may_choose, otherwise
from app.records.edits import Edit, amend, close, create, merge
from app.records.given import without_given
from app.records.record import ActorRecord, Origin
from app.records.said import Difference
from app.records.said_by_lines import houses
from app.records.spelling import as_in_place
from app.records.writing import Changes, Writer
from geo.zones import paris_day
from importers import vocabulary
from importers.identity import named_key, proper_key
from importers.row import ActorFields, ActorRow, Where


@dataclass(frozen=True, slots=True)
class Incoming:
    """A line on its way to its actor, None for a new one; source: the list that sends it.

    perhaps: known actors of which a new one may be one, or one that takes their name; it is not
    published before a person says.
    namesakes: those that have the name of a new home; they are not published before a person says.
    bearing: of both, those whose whole name is the home's.
    others: known actors of which a person found that it is none.
    renews: it is of a register, which may have said the same actor in another territory.
    only: the fields that it answers, of a line that was handed out with the values in place.
    chosen: whose value a person chose where it says otherwise than its actor.
    """

    row: ActorRow
    actor: UUID | None
    source: UUID
    origin: Origin
    perhaps: tuple[UUID, ...] = ()
    namesakes: tuple[UUID, ...] = ()
    bearing: frozenset[UUID] = frozenset()
    others: tuple[UUID, ...] = ()
    renews: bool = False
    only: frozenset[str] | None = None
    chosen: Choice | None = None


@dataclass(frozen=True, slots=True)
class LineChanges:
    """What lines would change: line -> actor, and the lines that create or update one.

    redated: those of updated that change its day alone. namesakes: new actor -> accommodation of
    this list that has its name and commune. conflicts: what the last line of a known actor says
    otherwise than its record, where that stays.
    """

    changes: Changes
    actors: dict[Where, UUID] = field(default_factory=dict)
    created: set[Where] = field(default_factory=set)
    updated: set[Where] = field(default_factory=set)
    redated: set[Where] = field(default_factory=set)
    namesakes: dict[UUID, Edit] = field(default_factory=dict)
    conflicts: dict[Where, tuple[Difference, ...]] = field(default_factory=dict)


def plan_lines(
    writer: Writer,
    lines: Sequence[Incoming],
    closed: Mapping[UUID, Origin],
    *,
    draft: bool,
    decided: Collection[UUID] = (),
) -> LineChanges:
    """Edit the actor of each line, and find whom that hides; only reads.

    closed: actors that are archived, and by what. decided: of these, those that a person closes.
    """
    named = {actor for line in lines for actor in line.namesakes}
    stored = writer.stored({line.actor for line in lines if line.actor} | closed.keys() | named)
    edits: dict[UUID, Edit] = {}
    by_line: dict[Where, Edit] = {}
    for line in lines:
        edit = _edit(line, stored, draft=draft)
        edits[edit.actor_id] = by_line[line.row.where] = edit
    stays = dict(_choose(writer.key, lines, by_line))
    for actor, origin in closed.items():
        if actor in decided:
            _close(stored[actor], origin)
        close(stored[actor], origin)
        edits[actor] = stored[actor]
    for line in lines:
        home = by_line[line.row.where].actor_id
        for actor in line.namesakes:
            edit = edits.setdefault(actor, stored[actor])
            cause = perhaps_another(
                home, line.origin.day, edit.record if actor in line.bearing else None
            )
            edit.causes = (*edit.causes, cause)
    namesakes = _hide_namesakes(edits.values())
    for line in lines:
        if line.row.off_map:
            _leave_off_map(by_line[line.row.where])
    changes = writer.plan(edits)
    updated = {
        where
        for where, edit in by_line.items()
        if not edit.is_new and edit.changed and not _only_stays(edit, stays.get(where, ()))
    }
    return LineChanges(
        changes,
        {where: edit.actor_id for where, edit in by_line.items()},
        {where for where, edit in by_line.items() if edit.is_new},
        updated,
        {where for where in updated if _is_redated(by_line[where])},
        namesakes,
        stays | dict(_conflicts(writer.key, lines, by_line)),
    )


def _choose(
    key: bytes, lines: Sequence[Incoming], by_line: Mapping[Where, Edit]
) -> Iterator[tuple[Where, tuple[Difference, ...]]]:
    """Write what a person chose where lines say otherwise; yield where the record stays."""
    # Another line may be of the same actor by now, as a person answered.
    asked = [line for line in lines if line.chosen]
    for line, edit, found in _otherwise(key, asked, by_line):
        if line.chosen and may_choose(edit, line.row):
            choose(edit, line.row, line.source, line.origin.day, found, line.chosen)
            if line.chosen == "record":
                yield line.row.where, found


def _conflicts(
    key: bytes, lines: Sequence[Incoming], by_line: Mapping[Where, Edit]
) -> Iterator[tuple[Where, tuple[Difference, ...]]]:
    """Yield what lines say otherwise than their actors, and no person has answered."""
    return ((line.row.where, found) for line, _, found in _otherwise(key, lines, by_line))


def _otherwise(
    key: bytes, lines: Sequence[Incoming], by_line: Mapping[Where, Edit]
) -> Iterator[tuple[Incoming, Edit, tuple[Difference, ...]]]:
    """Yield the last line of each known actor that says otherwise, and of what."""
    last = {line.actor: line for line in lines if line.actor}
    for line in last.values():
        edit, day = by_line[line.row.where], line.origin.day
        if found := otherwise(key, edit, line.row, line.source, day, line.only):
            yield line, edit, found


def _only_stays(edit: Edit, found: Collection[Difference]) -> bool:
    """Return whether a line changes no more than that a person chose the record beside it."""
    return not edit.turned and edit.all_changes().keys() <= {each.field for each in found}


def _is_redated(edit: Edit) -> bool:
    """Return whether a line says what was known, of another day."""
    return not edit.turned and edit.all_changes().keys() == {"verified_on"}


def _edit(line: Incoming, stored: dict[UUID, Edit], *, draft: bool) -> Edit:
    if line.actor is None:
        edit = create(line.row, line.origin, draft=draft)
    elif line.only is not None:
        edit = stored[line.actor]
        amend(edit, {name: getattr(line.row, name) for name in line.only}, line.origin)
    else:
        edit = stored[line.actor]
        # What is hidden in a file changes nothing of what is public.
        if line.row.status != "draft" or edit.record.status == "draft":
            # Neighbours of an accommodation are looked for where the last list says that it is.
            home = is_home_by_itself(edit) or houses(line.row)
            row = without_given(as_in_place(line.row, edit.record), edit, line.origin)
            if row.off_map and edit.record.status == "archived":
                row = row.model_copy(update={"status": "archived"})
            merge(edit, row, line.origin, last_wins=home, renews=line.renews)
    # Of a whole line always: another line may make a home's namesake of its actor.
    guards = line.only is None or edit.is_home or is_home_by_itself(edit) or houses(line.row)
    if guards and not edit.is_new:
        edit.heard = (*edit.heard, (line.source, _said(line, edit.record)))
    edit.why = line.origin
    perhaps = [
        perhaps_another(other, line.origin.day, line.row if other in line.bearing else None)
        for other in (line.perhaps if _takes_a_name(edit) else ())
    ]
    # A list answers for its own words alone: what another one says, or a person, stays.
    # A line that answers some fields says nothing of the words of others.
    others = [each for each in edit.causes if line.only is not None or each.source != line.source]
    said = of_signs(line.row.signs, line.source, line.origin.day)
    edit.protect([*others, *perhaps, *said], line.origin.day)
    edit.causes = (*edit.causes, *(another(other, line.origin.day) for other in line.others))
    return edit


def _leave_off_map(edit: Edit) -> None:
    """Archive a new actor of which no more is known than a word that is off the map.

    Whoever may be a home, or one that is known, guards its neighbours until a person looks: an
    archived one guards nobody. A known one a person archives.
    """
    classed = vocabulary.load().categories[edit.record.category].publishable
    if edit.is_new and not classed and not active(edit.causes):
        edit.record.status = "archived"


def _takes_a_name(edit: Edit) -> bool:
    """Return whether an actor had not the name that it has now, new ones included."""
    return ("named", named_key(edit.record)) not in edit.former_marks


def _close(edit: Edit, origin: Origin) -> None:
    """Archive an actor as a person decided now, whatever one said before; a secret one stays."""
    if edit.record.status not in ("archived", "secret"):
        edit.change("status", "archived", origin.model_copy(update={"rank": 0}))


def _said(line: Incoming, record: ActorRecord) -> ActorFields:
    """Return what a line says; what one that answers some fields leaves out is as it stands."""
    if line.only is None:
        return line.row
    return record.model_copy(update={name: getattr(line.row, name) for name in line.only})


def perhaps_another(other: UUID, day: date, bearer: ActorFields | None) -> Cause:
    """Return the cause of one that may be another; bearer: if it has the whole name of a home.

    With another order of lists it would be one with that home, and guard what it guards.
    """
    shared = () if bearer is None else (f"named:{named_key(bearer)}",)
    return Cause(why="duplicate", what=str(other), shared=shared, since=day)


def another(other: UUID, day: date) -> Cause:
    """Return what remembers of an actor that a person found it to be another, which hides none."""
    return Cause(why="duplicate", what=str(other), since=day, dismissed_on=day)


def _hide_namesakes(edits: Collection[Edit]) -> dict[UUID, Edit]:
    """Hide actors that take the name of an accommodation of their commune, in one list."""
    homes: dict[str, list[Edit]] = defaultdict(list)
    for edit in filter(is_home_by_itself, edits):
        for key in _names(edit):
            homes[key].append(edit)
    whole = {named_key(edit.record) for each in homes.values() for edit in each}
    today, found = paris_day(), {}
    for edit in edits if homes else ():
        if _takes_a_name(edit) and not is_home_by_itself(edit):
            of_its_name = (home for key in _names(edit) for home in homes.get(key, ()))
            home = next((each for each in of_its_name if not _was_judged(edit, each)), None)
            if home:
                found[edit.actor_id] = home
                bearer = edit.record if named_key(edit.record) in whole else None
                edit.causes = (*edit.causes, perhaps_another(home.actor_id, today, bearer))
    return found


def _was_judged(edit: Edit, home: Edit) -> bool:
    return was_asked(edit.causes, home.actor_id) or found_two(edit, home)


def _names(edit: Edit) -> list[str]:
    """Return by what names an actor is known in its commune."""
    proper = proper_key(edit.record)
    return [named_key(edit.record), *([proper] if proper else [])]


def as_written(row: ActorRow, record: ActorRecord) -> Iterator[ActorRow]:
    """Yield a line, and what else it may leave: a higher rank may hold the name, or the place."""
    yield row
    placed = {name: getattr(record, name) for name in ("territory", "commune", "city")}
    for held in ({"name": record.name}, placed):
        left = row.model_copy(update=held)
        # What its actor is called already it does not take.
        if named_key(left) not in (named_key(row), named_key(record)):
            yield left


def found_two(one: Edit, other: Edit) -> bool:
    """Return whether a person found that two actors are two, whichever of them was asked about."""
    pairs = ((one, other), (other, one))
    return any(was_asked(each.causes, of.actor_id, answered=True) for each, of in pairs)


def is_home_by_itself(edit: Edit) -> bool:
    """Return whether an actor houses children, as its record or its causes say."""
    category = vocabulary.load().categories[edit.record.category]
    return category.protected or edit.houses
