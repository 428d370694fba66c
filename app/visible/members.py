"""Who is a member of the network, as every statement that reads for them or of them asks it."""

from datetime import datetime

from sqlalchemy import ColumnElement, Select, and_, select

from app.models import Account, NetworkMember
from app.models.network import CHARTER_ON
from app.visible.asking import lets_in


def members(at: datetime) -> Select[NetworkMember, Account]:
    """Return the members of now, with their accounts: approved, of the charter of today."""
    joined = NetworkMember.account_id == Account.id
    return select(NetworkMember, Account).join(Account, joined).where(is_one(at))


def is_one(at: datetime) -> ColumnElement[bool]:
    """Return whether a row of members, beside its account, is of one now."""
    return and_(
        NetworkMember.charter_on == CHARTER_ON, NetworkMember.blocked_at.is_(None), lets_in(at)
    )
