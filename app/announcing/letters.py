"""Mails to who comes to an event: to confirm, then where it is, a reminder, or that it is off.

Their subjects say nothing of the field: others may look at the same mailbox.
"""

import secrets
from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from sqlalchemy import ColumnElement, Select, and_, func, or_, select, update
from sqlalchemy.orm import Session, aliased

from app.accounts.people import TOKEN_BYTES, token_digest
from app.agenda.event import Event
from app.agenda.queries import read_event
from app.announcing.writing import NOT_READ, content_of
from app.errors import EventUnknown
from app.models import AgendaEvent, AgendaRecord, AgendaRegistration
from app.models.agenda_registration import Letter
from app.platform.database.sessions import among
from app.platform.mail.sending import Became
from app.platform.mail.waiting import is_due_again
from app.registrations.registering import COLUMN, TABLE
from app.vault.sealing import Vault
from app.visibility import PUBLIC, Viewer
from app.visible.members import member_ids

# Of one that does not open, or whose event does not; the others are written to all the same.
NOT_WRITTEN = (EventUnknown, *NOT_READ)
# Looked at in one round of the worker.
AT_ONCE = 200
# Mails to confirm that one mailbox is sent in a day, for all events.
MOST_A_DAY = 3
DAY, BEFORE = timedelta(days=1), timedelta(hours=36)
# A mail that is on its way for longer was cut off.
LONGEST_WAY = timedelta(minutes=10)
SUBJECTS: dict[Letter, str] = {
    "asked": "Votre inscription à confirmer",
    "linked": "Votre inscription",
    "reminded": "Rappel de votre inscription",
    "cancelled": "Votre inscription : annulation",
}
ASKED = """Bonjour,

Quelqu’un a demandé, avec cette adresse, une inscription à :

{what}

Si c’est vous, confirmez-la sur cette page, dans les trois jours :

{link}

Ouvrir la page ne change rien : un bouton confirme.
Si ce n’est pas vous, la même page permet d’effacer la demande.
"""
COMES = """Bonjour,

{first}

{what}
{where}
Si vous ne venez plus, dites-le sur cette page : votre place servira à quelqu’un d’autre.

{link}
"""
OFF = """Bonjour,

Cet événement est annulé :

{what}

{reason}

Cette page efface votre adresse ; elle l’est sinon trois mois après la date prévue.

{link}
"""


@dataclass(frozen=True, slots=True)
class Sent:
    """What is noted of somebody's last mail. letter: which one it is; token: of its link."""

    letter: Letter
    at: datetime | None
    token: bytes | None


@dataclass(frozen=True, slots=True)
class Mail:
    """A mail that is to be sent, noted as if it were. former: what was noted before it."""

    registration: UUID
    to: str
    subject: str
    text: str
    noted: Sent
    former: Sent


def to_write(session: Session, now: datetime, but: Collection[UUID] = ()) -> list[UUID]:
    """Return the registrations that are to be sent a mail; but: those that did not open.

    Who comes goes first; then who asked last, so that whoever asks for thousands keeps no other
    one waiting; behind them who was tried before.
    """
    row = AgendaRegistration
    asked = _to_come(now).where(or_(*(condition for _, condition in _due(now))))
    due = asked.where(is_due_again(row.tried_at, row.received_at, now), ~among(row.id, but))
    last = (row.confirmed_at.nulls_last(), row.received_at.desc(), row.id)
    ordered = due.order_by(row.confirmed_at.is_(None), row.tried_at.nulls_first(), *last)
    return list(session.scalars(ordered.limit(AT_ONCE)))


def write(
    session: Session, vault: Vault, registration: UUID, origin: str, now: datetime
) -> Mail | None:
    """Return the mail that somebody is to be sent now; None where there is none, or it waits.

    As it is now: of an event that readers lost meanwhile there is none. It is noted before it is
    handed over: of one that was cut off in between nobody is sent a second. Raises one of
    NOT_WRITTEN where its event does not open.
    """
    row = session.get(AgendaRegistration, registration, with_for_update=True)
    if row is None:
        return None
    record = session.get_one(AgendaRecord, row.record_id)
    letter = _letter(session, row.id, now)
    if letter is None:
        return None
    token = secrets.token_urlsafe(TOKEN_BYTES)
    former, noted = _noted(row), Sent(letter, now, token_digest(token))
    mail = vault.open_json(TABLE, row.id, COLUMN, row.content)["mail"]
    # As its reader may have it now: of an organiser of whom something is hidden it says no place.
    viewer = PUBLIC if row.account_id is None else Viewer.written_to(row.account_id, now)
    event, url = read_event(session, viewer, record.public_id), content_of(vault, record).url
    link = f"{origin}/connexion/inscription/{token}"
    text = _text(letter, _first(row), event, url, link)
    _note(row, noted)
    row.going = True
    return Mail(row.id, mail, SUBJECTS[letter], text, noted, former)


