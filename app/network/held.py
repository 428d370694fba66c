"""What is held on somebody who has an account, what they said in the network included."""

from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.accounts import people, rights
from app.accounts.errors import AccountUnknown
from app.accounts.rights import BY_ONESELF
from app.alerting import keeping
from app.models import Actor, NetworkMember
from app.network import committees, messages, own_calendar, reporting
from app.network.asked import asked_by
from app.network.profile import held_profile
from app.network.screening import shown_now
from app.vault.lenient import UNREAD, leniently
from app.vault.sealing import Vault
from app.visibility import PUBLIC, Viewer
from app.visible.hiding import asked_to_hide
from geo.zones import paris_day


def held(session: Session, vault: Vault, account_id: UUID, now: datetime) -> dict[str, Any]:
    """Return all of it, in words that they can read; what does not open says so in its place, and
    how many do is said (UNREAD_COUNT). Raises AccountUnknown, or KeyMissing where nothing opens.
    """
    lenient = leniently(session, vault, UNREAD)
    found = rights.held(session, lenient, account_id, now)
    mail = people.read(session, lenient, account_id).mail
    return _whole(session, lenient, account_id, mail, found, now) | lenient.said()


def held_by(
    session: Session, vault: Vault, mail: str, now: datetime
) -> tuple[UUID | None, dict[str, Any]]:
    """Return the account of an address, and the same; of an address without one what it asked for.

    Raises AccountUnknown where there is nothing of it, or KeyMissing as held().
    """
    lenient = leniently(session, vault, UNREAD)
    try:
        account_id, found = rights.held_by(session, lenient, mail, now)
    except AccountUnknown:
        asked = asked_by(session, lenient, PUBLIC, mail)
        if not any(asked.values()):
            raise
        return None, asked | lenient.said()
    if account_id is None:
        return None, found | asked_by(session, lenient, PUBLIC, mail) | lenient.said()
    return account_id, _whole(session, lenient, account_id, mail, found, now) | lenient.said()


def _whole(
    session: Session,
    vault: Vault,
    account_id: UUID,
    mail: str,
    found: dict[str, Any],
    now: datetime,
) -> dict[str, Any]:
    """Return what is held of an account with what its person said in the network and asked for, as
    they may read of it now; mail: their address.
    """
    asked = asked_by(session, vault, Viewer.written_to(account_id, now), mail)
    return (
        _without_hidden(session, vault, found) | _network(session, vault, account_id, now) | asked
    )


def _without_hidden(session: Session, vault: Vault, found: dict[str, Any]) -> dict[str, Any]:
    """Return what is held without what others wrote of them that names somebody hidden by now."""
    account, journal = dict(found["compte"]), [dict(line) for line in found["journal"]]
    texts = {(number, "detail"): line["detail"] for number, line in enumerate(journal)}
    others = {key: text for key, text in texts.items() if journal[key[0]]["par"] != BY_ONESELF}
    reason = (-1, "motif_de_l_approbation")
    shown = shown_now(session, vault, others | {reason: account[reason[1]]})
    for (number, field), text in shown.items():
        (account if number < 0 else journal[number])[field] = text
    return found | {"compte": account, "journal": journal}


def _network(session: Session, vault: Vault, account_id: UUID, now: datetime) -> dict[str, Any]:
    seats: dict[str, Any] = {
        "commissions": committees.held(session, vault, account_id, now),
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
        "profil": held_profile(vault, account_id, row.profile),
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
