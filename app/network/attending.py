"""A member comes to an event by their account: no address is asked for, and no mail confirms.

What they are sent, and by which link they leave, is as of visitors: app/announcing/letters.py.
"""

from uuid import UUID, uuid4

from sqlalchemy import delete, select
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import Session

from app.accounts import people
from app.accounts.request_caps import counted_by
from app.agenda.queries import read_event
from app.models import AgendaEvent, AgendaRecord, AgendaRegistration
from app.network.errors import NoPlaceLeft, RegistrationClosed
from app.network.members import hold_member
from app.network.messages import hold_accounts
from app.registrations import registering
from app.registrations.registering import COLUMN, TABLE
from app.resources.page import PUBLIC_ID
from app.vault.sealing import Vault
from app.visibility import Viewer
from app.visible.asking import Asker

Row = AgendaRegistration


def register(session: Session, vault: Vault, asker: Asker, event_id: str) -> None:
    """Have a member come to an event: the same where they do already, as a visitor as well.

    Raises EventUnknown, NotMember, RegistrationClosed, NoPlaceLeft or NotOpened.
    """
    read_event(session, Viewer.professional(asker), event_id)
    hold_accounts(session, asker.account)
    hold_member(session, asker.account, asker.at)
    asked = select(AgendaEvent).where(
        AgendaEvent.public_id == event_id, registering.takes(asker.at)
    )
    event = session.scalar(asked)
    if event is None:
        raise RegistrationClosed
    mail = people.read(session, vault, asker.account).mail
    mailbox = counted_by(session, vault, mail).mailbox
    own = select(Row.confirmed_at).where(Row.record_id == event.id, Row.mailbox == mailbox)
    # Held before the event, as by who confirms by the link of a mail.
    comes = session.scalar(own.with_for_update())
    if comes is None and not registering.has_room(session, event):
        raise NoPlaceLeft
    number = uuid4()
    said = {"account_id": asker.account, "confirmed_at": comes or asker.at}
    row = {
        "id": number,
        "record_id": event.id,
        "mailbox": mailbox,
        "content": vault.seal_json(TABLE, number, COLUMN, {"mail": mail}),
        "received_at": asker.at,
    }
    added = insert(Row).values(row | said)
    known = added.on_conflict_do_update(index_elements=["record_id", "mailbox"], set_=said)
    session.execute(known)


def leave(session: Session, account: UUID, event_id: str) -> None:
    """Leave nothing of who came to an event by their account, whatever became of the event."""
    if not PUBLIC_ID.fullmatch(event_id):
        return
    of_event = select(AgendaRecord.id).where(AgendaRecord.public_id == event_id)
    own = (Row.account_id == account, Row.record_id == of_event.scalar_subquery())
    session.execute(delete(Row).where(*own))


def comes_to(session: Session, account: UUID, event_id: str) -> bool:
    """Say whether a member comes to an event by their account."""
    own = (AgendaRecord.public_id == event_id, Row.account_id == account)
    asked = select(Row.id).join(AgendaRecord, AgendaRecord.id == Row.record_id).where(*own)
    return session.scalar(asked) is not None
