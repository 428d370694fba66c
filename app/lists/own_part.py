"""The part of a list that a référent du Département applies: nothing of it touches a protection.

Whoever is hidden, was or would be, and whoever may be somebody else, is left to a curateur; so is a
line that hides or shows somebody beside it.
"""

from collections.abc import Iterator
from collections.abc import Set as AbstractSet
from dataclasses import dataclass, replace
from uuid import UUID

from sqlalchemy.orm import Session

from app.lists.decided import Decided
from app.lists.line_territories import LineTerritories
from app.lists.planning import Plan, plan_decided
from app.lists.reading import Reading
from app.records.edits import Edit
from app.records.heard import own_marks
from app.records.said_by_lines import hides
from app.records.writing import Writer
from importers.row import Where

WRITTEN = ("created", "updated")


class NothingLeft(RuntimeError):
    """Without any line, a list would still hide or show somebody."""


@dataclass(frozen=True, slots=True)
class Own:
    """Whose part it is: the codes of their territories, and the territory of the whole list."""

    territories: AbstractSet[str]
    of_list: str | None


def plan_own(
    session: Session, writer: Writer, reading: Reading, whole: Plan, decided: Decided, own: Own
) -> Plan:
    """Return what is written of a list as somebody of some territories applies it.

    whole: the plan that they read. decided: what they accepted of it, and others before them.
    """
    left = decided.left | set(_of_a_curateur(whole, decided, own))
    closed = writer.stored(decided.archived)
    archived = {actor for actor, edit in closed.items() if _is_plain(edit, own)}
    while True:
        planned = whole
        if left or whole.gone or decided.chosen:
            now = replace(decided, left=frozenset(left), archived=frozenset(archived))
            planned = plan_decided(session, writer, reading, whole, now)
        odd = _odd(planned, own)
        if not odd:
            return planned
        # A line of which the record says the same already may still hide or show somebody.
        heard = {
            where
            for where, actor in planned.actors.items()
            if where not in planned.left and actor in planned.changes.edits
        }
        lines = {where for where in heard if planned.actors[where] in odd}
        if not lines and odd.isdisjoint(archived):
            # Nobody knows which of them it is: nothing is written rather than too much.
            if not heard and not archived:
                raise NothingLeft
            lines, archived = heard, set()
        left |= planned.left | lines
        archived -= odd


def _of_a_curateur(whole: Plan, decided: Decided, own: Own) -> Iterator[Where]:
    """Yield the lines that touch a protection by themselves, or that are of other territories."""
    rows = {row.where: row for row in whole.reading.result.rows}
    territories = LineTerritories(whole.reading, own.of_list)
    asked = _asked(whole)
    for where, actor in whole.actors.items():
        if whole.outcomes[where] not in WRITTEN and where not in decided.chosen:
            continue
        elsewhere = territories.of(where) not in own.territories
        edit = whole.changes.edits[actor]
        if elsewhere or hides(rows[where]) or actor in asked or not _is_plain(edit, own):
            yield where


def _odd(planned: Plan, own: Own) -> set[UUID]:
    """Return whose edits are not to be written: what touches a protection, or hides another one."""
    edits = planned.changes.edits
    changed = {actor: edit for actor, edit in edits.items() if edit.changed}
    odd = {actor for actor, edit in changed.items() if not _is_plain(edit, own)}
    odd |= _asked(planned) & changed.keys()
    beside = {
        mark
        for edit in planned.changes.neighbours.values()
        for cause in (*edit.causes, *edit.former_causes)
        for mark in cause.shared
    }
    odd |= {actor for actor, edit in edits.items() if not beside.isdisjoint(_marks(edit))}
    return odd | planned.changes.neighbours.keys()


def _asked(planned: Plan) -> set[UUID]:
    """Return the actors of whom somebody is asked whether they are one with another."""
    return {each for one in planned.same for each in (one.actor_id, one.other) if each}


def _is_plain(edit: Edit, own: Own) -> bool:
    """Return whether an actor is public, was and stays so or is closed, and is here, and was.

    A draft waits as well: written unseen, it would tell at no price who is hidden beside it.
    """
    change = edit.changes.get("territory")
    territories = {edit.record.territory, change.before if change else edit.record.territory}
    former = "published" if edit.is_new else edit.former_status
    ends = ("published",) if edit.is_new else ("published", "archived")
    return (
        edit.level is None
        and edit.former_level is None
        and former == "published"
        and edit.record.status in ends
        and not (edit.is_home or edit.was_home)
        and set(edit.causes) == set(edit.former_causes)
        and territories <= own.territories
    )


def _marks(edit: Edit) -> Iterator[str]:
    return (f"{kind}:{value}" for kind, value in own_marks(edit) | edit.former_marks)
