"""What ends the ways into an account: disabled, of another role, or its sessions and links over."""

from collections.abc import Iterable
from datetime import datetime
from uuid import UUID

from sqlalchemy import delete, exists, func, or_, select, update
from sqlalchemy.orm import Session

from app.accounts.assigning import release
from app.accounts.errors import LastAdministrator, RoleByApproval
from app.accounts.inviting import end_invitations
from app.accounts.people import UNUSED_FOR, territories_of_role
from app.models import (
    Account,
    CommitteeMember,
    Confirmation,
    MemberCalendar,
    Passkey,
    Role,
    StaffSession,
)
from app.platform.database.sessions import hold

ACCOUNTS_LOCK = 230027


def end_confirmations(session: Session, account_id: UUID, now: datetime) -> None:
    """End every link to the chief of an account that was not used yet."""
    session.execute(
        update(Confirmation)
        .where(Confirmation.account_id == account_id, Confirmation.used_at.is_(None))
        .values(used_at=now)
    )


def disable(session: Session, account: Account, now: datetime) -> None:
    """Let nobody in by an account any more, from now on; raise LastAdministrator."""
    leave_one(session, account, now)
    account.disabled_at = now
    end_invitations(session, account.id, now)
    end_confirmations(session, account.id, now)
    end_sessions(session, account.id, now)
    release(session, account.id)
    # Who is let in again sits in no CDLP before they are invited anew, nor has a calendar.
    session.execute(delete(CommitteeMember).where(CommitteeMember.account_id == account.id))
    session.execute(delete(MemberCalendar).where(MemberCalendar.account_id == account.id))


def change_role(
    session: Session, account: Account, role: Role, territories: Iterable[str], now: datetime
) -> None:
    """Give an account another role; whoever is signed in by it has to sign in again.

    Raises RoleByApproval where either is that of a professional.
    """
    if Role.PROFESSIONNEL in {role, account.role}:
        raise RoleByApproval
    codes = territories_of_role(session, role, territories)
    if role is not Role.ADMINISTRATEUR:
        leave_one(session, account, now)
    account.role, account.territories = role.value, codes
    end_sessions(session, account.id, now)
    if role is not Role.CURATEUR:
        release(session, account.id)


def end_sessions(
    session: Session, account_id: UUID, now: datetime, but: UUID | None = None
) -> None:
    """End every session of an account; but: one that goes on."""
    statement = update(StaffSession).where(
        StaffSession.account_id == account_id, StaffSession.ended_at.is_(None)
    )
    if but is not None:
        statement = statement.where(StaffSession.id != but)
    session.execute(statement.values(ended_at=now))


def leave_one(session: Session, account: Account, now: datetime) -> None:
    """Raise LastAdministrator unless another one can come in."""
    if account.role != Role.ADMINISTRATEUR or account.disabled_at is not None:
        return
    # Two who take each other's right away at once: one goes after the other.
    hold(session, ACCOUNTS_LOCK)
    others = select(func.count()).select_from(Account)
    others = others.where(
        Account.role == Role.ADMINISTRATEUR.value,
        Account.disabled_at.is_(None),
        Account.used_at > now - UNUSED_FOR,
        Account.id != account.id,
        or_(Account.password.is_not(None), exists().where(Passkey.account_id == Account.id)),
    )
    if not session.scalars(others).one():
        raise LastAdministrator
