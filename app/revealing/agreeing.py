"""What waits for an agreement, as a curateur reads it and decides by one press."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import ColumnElement, Select, func, select
from sqlalchemy.orm import Session

from app.accounts.people import Person, read_person
from app.audit.actions import Action
from app.audit.journal import Author, add
from app.errors import ActorUnknown
from app.models import Account, Actor, ActorProtected, Reveal, RevealChoice
from app.reference.motives import MOTIVES
from app.revealing.asking import A_DAY, REVEALED_FOR, ContactClosed, end_others
from app.revealing.choices import protected_since
from app.revealing.places import ASKED_WAYS, Place, read_place
from app.vault.lenient import leniently
from app.vault.sealing import Vault


@dataclass(frozen=True, slots=True)
class Waiting:
    """Who asks for the contact of a place, and why; motive: as pages say it."""

    id: UUID
    place: Place
    person: Person
    number: str
    motive: str
    asked_at: datetime


def waiting(session: Session, vault: Vault, now: datetime) -> Sequence[Waiting]:
    """Return what waits, the first one first; nothing of a place that is told no more. Of somebody
    who does not open, that they do not; raises KeyMissing where nobody does.
    """
    lenient = leniently(session, vault)
    rows = session.execute(
        select(Reveal, Account, Actor.public_id)
        .join(Account, Account.id == Reveal.account_id)
        .join(Actor, Actor.id == Reveal.actor_id)
        .where(*_waits(now))
        .order_by(Reveal.asked_at, Reveal.id)
    ).all()
    found = []
    for row, account, public_id in rows:
        place = _place(session, vault, public_id)
        if place is not None and place.way in ASKED_WAYS:
            person, motive = read_person(lenient, account), MOTIVES[row.motive]
            found.append(Waiting(row.id, place, person, row.number, motive, row.asked_at))
    return found


def counting(now: datetime) -> Select[int]:
    """Count what waits for an agreement, of places that are told; in one statement, for each page
    of a curateur. One that moved since stands on their page among those that are asked anew.
    """
    return (
        select(func.count(Reveal.id))
        .join(Account, Account.id == Reveal.account_id)
        .join(RevealChoice, RevealChoice.actor_id == Reveal.actor_id)
        .join(ActorProtected, ActorProtected.actor_id == Reveal.actor_id)
        .join(Actor, Actor.id == Reveal.actor_id)
        .where(
            *_waits(now),
            Actor.status == "published",
            ActorProtected.level == "neutral",
            RevealChoice.choice.in_(ASKED_WAYS),
            ~protected_since(),
        )
    )


def decide(
    session: Session, vault: Vault, author: Author, reveal_id: UUID, now: datetime, *, given: bool
) -> bool:
    """Give what waits for an agreement, or refuse it; False where it waits no more.

    It is given for the record and by the choice of this moment. Raises ContactClosed.
    """
    account = select(Reveal.account_id).where(Reveal.id == reveal_id).scalar_subquery()
    # In the order in which who asks takes them: account, then what they asked for.
    usable = (Account.id == account, Account.disabled_at.is_(None))
    if session.scalar(select(Account.id).where(*usable).with_for_update()) is None:
        return False
    row = session.get(Reveal, reveal_id, with_for_update=True)
    if row is None or row.given_at or row.ended_at or row.asked_at <= now - A_DAY:
        return False
    said = {"number": row.number, "motive": row.motive, "account": str(row.account_id)}
    row.decided_by = author.who
    if not given:
        row.ended_at = now
        add(session, vault, author, Action.CONTACT_REFUSED, str(row.actor_id), said)
        return True
    public_id = session.scalar(select(Actor.public_id).where(Actor.id == row.actor_id))
    place = _place(session, vault, public_id or "")
    if place is None or place.chosen is None or place.way not in ASKED_WAYS:
        raise ContactClosed
    end_others(session, row.account_id, now)
    row.sealed, row.chosen_at = place.sealed, place.chosen.made_at
    row.given_at, row.ends_at = now, now + REVEALED_FOR
    add(session, vault, author, Action.CONTACT_GIVEN, str(row.actor_id), said)
    return True


def _waits(now: datetime) -> tuple[ColumnElement[bool], ...]:
    return (
        Reveal.given_at.is_(None),
        Reveal.ended_at.is_(None),
        Reveal.asked_at > now - A_DAY,
        Account.disabled_at.is_(None),
    )


def _place(session: Session, vault: Vault, public_id: str) -> Place | None:
    try:
        return read_place(session, vault, public_id)
    except ActorUnknown:
        return None