def step_back(session: Session, registrations: Collection[UUID], now: datetime) -> None:
    """Try those that did not open less and less often, as those that no server took."""
    own = update(AgendaRegistration).where(among(AgendaRegistration.id, registrations))
    session.execute(own.values(tried_at=now))


def note_became(session: Session, mail: Mail, became: Became) -> None:
    """Note what became of a mail: one that was not taken is due again after a while, with the link
    before it.

    Of a mailbox that never takes one nothing stays.
    """
    row = session.get(AgendaRegistration, mail.registration, with_for_update=True)
    if row is None:
        return
    if became == "never":
        session.delete(row)
        return
    row.going, row.tried_at = False, None
    # Unless something else is due meanwhile.
    if became == "later" and _noted(row) == mail.noted:
        _note(row, mail.former)
        row.tried_at = mail.noted.at


def count_doubtful(session: Session, record: UUID, now: datetime) -> int:
    """Return of how many of those who asked to come nobody knows whether their last mail left."""
    row = AgendaRegistration
    doubtful = (row.record_id == record, row.going, row.letter_at <= now - LONGEST_WAY)
    return session.scalars(select(func.count()).select_from(row).where(*doubtful)).one()


def _noted(row: AgendaRegistration) -> Sent:
    return Sent(row.letter, row.letter_at, row.token)


def _note(row: AgendaRegistration, sent: Sent) -> None:
    row.letter, row.letter_at, row.token = sent.letter, sent.at, sent.token


def _letter(session: Session, registration: UUID, now: datetime) -> Letter | None:
    own = _to_come(now).where(AgendaRegistration.id == registration)
    for letter, condition in _due(now):
        if session.scalar(own.where(condition)) is not None:
            return letter
    return None


def _to_come(now: datetime) -> Select[UUID]:
    """Return the registrations for events that are not over and that visitors read, or of members
    who come by their account. Of no other is anybody written to.
    """
    row, event = AgendaRegistration, AgendaEvent
    of_event = select(row.id).join(event, event.id == row.record_id)
    theirs = or_(event.audience == "public", row.account_id.in_(member_ids(now)))
    return of_event.where(theirs, event.ends_at > now)


def _due(now: datetime) -> list[tuple[Letter, ColumnElement[bool]]]:
    """Return which mail is due in which case."""
    row, event = AgendaRegistration, AgendaEvent
    comes, takes = row.confirmed_at.is_not(None), event.cancelled_at.is_(None)
    soon = and_(event.begins_at > now, event.begins_at <= now + BEFORE, row.letter_at <= now - DAY)
    asks = and_(event.registers, ~comes, row.letter == "", _few_lately(now))
    return [
        ("asked", and_(takes, asks)),
        ("linked", and_(takes, comes, row.letter.in_(("", "asked")))),
        ("reminded", and_(takes, comes, row.letter == "linked", soon)),
        (
            "cancelled",
            and_(event.cancelled_at.is_not(None), comes, row.letter != "cancelled"),
        ),
    ]


def _few_lately(now: datetime) -> ColumnElement[bool]:
    """Return whether the mailbox of a registration may be sent another mail to confirm now."""
    other = aliased(AgendaRegistration)
    same = other.mailbox == AgendaRegistration.mailbox
    lately = (same, other.confirmed_at.is_(None), other.letter_at > now - DAY)
    sent = select(func.count()).select_from(other).where(*lately).correlate(AgendaRegistration)
    return sent.scalar_subquery() < MOST_A_DAY


def _first(row: AgendaRegistration) -> str:
    """Return what the mail that says where begins with."""
    if row.letter == "linked":
        return "C’est bientôt :"
    # Whoever confirmed was sent one since: the event is another one.
    if row.confirmed_at and row.letter_at and row.letter_at > row.confirmed_at:
        return "Vous êtes inscrit, et ceci remplace notre dernier message :"
    return "Vous êtes inscrit à :"


def _text(letter: Letter, first: str, event: Event, url: str, link: str) -> str:
    what = f"{event.title}\n{event.day}, {event.hours()}"
    if letter == "asked":
        return ASKED.format(what=what, link=link)
    if letter == "cancelled":
        return OFF.format(what=what, reason=event.reason or "", link=link)
    where = "".join(f"\n{way}\n" for way in (event.place, url) if way)
    return COMES.format(first=first, what=what, where=where, link=link)
