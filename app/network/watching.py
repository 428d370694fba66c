"""Members as an administrateur of the desk sees them: their name and nothing that they say."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import func, or_, select
from sqlalchemy.orm import Session

from app.audit.journal import Author
from app.models import Account, MemberReport, NetworkMember
from app.network import members
from app.network.errors import ReasonMissing
from app.network.reporting import WHY_MAX
from app.resources.texts import lines
from app.vault.lenient import leniently
from app.vault.sealing import Vault
from geo.text import fold

PAGE_SIZE = 50


@dataclass(frozen=True, slots=True)
class Watched:
    """A member, or who was excluded. reports: how often others reported them."""

    id: UUID
    name: str
    since: datetime | None
    excluded_at: datetime | None
    reports: int


@dataclass(frozen=True, slots=True)
class Watching:
    """A page of them."""

    members: Sequence[Watched]
    page: int
    pages: int


def read_members(session: Session, vault: Vault, words: str, page: int) -> Watching:
    """Return a page of who is in the network or was excluded, by name; words: of a name.

    A name that does not open says so. Raises KeyMissing where none does.
    """
    vault = leniently(session, vault)
    row, wanted = NetworkMember, fold(words).split()
    reports = select(func.count()).where(MemberReport.sender_id == row.account_id)
    asked = select(Account, row, reports.scalar_subquery()).join(row, row.account_id == Account.id)
    known = asked.where(or_(row.charter_on.is_not(None), row.blocked_at.is_not(None)))
    found = []
    for account, member, count in session.execute(known):
        name = vault.open_json("account", account.id, "person", account.person)["name"]
        if all(each in fold(name) for each in wanted):
            at = (member.accepted_at, member.blocked_at)
            found.append(Watched(account.id, name, *at, count))
    found.sort(key=lambda each: (fold(each.name), each.id))
    pages = max(1, -(-len(found) // PAGE_SIZE))
    page = min(page, pages)
    return Watching(found[(page - 1) * PAGE_SIZE : page * PAGE_SIZE], page, pages)


def exclude(
    session: Session, vault: Vault, author: Author, account: UUID, why: str, now: datetime
) -> None:
    """Exclude a member; raise MemberUnknown or ReasonMissing."""
    members.check_known(session, account)
    members.exclude(session, vault, author, account, now, _reason(why))


def readmit(session: Session, vault: Vault, author: Author, account: UUID, why: str) -> None:
    """Let somebody accept the charter again; raise MemberUnknown or ReasonMissing."""
    members.readmit(session, vault, author, account, _reason(why))


def _reason(why: str) -> str:
    why = lines(why)
    if not 0 < len(why) <= WHY_MAX:
        raise ReasonMissing
    return why
