"""What is wrong with the lines of a list that was deposited, without a value that is hidden.

It is looked at twice: once a list is read, at its own lines; whenever its page is shown, at who is
hidden by then.
"""

import re
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from typing import Any
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.lists.line_territories import LineTerritories
from app.lists.planning import Plan
from app.models import ActorFingerprint, ActorProtected
from app.platform.database.sessions import among
from app.records.edits import Edit
from app.records.heard import own_marks
from app.records.marks import Mark, around, quoted_in, stored_mark
from geo.text import fold
from importers.row import Problem

VALUE_HIDDEN = "Une valeur de cette ligne est à revoir dans la liste."
# Who classifies actors reads the words that lists have for them.
_CLASSES = {"category", "finess_category"}
# Letters of a word from which on a sentence is taken to repeat it.
_TELLING = 4
_NO_DIGIT = re.compile(r"\D+")


def in_order(planned: Plan) -> list[Problem]:
    """Return what is wrong with lines, refused ones first."""
    result = planned.reading.result
    sheets = {name: place for place, name in enumerate(result.sheets)}
    return sorted(
        result.problems,
        key=lambda each: (not each.fatal, sheets.get(each.sheet, len(sheets)), each.line),
    )


def problems_of(
    session: Session,
    key: bytes,
    planned: Plan,
    given: Sequence[Problem],
    territories: LineTerritories,
) -> Iterator[dict[str, Any]]:
    """Yield problems as they are stored."""
    result, edits = planned.reading.result, _edits(planned)
    rows = {row.where: row for row in result.rows if row.where in planned.actors}
    hidden = _hidden(session, planned, edits)
    borne = {mark for each in edits.values() if each.level for mark in _borne(each)}
    for each in given:
        row = rows.get(each.where)
        said = quoted_in(each.value, row) if row and each.value else set()
        # What is said of a header is said of no actor.
        of_line = each.where in rows or each.where in planned.outcomes
        masked = planned.actors[each.where] in hidden if row else of_line
        fields = set(result.mapping.get(each.column or "", "").split(", "))
        found = problem(
            each,
            territories.of(each.where),
            masked=masked or not said.isdisjoint(borne),
            quotes=row is None or not fields <= _CLASSES,
        )
        if row and not found["masked"]:
            found["actor"] = str(planned.actors[each.where])
            found["marks"] = [digest.hex() for digest in digests_of(said, key)]
        yield found


def problem(
    each: Problem, territory: str | None, *, masked: bool, quotes: bool = True
) -> dict[str, Any]:
    """Return a problem; masked: without its value, quotes: nor a sentence that may say it."""
    value = each.value or ""
    found = {
        "sheet": each.sheet,
        "line": each.line,
        "column": each.column,
        "value": value,
        "message": each.message,
        "fatal": each.fatal,
        "masked": False,
        "quotes": quotes and _repeats(each.message, value),
        "territory": territory,
    }
    return hide(found) if masked else found


def hide(found: Mapping[str, Any]) -> dict[str, Any]:
    """Return a problem without its value."""
    message = VALUE_HIDDEN if found["quotes"] else found["message"]
    masked = found["masked"] or bool(found["value"])
    return {**found, "value": "", "message": message, "masked": masked}


def hidden_now(
    session: Session, found: Iterable[Mapping[str, Any]], opened: Collection[UUID] = ()
) -> tuple[set[str], set[str]]:
    """Return the actors and the marks, as problems name them, of whom something is hidden today.

    opened: of whose marks nothing is hidden from their reader.
    """
    found = list(found)
    actors = {UUID(each["actor"]) for each in found if each.get("actor")}
    digests = {bytes.fromhex(mark) for each in found for mark in each.get("marks", ())}
    level = ActorProtected.level.is_not(None)
    hidden = select(ActorProtected.actor_id).where(among(ActorProtected.actor_id, actors), level)
    borne = (
        select(ActorFingerprint.digest)
        .join(ActorProtected, ActorProtected.actor_id == ActorFingerprint.actor_id)
        .where(among(ActorFingerprint.digest, digests), level)
        .where(~among(ActorFingerprint.actor_id, opened))
    )
    return set(map(str, session.scalars(hidden))), {each.hex() for each in session.scalars(borne)}


def _edits(planned: Plan) -> dict[UUID, Edit]:
    return {**planned.changes.edits, **planned.changes.neighbours}


def _hidden(session: Session, planned: Plan, edits: Mapping[UUID, Edit]) -> set[UUID]:
    """Return which actors of lines are hidden, once the plan is written."""
    listed = set(planned.actors.values())
    stored = select(ActorProtected.actor_id).where(
        among(ActorProtected.actor_id, listed - edits.keys()), ActorProtected.level.is_not(None)
    )
    return {each for each in listed & edits.keys() if edits[each].level} | set(
        session.scalars(stored)
    )


def _borne(edit: Edit) -> set[Mark]:
    found = own_marks(edit)
    return found | around(found)


def digests_of(said: Collection[Mark], key: bytes) -> Iterator[bytes]:
    for mark in sorted(said):
        for home in (True, False):
            yield stored_mark(mark, key, home=home)[1]


def _repeats(message: str, value: str) -> bool:
    """Return whether a sentence may say a value, or a part of it."""
    if not value:
        return False
    digits = _NO_DIGIT.sub("", value)
    if len(digits) >= _TELLING and digits in _NO_DIGIT.sub("", message):
        return True
    words = [word for word in fold(value).split() if len(word) >= _TELLING]
    return value in message or any(word in fold(message) for word in words)
