"""Which office an account has now: of whoever asked for something that is done later."""

from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.models import Account, Role


def territories_of_referent(session: Session, account_id: UUID) -> frozenset[str]:
    """Return the territories of a référent du Département; of anybody else none."""
    statement = select(Account.territories).where(
        Account.id == account_id,
        Account.role == Role.REFERENT_DEPARTEMENT.value,
        Account.disabled_at.is_(None),
    )
    return frozenset(session.scalar(statement) or ())
