"""The mail of a text to a member: written as things stand when it leaves, and noted before it does.

Its subject says nothing of the field: others may look at the same mailbox.
"""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from app.accounts import people
from app.models import MemberMessage, NetworkMember
from app.network import directory
from app.network.directory import Member
from app.network.errors import MemberUnknown, NotMember
from app.network.messages import blocks, readable
from app.network.profile import open_profile
from app.network.words import FUNCTIONS
from app.platform.mail.sending import Became
from app.platform.mail.waiting import is_due
from app.resources.texts import line
from app.vault.sealing import Vault
from app.visibility import Viewer

# Sent in one round of the worker.
AT_ONCE = 100
SUBJECT = "Un message pour vous"
TEXT = """Bonjour,

{sender} vous écrit par l’annuaire du réseau :

{text}

Pour répondre, connectez-vous avec votre compte professionnel :
{answer}

Pour ne plus rien recevoir de cette personne, ou signaler ce message :
{received}

Votre adresse électronique ne lui a pas été montrée. Nous ne pouvons pas lire de réponse à ce
message.
"""


@dataclass(frozen=True, slots=True)
class Mail:
    """A mail that is to be sent."""

    message: UUID
    to: str
    text: str
    subject: str = SUBJECT


def settle(session: Session, now: datetime) -> list[UUID]:
    """Send none again of which nobody knows whether it left; return these."""
    row = MemberMessage
    found = session.scalars(select(row).where(row.state == "going").with_for_update()).all()
    for each in found:
        each.state, each.at = "doubt", now
    return [each.id for each in found]


def to_write(session: Session, now: datetime) -> list[UUID]:
    """Return the messages that are due, those first that were tried or made first."""
    row = MemberMessage
    due = (row.state == "waits", is_due(row.at, row.made_at, now))
    asked = select(row.id).where(*due).order_by(row.at, row.made_at)
    return list(session.scalars(asked.limit(AT_ONCE)))


def write(session: Session, vault: Vault, message: UUID, page: str, now: datetime) -> Mail | None:
    """Return the mail of a message, which from now on is on its way; None where none may leave.

    page: address of the network's pages. Raises NotOpened.
    """
    row = session.get(MemberMessage, message)
    if row is None:
        return None
    # Held until this ends: whoever blocks or excludes them meanwhile waits for it to be noted.
    both = NetworkMember.account_id.in_((row.sender_id, row.recipient_id))
    held = select(NetworkMember.account_id).where(both).order_by(NetworkMember.account_id)
    session.execute(held.with_for_update(read=True))
    session.refresh(row, with_for_update=True)
    if row.state != "waits":
        return None
    sender = _sender(session, vault, row, now)
    text = readable(session, vault, (row,))[row.id]
    if sender is None or not text:
        # Its text stays as long as one that left: its writer is handed out either alike.
        row.state, row.at = "never", now
        return None
    row.state, row.at = "going", now
    said = {"sender": _words(sender), "text": _quoted(text)}
    said |= {"answer": f"{page}/membres/{sender.id}", "received": f"{page}/messages"}
    to = people.read(session, vault, row.recipient_id).mail
    return Mail(row.id, to, TEXT.format_map(said))


def step_back(session: Session, message: UUID, now: datetime) -> None:
    """Try a message that did not open less and less often, as one that no server took."""
    own = (MemberMessage.id == message, MemberMessage.state == "waits")
    session.execute(update(MemberMessage).where(*own).values(at=now))


def note_became(session: Session, mail: Mail, became: Became) -> None:
    """Note what a mail server said of a mail."""
    row = session.get(MemberMessage, mail.message, with_for_update=True)
    if row is None or row.state != "going":
        return
    if became == "later":
        row.state = "waits"
        return
    row.state = "left" if became == "taken" else "never"


def _sender(session: Session, vault: Vault, row: MemberMessage, now: datetime) -> Member | None:
    """Return who wrote as who is written to reads of them now; None where it may not leave."""
    if blocks(session, row.recipient_id, row.sender_id):
        return None
    own = session.get(NetworkMember, row.sender_id)
    if own is not None:
        # The directory leaves out who does not open: that is no reason to send nothing of them.
        open_profile(vault, row.sender_id, own.profile)
        people.read(session, vault, row.sender_id)
    viewer = Viewer.written_to(row.recipient_id, now)
    try:
        return directory.read_member(session, vault, viewer, {}, row.sender_id)
    except (NotMember, MemberUnknown):
        return None


def _words(sender: Member) -> str:
    said = sender.profile
    doing = said.function_text or FUNCTIONS.get(said.function, "")
    organisation = sender.organisation.name if sender.organisation else ""
    beside = ", ".join(each for each in (doing, organisation) if each)
    return line(f"{sender.name} ({beside})" if beside else sender.name)


def _quoted(text: str) -> str:
    """Return a text that nobody takes for words of ours."""
    return "\n".join(f"> {each}".rstrip() for each in text.split("\n"))
