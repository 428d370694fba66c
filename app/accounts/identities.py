"""Whom a provider vouches for, by account: linked by an invitation alone, never by a mail."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from sqlalchemy import delete, select
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import Session

from app.accounts import people
from app.accounts.errors import IdentityTaken, IdentityUnknown
from app.accounts.people import Person
from app.models import Account, ProviderIdentity
from app.platform.oidc.provider import Identity
from app.vault.digests import digest, index_key
from app.vault.sealing import Vault

# Administrateurs are told no more often that an identity says another organisation.
NOTIFIED_EACH = timedelta(days=7)
SIREN_DIGITS = 9


@dataclass(frozen=True, slots=True)
class Linked:
    """An identity as its owner reads of it. notified_at: when administrateurs were last told that
    it says another organisation.
    """

    made_at: datetime
    used_at: datetime | None
    notified_at: datetime | None
    siret: str


def link(session: Session, vault: Vault, account_id: UUID, found: Identity, now: datetime) -> None:
    """Let somebody in by an identity from now on; raise IdentityTaken, to one of two at once."""
    detail = vault.seal_json("provider_identity", account_id, "detail", {"siret": found.siret})
    row = insert(ProviderIdentity).values(
        account_id=account_id,
        subject=_subject(session, vault, found),
        detail=detail,
        made_at=now,
    )
    linked = row.on_conflict_do_nothing().returning(ProviderIdentity.account_id)
    if session.scalar(linked) is None:
        raise IdentityTaken


def account_of(session: Session, vault: Vault, found: Identity) -> tuple[Account, ProviderIdentity]:
    """Return the account that an identity is linked to, for a change; raise IdentityUnknown."""
    linked = select(ProviderIdentity).where(
        ProviderIdentity.subject == _subject(session, vault, found)
    )
    row = session.scalar(linked)
    if row is None:
        raise IdentityUnknown
    # The account first, as whoever links another one does; it may be linked no more by now.
    account = people.get(session, row.account_id)
    session.expire(row)
    row = session.scalar(linked)
    if row is None or row.account_id != account.id:
        raise IdentityUnknown
    return account, row


def has_moved(vault: Vault, row: ProviderIdentity, person: Person, found: Identity) -> bool:
    """Say whether an identity is of another organisation than when somebody let it in.

    One that is missing says nothing. What was approved, and what stood there as they were linked,
    are both right: who approved decided of it. A SIREN is compared, since the rest of a SIRET is
    an establishment of the same organisation.
    """
    known = {person.siret[:SIREN_DIGITS], _siret(vault, row)[:SIREN_DIGITS]} - {""}
    return bool(found.siret and known) and found.siret[:SIREN_DIGITS] not in known


def is_to_be_notified(row: ProviderIdentity, now: datetime) -> bool:
    """Note that administrateurs are told now; False where they were told lately."""
    if row.notified_at is not None and now - row.notified_at < NOTIFIED_EACH:
        return False
    row.notified_at = now
    return True


def has_any(session: Session, account_id: UUID) -> bool:
    """Say whether an account is linked."""
    return session.get(ProviderIdentity, account_id) is not None


def listed(session: Session, vault: Vault, account_id: UUID) -> Linked | None:
    """Return what its owner reads of the identity of an account."""
    row = session.get(ProviderIdentity, account_id)
    return Linked(row.made_at, row.used_at, row.notified_at, _siret(vault, row)) if row else None


def remove(session: Session, account_id: UUID) -> None:
    """Let nobody in by the identity of an account any more."""
    session.execute(delete(ProviderIdentity).where(ProviderIdentity.account_id == account_id))


def _siret(vault: Vault, row: ProviderIdentity) -> str:
    detail = vault.open_json("provider_identity", row.account_id, "detail", row.detail)
    return str(detail["siret"])


def _subject(session: Session, vault: Vault, found: Identity) -> bytes:
    # An issuer has no space in it.
    named = f"{found.issuer} {found.subject}"
    return digest(index_key(session, vault), "provider identity", named)
