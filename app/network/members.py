"""Who is a member: accepting the charter of today, leaving, and whether somebody is one now."""

from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from sqlalchemy import delete, select
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import Session

from app.audit.actions import Action
from app.audit.journal import Author, add
from app.models import Account, CommitteeMember, MemberCalendar, NetworkMark, NetworkMember
from app.models.network import CHARTER_ON
from app.network.errors import CharterChanged, Excluded, MemberUnknown, NotMember
from app.network.messages import end_waiting, hold_accounts
from app.vault.sealing import Vault
from app.visible.members import members


@dataclass(frozen=True, slots=True)
class Standing:
    """Where somebody stands. accepted_on: of the charter they accepted, maybe a former one."""

    is_member: bool = False
    is_excluded: bool = False
    accepted_on: date | None = None
    accepted_at: datetime | None = None


def is_member(session: Session, account: UUID, now: datetime) -> bool:
    """Say whether somebody is a member now: approved, of today's charter, not excluded."""
    own = members(now).where(NetworkMember.account_id == account)
    return session.scalar(select(own.exists())) or False


def check_member(session: Session, account: UUID, now: datetime) -> None:
    """Raise NotMember unless somebody is a member now."""
    if not is_member(session, account, now):
        raise NotMember


def check_known(session: Session, account: UUID) -> None:
    """Raise MemberUnknown unless somebody is in the network, or was excluded."""
    if session.get(NetworkMember, account) is None:
        raise MemberUnknown


def hold_member(session: Session, account: UUID, now: datetime) -> None:
    """Raise NotMember unless somebody is a member now, and stays one until this ends.

    Whoever takes something of a member takes it after this, never before.
    """
    own = members(now).where(NetworkMember.account_id == account)
    held = own.with_only_columns(NetworkMember.account_id).with_for_update(of=NetworkMember)
    if session.scalar(held) is None:
        raise NotMember


def read_standing(session: Session, account: UUID, now: datetime) -> Standing:
    """Return where somebody stands."""
    row = session.get(NetworkMember, account)
    if row is None:
        return Standing()
    is_one = is_member(session, account, now)
    return Standing(is_one, row.blocked_at is not None, row.charter_on, row.accepted_at)


def accept(
    session: Session, vault: Vault, author: Author, account: UUID, on: date | None, now: datetime
) -> None:
    """Note that somebody accepts the charter; on: of which day the one is that they read.

    Raises CharterChanged, Excluded, or MemberUnknown where their account was deleted meanwhile.
    """
    if on != CHARTER_ON:
        raise CharterChanged
    hold_accounts(session, account)
    row = session.get(NetworkMember, account, with_for_update=True)
    if row is not None and row.blocked_at is not None:
        raise Excluded
    if row is not None and row.charter_on == CHARTER_ON:
        return
    said = {"charter_on": CHARTER_ON, "accepted_at": now}
    joins = insert(NetworkMember).values(account_id=account, changed_at=now, **said)
    session.execute(joins.on_conflict_do_update(index_elements=["account_id"], set_=said))
    add(session, vault, author, Action.MEMBER_JOINED, str(account))


def leave(session: Session, vault: Vault, author: Author, account: UUID, now: datetime) -> None:
    """Leave nothing of a member, but that they are excluded where they are."""
    row = session.get(NetworkMember, account, with_for_update=True)
    if row is None or row.charter_on is None:
        return
    end_waiting(session, account, now)
    if row.blocked_at is None:
        session.delete(row)
    else:
        empty(session, row, now)
    session.flush()
    add(session, vault, author, Action.MEMBER_LEFT, str(account))


def exclude(
    session: Session, vault: Vault, author: Author, account: UUID, now: datetime, why: str = ""
) -> None:
    """Let somebody be no member any more, whatever they accept, and leave nothing they said.

    They sit in no CDLP either. why: for the journal.
    """
    # Before what is theirs: who accepts an invitation meanwhile waits. Not who writes, blocks or
    # reports: they hold the row of a member already, and what they add refers to the account.
    session.get(Account, account, with_for_update={"key_share": True})
    row = session.get(NetworkMember, account, with_for_update=True)
    if row is None:
        row = NetworkMember(account_id=account, changed_at=now)
        session.add(row)
    if row.blocked_at is None:
        row.blocked_at = now
    end_waiting(session, account, now)
    empty(session, row, now)
    session.execute(delete(CommitteeMember).where(CommitteeMember.account_id == account))
    session.flush()
    add(session, vault, author, Action.MEMBER_EXCLUDED, str(account), {"why": why} if why else None)


def readmit(session: Session, vault: Vault, author: Author, account: UUID, why: str) -> None:
    """Let somebody who was excluded accept the charter again; raise MemberUnknown."""
    row = session.get(NetworkMember, account, with_for_update=True)
    if row is None or row.blocked_at is None:
        raise MemberUnknown
    session.delete(row)
    session.flush()
    add(session, vault, author, Action.MEMBER_READMITTED, str(account), {"why": why})


def empty(session: Session, row: NetworkMember, now: datetime) -> None:
    """Erase what somebody said of themselves; they are no member from now on. row: locked."""
    row.charter_on = row.accepted_at = row.profile = row.actor_id = None
    row.masked, row.changed_at = False, now
    session.execute(delete(NetworkMark).where(NetworkMark.account_id == row.account_id))
    session.execute(delete(MemberCalendar).where(MemberCalendar.account_id == row.account_id))
