"""Letters at the desk: their list, what is new since the last one, and how far one has gone."""

from collections import Counter
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import Select, func, select, text
from sqlalchemy.orm import Session

from app.agenda.criteria import Query
from app.agenda.queries import select_events
from app.letters.letter import Item, item_of
from app.models import Letter, LetterMail, LetterSubscriber
from app.models.letter_issue import MailStatus
from app.resources.queries import read_cards
from app.visibility import PUBLIC

# Offered beside a letter: as many of each as one reads through.
MOST = 30
NEW, AHEAD = timedelta(days=120), timedelta(days=120)


@dataclass(frozen=True, slots=True)
class Offer:
    """What a letter may lead to. what: "resource" or "event"."""

    what: str
    public_id: str
    item: Item


def listed(session: Session) -> list[Letter]:
    """Return the letters, the last one first."""
    return list(session.scalars(select(Letter).order_by(Letter.month.desc())))


def offers(session: Session, now: datetime, taken: Collection[str]) -> list[Offer]:
    """Return the newest resources and the next events that visitors read, but those taken."""
    seen = PUBLIC.resources().c
    newest = select(seen.public_id).where(seen.published_at > now - NEW)
    ordered = newest.order_by(seen.published_at.desc(), seen.public_id).limit(MOST)
    cards = read_cards(session, PUBLIC, list(session.scalars(ordered)))
    events = select_events(session, PUBLIC, Query(), now)[:MOST]
    found = [Offer("resource", each.public_id, item_of(each)) for each in cards]
    found += [
        Offer("event", each.public_id, item_of(each))
        for each in events
        if each.cancelled_at is None and each.begins_at < now + AHEAD
    ]
    return [each for each in found if each.public_id not in taken]


def subscribers(session: Session) -> int:
    """Return how many have the letter."""
    row = LetterSubscriber
    has = (row.confirmed_at.is_not(None), row.suspended_at.is_(None))
    return session.scalars(select(func.count()).select_from(row).where(*has)).one()


def sent(session: Session, letter: Letter) -> Mapping[MailStatus, int]:
    """Return how many mails of a letter are where."""
    counted = select(LetterMail.status, func.count()).where(LetterMail.letter_id == letter.id)
    return Counter(dict(session.execute(counted.group_by(LetterMail.status)).all()))


def counting_waiting() -> Select[int]:
    """Return the statement of how many letters wait for a second person."""
    return select(func.count()).select_from(Letter).where(Letter.status == text("'waiting'"))
