"""How far questions to actors have come, by territory and category, and what is left to do."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import (
    ColumnElement,
    Select,
    Text,
    case,
    cast,
    func,
    literal,
    literal_column,
    select,
)
from sqlalchemy.orm import Session

from app.freshness.asking import note_bounced
from app.models import Actor, ActorProtected, ActorQuestion
from app.records.viewing import see_these
from app.reports.waiting import theirs
from app.vault.sealing import Vault
from app.visibility import Viewer

# In the order in which they are shown; nobody knows who opened a mail.
STATES = {
    "waiting": "En attente",
    "confirmed": "Confirmés",
    "corrected": "Corrigés",
    "silent": "Sans réponse",
    "bounced": "Courriels revenus",
    "unreachable": "Sans courriel",
}
# Nobody answers them any more: somebody calls.
TO_CALL = ("bounced", "unreachable", "silent")
SINCE = timedelta(days=365)
# On one page.
MOST = 50
_REFERENCE = re.compile("[0-9a-f]{10}")


@dataclass(frozen=True, slots=True)
class Asked:
    """A question that nobody answers. name: the true one of its actor."""

    id: UUID
    public_id: str
    name: str
    territory: str
    state: str
    made_at: datetime
    due_on: date


@dataclass(frozen=True, slots=True)
class Wanted:
    """Of whom: a territory and a category, by their codes; "" for all."""

    territory: str = ""
    category: str = ""


def progress(
    session: Session, viewer: Viewer, wanted: Wanted, now: datetime
) -> Mapping[str, Mapping[str, int]]:
    """Return the code of each territory -> state -> how many were asked within the year."""
    counted = _of(select(Actor.territory_code, state_at(now).label("state"), func.count()), viewer)
    counted = counted.where(*_chosen(wanted, now))
    found: dict[str, dict[str, int]] = {}
    # By their place, since a parameter of one is not that of the other.
    counted = counted.group_by(literal_column("1"), literal_column("2"))
    for territory, state, count in session.execute(counted):
        found.setdefault(territory, dict.fromkeys(STATES, 0))[state] = count
    return dict(sorted(found.items()))


def left(
    session: Session, vault: Vault, viewer: Viewer, wanted: Wanted, now: datetime
) -> Sequence[Asked]:
    """Return the questions that nobody answers, the first terms first."""
    columns = (ActorQuestion, Actor.public_id, Actor.territory_code, state_at(now).label("state"))
    asked = _of(select(*columns), viewer).where(
        *_chosen(wanted, now),
        state_at(now).in_(TO_CALL),
        ActorQuestion.due_on == ActorProtected.due_on,
    )
    asked = asked.order_by(ActorQuestion.due_on, ActorQuestion.id).limit(MOST)
    rows = session.execute(asked).all()
    seen = see_these(session, vault, viewer, {row.ActorQuestion.actor_id for row in rows})
    return [
        Asked(
            row.ActorQuestion.id,
            row.public_id,
            seen[row.ActorQuestion.actor_id].record.name,
            row.territory_code,
            row.state,
            row.ActorQuestion.made_at,
            row.ActorQuestion.due_on,
        )
        for row in rows
        if row.ActorQuestion.actor_id in seen
    ]


def note_came_back(session: Session, viewer: Viewer, reference: str, now: datetime) -> bool:
    """Note by its reference that a mail came back; return whether one that waits has it."""
    given = "".join(reference.split()).lower()
    if not _REFERENCE.fullmatch(given):
        return False
    digits = func.left(func.replace(cast(ActorQuestion.id, Text), "-", ""), 10)
    found = session.scalars(_of(select(ActorQuestion.id), viewer).where(digits == given)).all()
    noted = [note_bounced(session, each, now) for each in found]
    return any(noted)


def _of(asked: Select[*tuple[Any, ...]], viewer: Viewer) -> Select[*tuple[Any, ...]]:
    return (
        asked.select_from(ActorQuestion)
        .join(Actor, Actor.id == ActorQuestion.actor_id)
        .join(ActorProtected, ActorProtected.actor_id == ActorQuestion.actor_id)
        .where(theirs(viewer))
    )


def _chosen(wanted: Wanted, now: datetime) -> list[ColumnElement[bool]]:
    # Who is closed, is another one by now, or whose existence is secret, is asked no more.
    asked_still = Actor.status == "published"
    found: list[ColumnElement[bool]] = [asked_still, ActorQuestion.made_at > now - SINCE]
    if wanted.territory:
        found.append(Actor.territory_code == wanted.territory)
    if wanted.category:
        found.append(Actor.category == wanted.category)
    return found


def state_at(now: datetime) -> ColumnElement[str]:
    """Return the state of a question, one of STATES."""
    return case(
        (ActorQuestion.outcome.is_not(None), ActorQuestion.outcome),
        (ActorQuestion.ends_at > now, literal("waiting")),
        else_=literal("silent"),
    )
