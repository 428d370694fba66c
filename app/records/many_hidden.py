"""What a person decides of several hidden actors at once: nothing of them becomes public by it.

To publish one, somebody opens it, reads it, and asks a second person.
"""

from datetime import date

from app.audit.actions import Action
from app.models.protected import Level
from app.records import acts
from app.records.causes import (
    Cause,
    Judged,
    active,
    confirmed,
    lasting_level,
    undecided,
    without_doubts,
)
from app.records.edits import Edit
from app.records.many import Deed, Refusal
from app.records.record import ActorRecord


def _not_confirmed(causes: tuple[Cause, ...]) -> Refusal | None:
    left = active(causes)
    whys = {each.why for each in left}
    if not left:
        return Refusal.PUBLIC
    if "unclassified" in whys:
        return Refusal.UNCLASSIFIED
    if "duplicate" in whys:
        return Refusal.DOUBLE
    known = (
        Judged(each.why, each.confirmed_on is not None, each.ended_on is not None) for each in left
    )
    return None if undecided(known) else Refusal.ALREADY


def _confirm(edit: Edit, today: date) -> None:
    """Say that what hides an actor does so rightly: no list asks it again by saying the same."""
    edit.causes = confirmed(edit.causes, today)


def _not_set_aside(causes: tuple[Cause, ...]) -> Refusal | None:
    """Return why doubts stay: what they alone hide is not for several at once.

    Nor what they alone would hide once it is classified, or found to be no double.
    """
    left = without_doubts(causes, date.max)
    if left == causes:
        return Refusal.NO_DOUBT
    before, after = (lasting_level(each) for each in (causes, left))
    return Refusal.ALONE if after != before else None


def _set_aside(edit: Edit, today: date) -> None:
    edit.causes = without_doubts(edit.causes, today)


def _not_protected(record: ActorRecord, _level: Level | None, _today: date) -> Refusal | None:
    return Refusal.ARCHIVED if record.status == "archived" else None


def _is_protected(causes: tuple[Cause, ...]) -> Refusal | None:
    return Refusal.ALREADY if any(each.why == "decision" for each in active(causes)) else None


CONFIRM = Deed("confirm", Action.HIDING_CONFIRMED, lambda *_: None, _confirm, judges=_not_confirmed)
SET_ASIDE = Deed(
    "set_aside", Action.DOUBT_SET_ASIDE, lambda *_: None, _set_aside, judges=_not_set_aside
)


def protect_because(why: str) -> Deed:
    """Return the deed that says that actors are places to protect; why: as a person says it."""
    return Deed(
        *("protect", Action.PROTECTED, _not_protected, acts.hide, why),
        judges=_is_protected,
        answers=True,
    )
