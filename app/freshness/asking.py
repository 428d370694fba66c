"""Whom to ask whether their sheet is still right: once for each term, by their own mailbox."""

import secrets
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from math import ceil
from uuid import UUID

from sqlalchemy import delete, exists, func, select, update
from sqlalchemy.orm import Session

from app.accounts.people import TOKEN_BYTES, token_digest
from app.models import Actor, ActorProtected, ActorQuestion
from app.platform.database.copying import update_in
from app.platform.database.sessions import IMPORT_LOCK, hold
from app.records.many import writer_of
from app.records.sheets import is_protected
from app.records.viewing import Seen, see
from app.vault.sealing import Vault
from app.visibility import OPERATOR

# Before the term is over.
AHEAD = timedelta(days=30)
LINK_FOR = timedelta(days=30)
NIGHT = timedelta(hours=12)
# Nights over which those are spread who wait, so that each is asked weeks before its term.
NIGHTS = 7
# Mails in one night: a mail server takes few at once from a sender whom it does not know.
LEAST, MOST = 200, 1_000
# Terms that are written in one transaction.
AT_ONCE = 500
FORGOTTEN_AFTER = timedelta(days=3 * 365)


@dataclass(frozen=True, slots=True)
class Asked:
    """A question on its way. name: of its actor, nothing where not all of it is public.

    token: of the link; reference: of the mail, by which somebody notes that it came back.
    """

    id: UUID
    mail: str
    name: str
    token: str
    reference: str
    due_on: date
    until: datetime


def write_terms(session: Session, vault: Vault) -> int:
    """Write the terms of actors whose rows a former release wrote; return of how many."""
    unknown = select(ActorProtected.actor_id).where(ActorProtected.due_on.is_(None)).limit(AT_ONCE)
    if session.scalar(unknown.limit(1)) is None:
        return 0
    hold(session, IMPORT_LOCK)
    writer = writer_of(session, vault)
    edits = writer.stored(session.scalars(unknown).all())
    rows = [{"actor_id": actor, "due_on": writer.due_on(each)} for actor, each in edits.items()]
    update_in(session, ActorProtected, rows)
    return len(rows)


def mails_of_a_night(waiting: int) -> int:
    """Return how many mails are sent in a night, of so many who wait for a question."""
    return min(max(LEAST, ceil(waiting / NIGHTS)), MOST)


def count_sent(session: Session, now: datetime) -> int:
    """Return how many mails left this night: a job that failed is tried again in the same one."""
    sent = ActorQuestion.sent_at > now - NIGHT
    return session.scalars(select(func.count()).where(sent)).one()


def to_ask(session: Session, today: date, only: UUID | None = None) -> list[UUID]:
    """Return whom it is time to ask, the first terms first; only: that one, if it is."""
    of_term = (
        ActorQuestion.actor_id == ActorProtected.actor_id,
        ActorQuestion.due_on == ActorProtected.due_on,
    )
    found = (
        select(ActorProtected.actor_id)
        .join(Actor, Actor.id == ActorProtected.actor_id)
        .where(
            Actor.status == "published",
            ActorProtected.due_on <= today + AHEAD,
            ~exists().where(*of_term),
        )
        .order_by(ActorProtected.due_on, ActorProtected.actor_id)
    )
    return list(session.scalars(found if only is None else found.where(Actor.id == only)))


def ask(session: Session, vault: Vault, actor_id: UUID, now: datetime, today: date) -> Asked | None:
    """Note that an actor is to be asked; None where it is not any more, or has no mailbox."""
    row = session.get(ActorProtected, actor_id, with_for_update=True)
    if row is None or row.due_on is None or not to_ask(session, today, actor_id):
        return None
    (seen,) = see(session, vault, OPERATOR, Actor.id == actor_id)
    mail, token = _mailbox(session, seen), secrets.token_urlsafe(TOKEN_BYTES)
    question = ActorQuestion(
        actor_id=actor_id,
        due_on=row.due_on,
        token=token_digest(token) if mail else None,
        made_at=now,
        ends_at=now + LINK_FOR,
        outcome=None if mail else "unreachable",
        ended_at=None if mail else now,
    )
    session.add(question)
    session.flush()
    if not mail:
        return None
    name = "" if is_protected(seen.level, seen.record.status) else seen.record.name
    reference = reference_of(question.id)
    return Asked(question.id, mail, name, token, reference, row.due_on, question.ends_at)


def reference_of(question_id: UUID) -> str:
    """Return what a mail calls a question, short enough to be written down."""
    return question_id.hex[:10].upper()


def note_sent(session: Session, question_id: UUID, now: datetime) -> None:
    """Note that a server took the mail."""
    session.execute(
        update(ActorQuestion).where(ActorQuestion.id == question_id).values(sent_at=now)
    )


def note_bounced(session: Session, question_id: UUID, now: datetime) -> bool:
    """Note that a mail came back; return whether somebody still waited for an answer to it."""
    bounced = {"outcome": "bounced", "ended_at": now}
    waits = (ActorQuestion.id == question_id, ActorQuestion.outcome.is_(None))
    noted = update(ActorQuestion).where(*waits).values(bounced).returning(ActorQuestion.id)
    return session.scalar(noted) is not None


def withdraw(session: Session, question_id: UUID) -> None:
    """Take back a question that reached nobody, so that it is asked the next time."""
    session.execute(delete(ActorQuestion).where(ActorQuestion.id == question_id))


def withdraw_unsent(session: Session) -> None:
    """Take back the questions of which nobody knows whether they left: who sent them was killed.

    Under the lock of its job, since one that is being sent is such a one.
    """
    unsent = (ActorQuestion.sent_at.is_(None), ActorQuestion.outcome.is_(None))
    session.execute(delete(ActorQuestion).where(*unsent))


def forget_old(session: Session, now: datetime) -> None:
    """Delete what was asked long ago."""
    session.execute(delete(ActorQuestion).where(ActorQuestion.made_at < now - FORGOTTEN_AFTER))


def _mailbox(session: Session, seen: Seen) -> str | None:
    """Return the mailbox that visitors read, else the first that is known."""
    public = session.scalar(select(Actor.email).where(Actor.id == seen.actor_id))
    return public or next(iter(seen.record.emails), None)
