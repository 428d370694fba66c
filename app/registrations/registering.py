"""Somebody asks to come to an event, says by the link of a mail that they do, or that they do not.

What is answered is the same always, whoever asked before: only the mailbox learns of it.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID, uuid4

from sqlalchemy import ColumnElement, and_, delete, func, or_, select, true, update
from sqlalchemy.orm import Session

from app.accounts.errors import MailMalformed
from app.accounts.people import token_digest, valid_mail
from app.accounts.request_caps import counted_by
from app.errors import Mesure23Error
from app.inbox.message import EventAsked
from app.models import Account, AgendaEvent, AgendaRecord, AgendaRegistration, NetworkMember
from app.models.agenda_registration import Letter
from app.vault.sealing import Vault
from app.visibility import Viewer
from geo.zones import paris_day

TABLE, COLUMN = AgendaRegistration.__tablename__, "content"
UNCONFIRMED_FOR, FORGOTTEN_AFTER = timedelta(days=3), timedelta(days=92)
# Who asks again is sent another mail no sooner.
AGAIN = timedelta(days=1)


class RegistrationEnded(Mesure23Error):
    """Ce lien ne sert plus : un message plus récent en a un autre, l’inscription est annulée, ou
    l’événement n’en prend plus.
    """

    status = 410
    title = "Lien terminé"
    advice = "Ouvrez le lien du dernier message reçu, ou inscrivez-vous de nouveau."


class EventFull(Mesure23Error):
    """Toutes les places sont prises."""

    status = 409
    title = "Complet"
    advice = "Gardez ce lien : si une place se libère dans les trois jours, il vous inscrira."


@dataclass(frozen=True, slots=True)
class Registered:
    """Somebody who asked. event: its public id; account: of a member who came by it; is_open:
    whether it takes registrations now.
    """

    event: str
    account: UUID | None
    is_open: bool
    is_confirmed: bool


def add(session: Session, vault: Vault, asked: EventAsked, received_at: datetime) -> None:
    """Note who asks to come; nothing of an event for which nobody can register."""
    try:
        mail = valid_mail(asked.mail)
    except MailMalformed:
        return
    found = session.scalar(
        select(AgendaEvent.id).where(
            AgendaEvent.public_id == asked.event,
            takes(received_at),
            AgendaEvent.audience == "public",
        )
    )
    if found is None:
        return
    mailbox = counted_by(session, vault, mail).mailbox
    own = (AgendaRegistration.record_id == found, AgendaRegistration.mailbox == mailbox)
    row = session.scalar(select(AgendaRegistration).where(*own).with_for_update())
    if row is not None:
        # Who lost a mail is sent it again; a stranger who asks a hundred times has one sent, and
        # none once it is confirmed: each would end the link of the one before.
        sent_long_ago = row.letter_at is not None and row.letter_at <= received_at - AGAIN
        if row.confirmed_at is None and sent_long_ago:
            row.letter = ""
        return
    number = uuid4()
    content = vault.seal_json(TABLE, number, COLUMN, {"mail": mail})
    session.add(
        AgendaRegistration(
            id=number,
            record_id=found,
            mailbox=mailbox,
            content=content,
            received_at=received_at,
        )
    )
    session.flush()


def find(session: Session, token: str, now: datetime) -> Registered:
    """Return whose link it is; raise RegistrationEnded."""
    row = AgendaRegistration
    asked = (
        select(
            AgendaRecord.public_id,
            row.account_id,
            AgendaEvent.id.is_not(None),
            row.confirmed_at.is_not(None),
        )
        .select_from(row)
        .join(AgendaRecord, AgendaRecord.id == row.record_id)
        .outerjoin(AgendaEvent, and_(AgendaEvent.id == row.record_id, takes(now), _is_for_them()))
        .where(row.token == token_digest(token))
    )
    found = session.execute(asked).one_or_none()
    if found is None:
        raise RegistrationEnded
    return Registered(*found)


def confirm(session: Session, token: str, now: datetime) -> None:
    """Say that somebody comes; raise RegistrationEnded or EventFull."""
    row, event = _locked(session, token, now)
    if row.confirmed_at is not None:
        # Whoever changes the event has it, and waits for who comes.
        return
    if not has_room(session, event):
        raise EventFull
    row.confirmed_at = now
    session.flush()


def has_room(session: Session, event: AgendaEvent) -> bool:
    """Say whether an event has a place left, of which nobody else takes one until this ends."""
    # Of two who take the last place one goes first.
    session.execute(select(AgendaRecord.id).where(AgendaRecord.id == event.id).with_for_update())
    _forget_gone(session, AgendaRegistration.record_id == event.id)
    return event.capacity is None or count(session, event.id) < event.capacity


def leave(session: Session, token: str) -> None:
    """Leave nothing of a registration, whatever became of the event; raise RegistrationEnded."""
    row = AgendaRegistration
    left = delete(row).where(row.token == token_digest(token)).returning(row.id)
    if session.scalar(left) is None:
        raise RegistrationEnded


def tell_again(session: Session, record: UUID, *letters: Letter) -> None:
    """Have those who come sent anew where it is, if their last mail is one of these."""
    row = AgendaRegistration
    comes = (row.record_id == record, row.confirmed_at.is_not(None), row.letter.in_(letters))
    session.execute(update(row).where(*comes).values(letter="asked"))


def count(session: Session, record: UUID) -> int:
    """Return how many come to an event."""
    comes = (AgendaRegistration.record_id == record, AgendaRegistration.confirmed_at.is_not(None))
    return session.scalars(select(func.count()).select_from(AgendaRegistration).where(*comes)).one()


def held(session: Session, vault: Vault, viewer: Viewer, mail: str) -> list[dict[str, str]]:
    """Return what is held of a mailbox that was registered for events, in words that people read.

    Of an event that a viewer reads no more, its title is not said.
    """
    row, record, event = AgendaRegistration, AgendaRecord, viewer.events().c
    asked = (
        select(row, event.title)
        .join(record, record.id == row.record_id)
        .join(event.public_id.table, event.public_id == record.public_id, isouter=True)
    )
    found = session.execute(asked.where(_of_mailbox(session, vault, mail)).order_by(row.id))
    return [
        {
            "evenement": title or "",
            "demandee_le": paris_day(each.received_at).isoformat(),
            "confirmee_le": paris_day(each.confirmed_at).isoformat() if each.confirmed_at else "",
        }
        for each, title in found
    ]


def forget(session: Session, vault: Vault, mail: str) -> int:
    """Leave nothing of a mailbox that was registered for events; return for how many it was."""
    row = AgendaRegistration
    own = delete(row).where(_of_mailbox(session, vault, mail)).returning(row.id)
    return len(session.scalars(own).all())


def _of_mailbox(session: Session, vault: Vault, mail: str) -> ColumnElement[bool]:
    return AgendaRegistration.mailbox == counted_by(session, vault, mail).mailbox


def forget_old(session: Session, now: datetime) -> None:
    """Delete what nobody confirmed, what is of an event of three months ago, and what is for the
    network of who left it.
    """
    over = select(AgendaRecord.id).where(AgendaRecord.ends_at < now - FORGOTTEN_AFTER)
    row = AgendaRegistration
    unconfirmed = and_(row.confirmed_at.is_(None), row.received_at < now - UNCONFIRMED_FOR)
    session.execute(delete(row).where(or_(unconfirmed, row.record_id.in_(over))))
    _forget_gone(session, true())


def _forget_gone(session: Session, of: ColumnElement[bool]) -> None:
    """Give back the places that are for the network of who left it, was excluded, or has no account
    in use any more. Who has not accepted a new charter yet keeps theirs.
    """
    row, member = AgendaRegistration, NetworkMember
    narrow = select(AgendaEvent.id).where(AgendaEvent.audience != "public")
    there = (member.charter_on.is_not(None), member.blocked_at.is_(None))
    stays = (
        select(member.account_id)
        .join(Account, Account.id == member.account_id)
        .where(*there, Account.disabled_at.is_(None), member.account_id == row.account_id)
    )
    gone = (row.account_id.is_not(None), ~stays.exists())
    session.execute(delete(row).where(of, row.record_id.in_(narrow), *gone))


def _locked(session: Session, token: str, now: datetime) -> tuple[AgendaRegistration, AgendaEvent]:
    asked = (
        select(AgendaRegistration, AgendaEvent)
        .join(AgendaEvent, AgendaEvent.id == AgendaRegistration.record_id)
        .where(AgendaRegistration.token == token_digest(token), takes(now), _is_for_them())
    )
    found = session.execute(asked.with_for_update(of=AgendaRegistration)).one_or_none()
    if found is None:
        raise RegistrationEnded
    return found[0], found[1]


def takes(now: datetime) -> ColumnElement[bool]:
    """Return whether an event takes registrations now."""
    running = (AgendaEvent.cancelled_at.is_(None), AgendaEvent.ends_at > now)
    return and_(AgendaEvent.registers, *running)


def _is_for_them() -> ColumnElement[bool]:
    """Return whether an event is for whom a registration is of: visitors come to public ones."""
    return or_(AgendaEvent.audience == "public", AgendaRegistration.account_id.is_not(None))
