"""Who asks for contacts otherwise than one child at a time does: put before administrateurs.

Numbers alone, of what an account did: neither which places, nor what was told of them.
"""

from collections import Counter
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from uuid import UUID

from sqlalchemy import Select, func, select
from sqlalchemy.orm import Session

from app.audit.actions import Action
from app.models import Account, Actor, AuditEntry, Reveal
from app.platform.database.sessions import among
from geo.zones import PARIS_TIME, paris_day

# Where each line is drawn stands here alone; docs/decisions/revealing.md says why.
WITHIN = timedelta(days=7)
TERRITORIES, NIGHTS, REFUSALS = 4, 5, 5
# In Paris. A night is that of the evening on which it began.
EVENING, MORNING = 22, 6


@dataclass(frozen=True, slots=True)
class Unusual:
    """What somebody did within some days: in how many territories and nights they asked, and how
    often they were refused, or asked what they could not be told.
    """

    account_id: UUID
    territories: int
    nights: int
    refusals: int

    @property
    def is_notable(self) -> bool:
        """Say whether somebody should ask them why."""
        return self.territories >= TERRITORIES or self.nights >= NIGHTS or self.refusals >= REFUSALS


def unusual(session: Session, now: datetime) -> list[Unusual]:
    """Return of whom somebody should ask why, the most territories first."""
    since = now - WITHIN
    asked = session.execute(
        select(Reveal.account_id, Reveal.asked_at, Actor.territory_code)
        .join(Actor, Actor.id == Reveal.actor_id)
        .join(Account, Account.id == Reveal.account_id)
        .where(Reveal.asked_at > since, Account.disabled_at.is_(None))
    ).all()
    refused = Counter(session.scalars(_refused(since)).all())
    refused.update(_denied(session, since))
    places: dict[UUID, set[str]] = {}
    nights: dict[UUID, set[date]] = {}
    for account, at, territory in asked:
        places.setdefault(account, set()).add(territory)
        hour = at.astimezone(PARIS_TIME).hour
        if hour >= EVENING or hour < MORNING:
            evening = paris_day(at - timedelta(hours=MORNING))
            nights.setdefault(account, set()).add(evening)
    found = (
        Unusual(each, len(places.get(each, ())), len(nights.get(each, ())), refused[each])
        for each in places.keys() | refused.keys()
    )
    notable = [each for each in found if each.is_notable]
    return sorted(notable, key=lambda each: (-each.territories, str(each.account_id)))


def _refused(since: datetime) -> Select[UUID]:
    """Select who was refused by a place that was asked for its agreement, once for each time."""
    return (
        select(Reveal.account_id)
        .join(Account, Account.id == Reveal.account_id)
        .where(
            Reveal.asked_at > since,
            Reveal.decided_by.is_not(None),
            Reveal.given_at.is_(None),
            Account.disabled_at.is_(None),
        )
    )


def _denied(session: Session, since: datetime) -> dict[UUID, int]:
    """Return who asked for what no form offers them, and how often."""
    tried = (
        select(AuditEntry.who, func.count())
        .where(AuditEntry.at > since, AuditEntry.action == Action.CONTACT_DENIED.value)
        .group_by(AuditEntry.who)
    )
    times = {UUID(who): often for who, often in session.execute(tried).all()}
    enabled = select(Account.id).where(among(Account.id, set(times)), Account.disabled_at.is_(None))
    return {each: times[each] for each in session.scalars(enabled)}
