"""Whether somebody who asks is signed in, in the statement that reads for them."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import ColumnElement, and_, select

from app.models import Account, Role, StaffSession
from app.models.account import CONFIRMED_FOR, IDLE, LONGEST


@dataclass(frozen=True, slots=True)
class Asker:
    """A professional who is signed in: their account, their session, and the moment."""

    account: UUID
    session: UUID
    at: datetime


def signed_in_as(asker: Asker) -> tuple[ColumnElement[bool], ...]:
    """Return by which conditions a professional's account and their session go on."""
    return (
        Account.id == asker.account,
        lets_in(asker.at),
        StaffSession.id == asker.session,
        StaffSession.role == Account.role,
        goes_on(asker.at),
    )


def is_signed_in(asker: Asker) -> ColumnElement[bool]:
    """Return whether they go on, in the statement that reads."""
    both = select(Account.id).join(StaffSession, StaffSession.account_id == Account.id)
    return both.where(*signed_in_as(asker)).exists()


def lets_in(at: datetime) -> ColumnElement[bool]:
    """Return whether an account is of a professional who may come in."""
    return and_(
        Account.role == Role.PROFESSIONNEL.value,
        Account.disabled_at.is_(None),
        Account.confirmed_at > at - CONFIRMED_FOR,
    )


def goes_on(at: datetime) -> ColumnElement[bool]:
    """Return whether a session goes on: nobody ended it, it is in use, and no longer than it may.

    Asked at the gate, and again by what reads what was revealed.
    """
    return and_(
        StaffSession.ended_at.is_(None),
        StaffSession.seen_at > at - IDLE,
        StaffSession.opened_at > at - LONGEST,
    )
