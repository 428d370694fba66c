"""Who reads what is in the closed place of a CDLP: those who sit in it, and who convenes it."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import ColumnElement, and_, any_, or_, select
from sqlalchemy.orm import InstrumentedAttribute

from app.models import Account, CommitteeMember, NetworkMember, Role, StaffSession
from app.models.account import CONFIRMED_FOR
from app.visible.asking import Asker, goes_on, lets_in, signed_in_as


def reads_in(asker: Asker, territory: InstrumentedAttribute[str]) -> ColumnElement[bool]:
    """Return whether somebody reads in the place of a territory, in the statement that reads."""
    return or_(_sits(asker, territory), convenes(asker, territory))


def convenes(asker: Asker, territory: InstrumentedAttribute[str]) -> ColumnElement[bool]:
    """Return whether somebody is the référent of the State there, signed in and still confirmed."""
    own = select(Account.id).join(StaffSession, StaffSession.account_id == Account.id)
    asked = own.where(
        Account.id == asker.account,
        Account.role == Role.REFERENT_ETAT.value,
        Account.disabled_at.is_(None),
        Account.confirmed_at > asker.at - CONFIRMED_FOR,
        territory == any_(Account.territories),
        StaffSession.id == asker.session,
        StaffSession.role == Account.role,
        goes_on(asker.at),
    )
    return asked.correlate(territory.class_).exists()


def sits(account: UUID, at: datetime, territory: InstrumentedAttribute[str]) -> ColumnElement[bool]:
    """Return whether somebody who asks by no session sits in the place of a territory."""
    row = CommitteeMember.__table__.alias("seat")
    own = select(row.c.id).join(Account, Account.id == row.c.account_id)
    asked = own.where(row.c.territory_code == territory, Account.id == account, lets_in(at))
    return asked.correlate(territory.class_).exists()


def still_sits(at: datetime) -> ColumnElement[bool]:
    """Return whether a row of members, beside its account, is of one who may come in."""
    return and_(CommitteeMember.account_id == Account.id, lets_in(at))


def invited(asker: Asker) -> ColumnElement[bool]:
    """Return which rows invite who asks, by the address of their account, for as long as they do.

    It is who has the account of the address that accepts, not who has a link.
    """
    own = select(Account.login).join(StaffSession, StaffSession.account_id == Account.id)
    waits = (CommitteeMember.joined_at.is_(None), CommitteeMember.ends_at > asker.at)
    whose = own.where(*signed_in_as(asker)).correlate(None).scalar_subquery()
    return and_(CommitteeMember.mailbox == whose, ~is_excluded(), *waits)


def is_excluded() -> ColumnElement[bool]:
    """Return which rows invite the address of somebody who was excluded from the network."""
    row = NetworkMember
    own = select(row.account_id).join(Account, Account.id == row.account_id)
    out = own.where(row.blocked_at.is_not(None), Account.login == CommitteeMember.mailbox)
    return out.correlate(CommitteeMember).exists()


def _sits(asker: Asker, territory: InstrumentedAttribute[str]) -> ColumnElement[bool]:
    row = CommitteeMember.__table__.alias("seat")
    own = (
        select(row.c.id)
        .join(Account, Account.id == row.c.account_id)
        .join(StaffSession, StaffSession.account_id == Account.id)
    )
    asked = own.where(row.c.territory_code == territory, *signed_in_as(asker))
    # Accounts of the statement around it are those of others.
    return asked.correlate(territory.class_).exists()
