"""A profile is written by its owner alone, and looked through: what it names may be hidden."""

from collections.abc import Iterable
from datetime import datetime, timedelta
from uuid import UUID

from sqlalchemy import delete, select
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import Session

from app.audit.actions import Action
from app.audit.journal import Author, add
from app.cataloguing.screening import screen_tied
from app.models import Actor, NetworkMark, NetworkMember
from app.models.network import CHARTER_ON
from app.network.errors import ActorNotRead, NotMember, SavedTooOften
from app.network.profile import COLUMN, TABLE, Profile, as_json, open_profile
from app.platform.database.sessions import IMPORT_LOCK, hold
from app.records.marks import stored_mark
from app.vault.digests import index_key
from app.vault.sealing import NotOpened, Vault
from app.visibility import published
from app.visible.hiding import asked_to_hide

# Whoever saves more often would learn, by what others read of it, what a text gives away.
MOST_A_DAY, DAY = 20, timedelta(days=1)
# Of a profile that was changed by another hand.
NOT_READ = (NotOpened, LookupError, TypeError, ValueError)


def save(
    session: Session, vault: Vault, author: Author, account: UUID, profile: Profile, now: datetime
) -> None:
    """Write a profile anew; raise NotMember or SavedTooOften."""
    hold(session, IMPORT_LOCK)
    row = _locked(session, account)
    _count(row, now)
    former = open_profile(vault, account, row.profile)
    row.profile = vault.seal_json(TABLE, account, COLUMN, as_json(profile))
    row.changed_at = now
    if profile.says_less(former):
        row.narrowed_at = now
    _mark(session, vault, row, profile)
    add(session, vault, author, Action.PROFILE_WRITTEN, str(account))


def choose_actor(
    session: Session, vault: Vault, author: Author, account: UUID, public_id: str, now: datetime
) -> None:
    """Say whom somebody works for, of those that everybody reads; "": nobody.

    Raises NotMember or ActorNotRead.
    """
    row = _locked(session, account)
    found = None
    if public_id:
        seen = published().c
        readable = select(seen.public_id).where(seen.public_id == public_id)
        own = (Actor.public_id.in_(readable), ~asked_to_hide(Actor.id))
        found = session.scalar(select(Actor.id).where(*own))
        if found is None:
            raise ActorNotRead
    if row.actor_id is not None and row.actor_id != found:
        row.narrowed_at = now
    row.actor_id, row.changed_at = found, now
    session.flush()
    add(session, vault, author, Action.PROFILE_WRITTEN, str(account))


def read_again(session: Session, vault: Vault, accounts: Iterable[UUID]) -> None:
    """Look through what members say anew: what a former release let through goes as well."""
    hold(session, IMPORT_LOCK)
    for account in accounts:
        row = session.get(NetworkMember, account)
        if row is None:
            continue
        try:
            profile = open_profile(vault, account, row.profile)
        except NOT_READ:
            # What nobody can look through is not shown.
            row.masked = True
            continue
        was_masked = row.masked
        _mark(session, vault, row, profile)
        # What was hidden its owner alone shows, by saying it anew.
        row.masked = row.masked or was_masked


def with_profiles(session: Session) -> list[UUID]:
    """Return who wrote a profile."""
    wrote = NetworkMember.profile.is_not(None)
    return list(session.scalars(select(NetworkMember.account_id).where(wrote)))


def _locked(session: Session, account: UUID) -> NetworkMember:
    row = session.get(NetworkMember, account, with_for_update=True)
    if row is None or row.charter_on != CHARTER_ON or row.blocked_at is not None:
        raise NotMember
    return row


def _count(row: NetworkMember, now: datetime) -> None:
    if row.saves_since is None or row.saves_since <= now - DAY:
        row.saves_since, row.saves = now, 0
    if row.saves >= MOST_A_DAY:
        raise SavedTooOften
    row.saves += 1


def _mark(session: Session, vault: Vault, row: NetworkMember, profile: Profile) -> None:
    """Store by which digests a profile is found, as somebody whom it names becomes hidden."""
    screened, key = screen_tied(session, vault, profile.texts), index_key(session, vault)
    row.masked = bool(screened.remarks)
    session.execute(delete(NetworkMark).where(NetworkMark.account_id == row.account_id))
    digests = {stored_mark(mark, key, home=False)[1] for mark in screened.named}
    rows = [{"account_id": row.account_id, "digest": each} for each in digests]
    if rows:
        session.execute(insert(NetworkMark), rows)
    session.flush()
