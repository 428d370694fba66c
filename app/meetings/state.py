"""The état des lieux of a territory: who steers, missions and holes, what is new, what to confirm.

Made of what visitors read and of counts of it, for anybody who sits at the table.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from app.meetings.snapshot import Snapshot
from app.search.ages import AGES
from app.search.coverage import NOBODY, Cell
from app.search.here import Here
from app.search.steering import Steering, steering_of
from importers import vocabulary
from importers.vocabulary import SPECIALITY, Term


@dataclass(frozen=True, slots=True)
class Mission:
    """A mission, and who has it here. nationwide: how many more cover all of France.

    before: how many had it at the last meeting, None where that is not known or not to be said.
    """

    term: Term
    cell: Cell
    nationwide: int
    before: int | None = None


@dataclass(frozen=True, slots=True)
class Since:
    """What changed since a meeting. new: who is public now and was not, no neutral sheet among
    them; confirmed: how many were since; corrected: whose sheet was written since.

    filled: missions that somebody named has now and nobody had. archived: public id and name of
    each that is closed, none for who may not read archives. hidden: how many more are not public
    any more, None for who may not know it.
    """

    day: date
    new: tuple[Here, ...]
    confirmed: int
    corrected: tuple[Here, ...]
    filled: tuple[Term, ...]
    archived: tuple[tuple[str, str], ...]
    hidden: int | None


@dataclass(frozen=True, slots=True)
class State:
    """An état des lieux. on: the day that it stands for. to_confirm: those whose seat is here and
    whose term is over, the oldest first; from_registers: how many only a register names.
    """

    on: date
    total: int
    steering: tuple[Steering, ...]
    missions: tuple[Mission, ...]
    is_listed: bool
    to_confirm: tuple[Here, ...]
    from_registers: int
    since: Since | None

    @property
    def holes(self) -> list[Mission]:
        """Return the missions that nobody has here."""
        return [each for each in self.missions if not each.cell.actors]


def state_of(
    actors: Sequence[Here],
    nationwide: Mapping[str, int],
    on: date,
    due_by: date,
    since: Since | None,
    before: Mapping[str, int] | None,
) -> State:
    """Return the état des lieux of some actors. due_by: the day on which a term is over.

    before: mission -> how many had it, None where that is not to be said.
    """
    cells = _cells(actors)
    known = vocabulary.load()
    missions = tuple(
        Mission(
            term,
            cells.get(code, NOBODY),
            nationwide.get(code, 0),
            None if before is None else before.get(code, 0),
        )
        for code, term in known.functions.items()
    )
    seated = [each for each in actors if each.seated and not each.protected]
    return State(
        on,
        len(actors),
        steering_of(actors),
        missions,
        any(each.listed and each.seated for each in actors),
        tuple(sorted((each for each in seated if _is_due(each, due_by)), key=_oldest)),
        sum(each.from_register for each in seated),
        since,
    )


def since_of(
    actors: Sequence[Here],
    snapshot: Snapshot,
    day: date,
    *,
    corrected: Iterable[str],
    archived: Sequence[tuple[str, str]],
    public: Iterable[str] | None,
) -> Since:
    """Return what changed since the snapshot of a meeting.

    corrected: public ids of those whose sheet was written since. public: of the snapshot, those
    that visitors read, wherever they are by now; None where the reader may not know who is hidden.
    """
    written = set(corrected)
    still = [each for each in actors if each.public_id in snapshot]
    had = {code for then in snapshot.values() for code in then.functions}
    # Of a neutral sheet, not even that: nobody new beside it would tell that one became neutral.
    has = {code for each in actors if not each.protected for code in each.functions}
    functions = vocabulary.load().functions
    gone = None
    if public is not None:
        named = {public_id for public_id, _ in archived}
        gone = len(known_before(actors, snapshot).keys() - named - set(public))
    return Since(
        day,
        tuple(each for each in actors if each.public_id not in snapshot and not each.protected),
        sum(_is_confirmed_since(each, snapshot) for each in still),
        tuple(each for each in still if each.public_id in written and not each.protected),
        tuple(term for code, term in functions.items() if code in has - had),
        tuple(archived),
        gone,
    )


def known_before(actors: Iterable[Here], snapshot: Snapshot) -> Snapshot:
    """Return what of a snapshot may be counted for who knows who is hidden in this territory.

    Of the seat of somebody who came from another one they know nothing.
    """
    still = {each.public_id for each in actors}
    return {
        public_id: then for public_id, then in snapshot.items() if then.seated or public_id in still
    }


def counted(snapshot: Snapshot) -> Mapping[str, int]:
    """Return mission -> how many had it."""
    found: dict[str, int] = {}
    for then in snapshot.values():
        for code in then.functions:
            found[code] = found.get(code, 0) + 1
    return found


def _cells(actors: Iterable[Here]) -> Mapping[str, Cell]:
    found: dict[str, Cell] = {}
    for each in actors:
        ages = tuple(int(age.code == each.age) for age in AGES)
        one = Cell(ages, int(SPECIALITY in each.functions))
        for code in each.functions:
            found[code] = found.get(code, NOBODY).plus(one)
    return found


def _is_due(actor: Here, by: date) -> bool:
    if actor.from_register:
        return False
    return actor.due_on is None or actor.due_on <= by


def _oldest(actor: Here) -> tuple[date, date]:
    return (actor.due_on or date.min, actor.verified_on or date.min)


def _is_confirmed_since(actor: Here, snapshot: Snapshot) -> bool:
    then = snapshot[actor.public_id].verified_on
    day = actor.verified_on
    return day is not None and not actor.from_register and (then is None or day > then)
