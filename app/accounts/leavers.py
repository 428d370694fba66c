"""Who of an organisation is not in the list of those who work there, which it hands in itself.

Nothing of such a list is stored: it names people who have no account.
"""

import re
from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.accounts import ending, people
from app.accounts.errors import NobodyListed
from app.accounts.people import Person
from app.models import Account, Role
from app.platform.database.sessions import among
from app.vault.sealing import Vault
from geo.text import fold

_MAIL = re.compile(r"[\w.!#$%&'*+=?^`{}~-]+@[\w.-]+")


@dataclass(frozen=True, slots=True)
class Organisation:
    """One way in which accounts that let somebody in name an organisation, and who does.

    key: of one of these accounts, since a name may be withheld from who chooses it.
    """

    key: UUID
    name: str
    people: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Compared:
    """A list beside the accounts of its organisations: who is not in it, and how many are."""

    leavers: tuple[Person, ...]
    stayed: int


def organisations(session: Session, vault: Vault) -> list[Organisation]:
    """Return the organisations of professionals who have an account, by name."""
    named: dict[str, list[Person]] = {}
    for each in _professionals(session, vault):
        named.setdefault(fold(each.organisation), []).append(each)
    found = [
        Organisation(
            min(each.id for each in several),
            max(each.organisation for each in several),
            tuple(sorted(each.name for each in several)),
        )
        for several in named.values()
    ]
    return sorted(found, key=lambda each: fold(each.name))


def compare(session: Session, vault: Vault, keys: Collection[UUID], listed: str) -> Compared:
    """Return who of some organisations a list of mail addresses leaves out.

    listed: text as it was copied, with an address for each person. Raises NobodyListed where it
    has none of any account, since it is then another list.
    """
    mails = {each.strip(".'").casefold() for each in _MAIL.findall(listed)}
    everybody = people.everybody(session, vault)
    # Of an account that was disabled since as well.
    names = {fold(each.organisation) for each in everybody if each.id in keys and not each.unread}
    theirs = [each for each in _open(everybody) if fold(each.organisation) in names]
    leavers = tuple(each for each in theirs if each.mail.casefold() not in mails)
    if len(leavers) == len(theirs):
        raise NobodyListed
    return Compared(leavers, len(theirs) - len(leavers))


def disable(session: Session, vault: Vault, numbers: Iterable[UUID], now: datetime) -> list[Person]:
    """Disable accounts of professionals; return of whom, without those that were so already."""
    wanted = among(Account.id, sorted(numbers))
    found = session.scalars(
        select(Account)
        .where(wanted, Account.role == Role.PROFESSIONNEL.value, Account.disabled_at.is_(None))
        .order_by(Account.id)
        .with_for_update()
    ).all()
    for account in found:
        ending.disable(session, account, now)
    return [people.read_person(vault, account) for account in found]


def _professionals(session: Session, vault: Vault) -> list[Person]:
    return _open(people.everybody(session, vault))


def _open(everybody: Iterable[Person]) -> list[Person]:
    # Whose address does not open is missing in no list.
    return [
        each
        for each in everybody
        if each.role is Role.PROFESSIONNEL and each.disabled_at is None and not each.unread
    ]
