"""A member's alerts: made, changed, deleted, listed, handed out."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import cast
from uuid import UUID, uuid4

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from app.alerting.errors import AlertUnknown, RhythmUnknown, TooManyAlerts
from app.alerting.searches import Wanted, read_wanted, words_of
from app.errors import Mesure23Error
from app.models import Alert
from app.models.alert import Domain, Rhythm
from app.vault.digests import digest, index_key
from app.vault.sealing import Vault
from geo.zones import paris_day

TABLE, COLUMN = Alert.__tablename__, "content"
MOST = 50
# So many refusals of a mail server one after the other suspend an alert.
SUSPENDS = 2
RHYTHMS: Mapping[Rhythm, str] = {
    "aussitot": "Dès que possible",
    "semaine": "Une fois par semaine au plus",
    "mois": "Une fois par mois au plus",
}


@dataclass(frozen=True, slots=True)
class Listed:
    """An alert as its owner sees it. words: "" of a search that is none any more."""

    id: UUID
    domain: Domain
    words: str
    path: str
    rhythm: Rhythm
    made_at: datetime
    is_suspended: bool


def create(
    session: Session, vault: Vault, account: UUID, wanted: Wanted, rhythm: str, now: datetime
) -> None:
    """Tell a member of a search from now on; of one that they have, only its rhythm changes.

    Raises RhythmUnknown or TooManyAlerts. Its caller holds the member.
    """
    known = _rhythm(rhythm)
    mark = digest(index_key(session, vault), "alert", f"{account} {wanted.domain} {wanted.query}")
    own = select(Alert).where(Alert.account_id == account)
    row = session.scalar(own.where(Alert.digest == mark))
    if row is not None:
        row.rhythm, row.refusals = known, 0
        return
    if session.scalars(select(func.count()).select_from(own.subquery())).one() >= MOST:
        raise TooManyAlerts
    number = uuid4()
    sealed = vault.seal_json(TABLE, number, COLUMN, {"query": wanted.query})
    said = {"domain": wanted.domain, "content": sealed, "digest": mark, "rhythm": known}
    at = {"made_at": now, "since": now, "sent_at": now}
    session.add(Alert(id=number, account_id=account, **said, **at))
    session.flush()


def change(session: Session, account: UUID, alert: UUID, rhythm: str) -> None:
    """Give one of somebody's alerts another rhythm; one that was suspended goes on."""
    row = _own(session, account, alert)
    row.rhythm, row.refusals = _rhythm(rhythm), 0


def remove(session: Session, account: UUID, alert: UUID) -> None:
    """Delete one of somebody's alerts."""
    session.delete(_own(session, account, alert))


def listed(session: Session, vault: Vault, account: UUID) -> list[Listed]:
    """Return somebody's alerts, the newest first."""
    own = select(Alert).where(Alert.account_id == account).order_by(Alert.made_at.desc(), Alert.id)
    return [_listed(session, vault, row) for row in session.scalars(own)]


def held(session: Session, vault: Vault, account: UUID) -> list[dict[str, str]]:
    """Return somebody's alerts in words that they can read, for who asks what is held on them."""
    own = select(Alert).where(Alert.account_id == account).order_by(Alert.made_at, Alert.id)
    return [
        {
            "recherche": f"{row.domain} ? {query_of(vault, row)}",
            "rythme": row.rhythm,
            "creee_le": paris_day(row.made_at).isoformat(),
            "dernier_message_le": paris_day(row.sent_at).isoformat(),
        }
        for row in session.scalars(own)
    ]


def query_of(vault: Vault, row: Alert) -> str:
    """Return the parameters of the search that an alert is for."""
    return cast("str", vault.open_json(TABLE, row.id, COLUMN, row.content)["query"])


def _listed(session: Session, vault: Vault, row: Alert) -> Listed:
    try:
        wanted = read_wanted(session, row.domain, query_of(vault, row))
        words, path = words_of(session, wanted), wanted.path
    except Mesure23Error:
        # A filter or a place of it is no more.
        words = path = ""
    suspended = row.refusals >= SUSPENDS
    return Listed(row.id, row.domain, words, path, row.rhythm, row.made_at, suspended)


def _rhythm(given: str) -> Rhythm:
    for each in RHYTHMS:
        if each == given:
            return each
    raise RhythmUnknown


def _own(session: Session, account: UUID, alert: UUID) -> Alert:
    own = select(Alert).where(Alert.id == alert, Alert.account_id == account).with_for_update()
    row = session.scalar(own)
    if row is None:
        raise AlertUnknown
    return row
