"""What is held on somebody who has an account, what they said in the network included."""

from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.accounts import people, rights
from app.accounts.errors import AccountUnknown
from app.alerting import keeping
from app.models import Actor, NetworkMember
from app.network import committees, messages, own_calendar, reporting
from app.network.asked import asked_by
from app.network.profile import as_json, open_profile
from app.vault.sealing import Vault
from app.visible.hiding import asked_to_hide
from geo.zones import paris_day


def held(session: Session, vault: Vault, account_id: UUID, now: datetime) -> dict[str, Any]:
    """Return all of it, in words that they can read; raise AccountUnknown."""
    found = rights.held(session, vault, account_id, now) | _network(session, vault, account_id)
    return found | asked_by(session, vault, people.read(session, vault, account_id).mail)


def held_by(
    session: Session, vault: Vault, mail: str, now: datetime
) -> tuple[UUID | None, dict[str, Any]]:
    """Return the account of an address, and the same; of an address without one what it asked for.

    Raises AccountUnknown where there is nothing of it.
    """
    asked = asked_by(session, vault, mail)
    try:
        account_id, found = rights.held_by(session, vault, mail, now)
    except AccountUnknown:
        if not any(asked.values()):
            raise
        return None, asked
    if account_id is not None:
        found |= _network(session, vault, account_id)
    return account_id, found | asked


def _network(session: Session, vault: Vault, account_id: UUID) -> dict[str, Any]:
    seats: dict[str, Any] = {
        "commissions": committees.held(session, vault, account_id),
        "signalements_ecrits": reporting.held(session, vault, account_id),
    }
    seats |= messages.held(session, vault, account_id)
    row = session.get(NetworkMember, account_id)
    alerts = keeping.held(session, vault, account_id)
    if row is None:
        return {"reseau": {}, "alertes": alerts} | seats
    said: dict[str, Any] = {
        "charte_du": row.charter_on.isoformat() if row.charter_on else "",
        "acceptee_le": _day(row.accepted_at),
        "exclu_le": _day(row.blocked_at),
        "organisation": _organisation(session, row),
        "profil": as_json(open_profile(vault, account_id, row.profile)),
        "profil_ecrit_le": _day(row.changed_at),
        "calendrier_cree_le": _day(own_calendar.made_at(session, account_id)),
    }
    return {"reseau": said, "alertes": alerts} | seats


def _organisation(session: Session, row: NetworkMember) -> str:
    """Return whom somebody said that they work for, by the name that everybody reads."""
    own = (Actor.id == row.actor_id, Actor.status == "published", ~asked_to_hide(Actor.id))
    return session.scalar(select(Actor.name).where(*own)) or ""


def _day(at: datetime | None) -> str:
    return paris_day(at).isoformat() if at else ""
