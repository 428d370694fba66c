"""Who decides of a request for an access: a référent of its territory, else a curateur."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import ColumnElement, and_, any_, exists, false, or_, select, update
from sqlalchemy.orm import Session

from app.accounts import people
from app.accounts.people import UNUSED_FOR, Person
from app.models import AccessRequest, Account, Passkey, Role
from app.models.account import CONFIRMED_FOR
from app.platform.database.sessions import among
from app.vault.sealing import NotOpened, Vault


@dataclass(frozen=True, slots=True)
class Untold:
    """Somebody who decides, and the requests of which nobody has told them."""

    person: Person
    requests: tuple[UUID, ...]


@dataclass(frozen=True, slots=True)
class Decider:
    """Whoever of the desk looks at requests, and when."""

    role: Role
    territories: Collection[str]
    now: datetime

    def decides(self) -> ColumnElement[bool]:
        """Return which requests they decide: a référent those of their territories, a curateur
        those of territories where no référent can sign in.
        """
        confirmed = AccessRequest.confirmed_at.is_not(None)
        if self.role is Role.REFERENT_DEPARTEMENT:
            return and_(confirmed, among(AccessRequest.territory_code, sorted(self.territories)))
        if self.role is not Role.CURATEUR:
            return false()
        referent = exists().where(
            Account.role == Role.REFERENT_DEPARTEMENT.value,
            _may_enter(self.now),
            AccessRequest.territory_code == any_(Account.territories),
        )
        return and_(confirmed, ~referent)


def untold(session: Session, vault: Vault, now: datetime) -> tuple[list[Untold], int]:
    """Return who is to be told of which requests, and how many others do not open."""
    found, failed = [], 0
    of_role = Account.role.in_((Role.REFERENT_DEPARTEMENT.value, Role.CURATEUR.value))
    for account in session.scalars(select(Account).where(of_role, _may_enter(now))).all():
        theirs = Decider(Role(account.role), account.territories, now).decides()
        asked = select(AccessRequest.id).where(theirs, AccessRequest.notified_at.is_(None))
        if numbers := session.scalars(asked).all():
            try:
                found.append(Untold(people.read_person(vault, account), tuple(numbers)))
            except NotOpened:
                failed += 1
    return found, failed


def note_notified(session: Session, numbers: Collection[UUID], now: datetime) -> None:
    """Note that somebody who decides was told of requests."""
    named = update(AccessRequest).where(among(AccessRequest.id, numbers))
    session.execute(named.values(notified_at=now))


def _may_enter(now: datetime) -> ColumnElement[bool]:
    """Return which accounts let their person in, who has something to sign in by."""
    by_key = exists().where(Passkey.account_id == Account.id)
    return and_(
        Account.disabled_at.is_(None),
        Account.used_at > now - UNUSED_FOR,
        Account.confirmed_at > now - CONFIRMED_FOR,
        or_(Account.password.is_not(None), by_key),
    )
