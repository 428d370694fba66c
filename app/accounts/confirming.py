"""Each year somebody says that an account's person still has their office, or it is disabled.

Their chief by a link of a mail, where one is known; else an administrateur.
"""

import secrets
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID, uuid4

from sqlalchemy import and_, delete, func, or_, select, update
from sqlalchemy.orm import Session

from app.accounts import ending, people
from app.accounts.errors import ChiefIsOneself, ConfirmationEnded
from app.accounts.people import TOKEN_BYTES, UNUSED_FOR, Person, token_digest
from app.models import Account, Confirmation
from app.models.account import CONFIRMED_FOR
from app.vault.sealing import Vault

# Before the year is over it is asked twice, and no more.
FIRST, AGAIN = timedelta(days=30), timedelta(days=7)
LINK_FOR = timedelta(hours=72)
# Longer than the time between the first question and the end: by them it is known what was asked.
LISTED_FOR = timedelta(days=60)


@dataclass(frozen=True, slots=True)
class Asked:
    """A question of which a mail says: whom of, and the token of a link where their chief is known.

    before: when the account is disabled if nobody answers.
    """

    id: UUID
    person: Person
    token: str
    until: datetime
    before: datetime


def give_chief(vault: Vault, account: Account, given: str) -> None:
    """Note the mail address of a person's chief, or none; raise what is wrong with it."""
    if not given.strip():
        account.chief = None
        return
    mail = people.valid_mail(given)
    if mail.casefold() == people.read_person(vault, account).mail.casefold():
        raise ChiefIsOneself
    account.chief = vault.seal("account", account.id, "chief", mail.encode())


def to_ask(session: Session, now: datetime) -> list[UUID]:
    """Return the accounts that it is time to ask about, for the first time or again.

    A question that was ended counts no more: it was answered, or its chief is another one now.
    """
    last = func.max(Confirmation.made_at)
    open_ = and_(Confirmation.account_id == Account.id, Confirmation.used_at.is_(None))
    found = session.execute(
        select(Account.id, Account.confirmed_at, last.label("last"))
        .outerjoin(Confirmation, open_)
        .where(
            Account.disabled_at.is_(None),
            Account.confirmed_at <= now - CONFIRMED_FOR + FIRST,
            Account.confirmed_at > now - CONFIRMED_FOR,
        )
        .group_by(Account.id)
        .order_by(Account.confirmed_at)
    )
    return [row.id for row in found if row.last is None or row.last < _since(row.confirmed_at, now)]


def _since(confirmed_at: datetime, now: datetime) -> datetime:
    """Return from when on it was to be asked: what was asked earlier is of the time before."""
    ends = confirmed_at + CONFIRMED_FOR
    return ends - (AGAIN if now >= ends - AGAIN else FIRST)


def ask(session: Session, vault: Vault, account_id: UUID, now: datetime, *, linked: bool) -> Asked:
    """Note that somebody is to be asked about an account; links that were sent before are over.

    Until its mail is sent it is of no day of this year: whoever was stopped in between asks again.
    linked: whether a link can be sent; else administrateurs are asked, as where no chief is known.
    """
    account = people.get(session, account_id)
    ending.end_confirmations(session, account_id, now)
    token = secrets.token_urlsafe(TOKEN_BYTES) if account.chief and linked else ""
    question = Confirmation(
        id=uuid4(),
        account_id=account_id,
        token=token_digest(token) if token else None,
        made_at=account.confirmed_at,
        ends_at=now + LINK_FOR,
    )
    session.add(question)
    session.flush()
    person = people.read_person(vault, account)
    return Asked(question.id, person, token, question.ends_at, person.confirmed_at + CONFIRMED_FOR)


def note_sent(session: Session, question_id: UUID, now: datetime) -> None:
    """Note that a question is on its way, so that it is not asked again before it is time."""
    session.execute(update(Confirmation).where(Confirmation.id == question_id).values(made_at=now))


def withdraw(session: Session, question_id: UUID) -> None:
    """Take back a question that reached nobody, so that it is asked the next time."""
    session.execute(delete(Confirmation).where(Confirmation.id == question_id))


def find(session: Session, token: str, now: datetime, *, lock: bool = False) -> Account:
    """Return the account that a link asks about; raise ConfirmationEnded, whatever the reason."""
    statement = select(Confirmation.account_id).where(
        Confirmation.token == token_digest(token),
        Confirmation.used_at.is_(None),
        Confirmation.ends_at > now,
    )
    account_id = session.scalar(statement)
    if account_id is None:
        raise ConfirmationEnded
    if lock:
        # The account first, as whoever disables it does; the link may be used up by now.
        people.get(session, account_id)
        if session.scalar(statement.with_for_update()) is None:
            raise ConfirmationEnded
    account = session.get_one(Account, account_id)
    if account.disabled_at is not None:
        raise ConfirmationEnded
    return account


def confirm(session: Session, account: Account, now: datetime) -> None:
    """Say that somebody still has their office, for a year."""
    account.confirmed_at = now
    ending.end_confirmations(session, account.id, now)


def overdue(session: Session, now: datetime) -> dict[UUID, str]:
    """Return which accounts are to be disabled, and why: "unconfirmed" or "unused"."""
    late = Account.confirmed_at <= now - CONFIRMED_FOR
    found = session.execute(
        select(Account.id, late.label("late")).where(
            Account.disabled_at.is_(None), or_(late, Account.used_at <= now - UNUSED_FOR)
        )
    )
    return {row.id: "unconfirmed" if row.late else "unused" for row in found}
