"""Addresses that a curateur invites to the network: one neutral mail each, and nothing else.

No profile, account or subscription is made. Who has an account, is a member or wants no invitation
is told apart by nothing that a curateur reads. An address is known by the half of its keyed digest.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from sqlalchemy import delete, func, or_, select, update
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import Session

from app.accounts.people import login_of
from app.audit.actions import Action
from app.audit.journal import Author, add
from app.inbox.opening import link_signer
from app.models import Account, InvitationRefusal, NetworkInvitation, NetworkMember
from app.network.errors import TooManyInvited
from app.platform.database.sessions import hold
from app.platform.mail.links import Aim, Link, checked, public_half, signed
from app.platform.mail.sending import Became
from app.platform.mail.waiting import is_due
from app.vault.sealing import Vault

TABLE, COLUMN = NetworkInvitation.__tablename__, "content"
INVITED_FOR = timedelta(days=14)
MOST_A_DAY, DAY = 1_000, timedelta(days=1)
# Of those who invite at once one goes after the other.
INVITING_LOCK = 230132
# Sent in one round of the worker.
AT_ONCE = 100
REFUSING = "/connexion/invitations"
SUBJECT = "Une invitation pour vous"
TEXT = """Bonjour,

Un service public vous invite à rejoindre un réseau de professionnels. Pour savoir lequel,
connectez-vous avec votre compte professionnel :

{page}

Si vous n’avez pas de compte, demandez-en un. Un référent l’approuve, et rien n’est fait sans vous :

{ask}

Nous ne vous écrirons pas une seconde fois pour cette invitation. Pour n’en recevoir aucune autre :

{refuse}

Nous ne pouvons pas lire de réponse à ce message.
"""
Row = NetworkInvitation


@dataclass(frozen=True, slots=True)
class Mail:
    """A mail that is to be sent."""

    invitation: UUID
    to: str
    text: str
    subject: str = SUBJECT


def invite(
    session: Session, vault: Vault, author: Author, mails: Iterable[str], now: datetime
) -> None:
    """Invite addresses, but for those that were in two weeks; raise TooManyInvited."""
    hold(session, INVITING_LOCK)
    given = {_id_of(session, vault, each): each for each in mails}
    since = select(func.count()).select_from(Row).where(Row.made_at > now - DAY)
    if session.scalars(since).one() + len(given) > MOST_A_DAY:
        raise TooManyInvited
    rows = [
        {
            "id": number,
            "content": vault.seal_json(TABLE, number, COLUMN, {"mail": mail}),
            "made_at": now,
            "made_by": author.who,
            "state": "waits",
            "at": now,
        }
        for number, mail in given.items()
    ]
    session.execute(insert(Row).on_conflict_do_nothing(), rows)
    # How many were given, and not how many are new.
    add(session, vault, author, Action.NETWORK_INVITED, "", {"count": len(given)})


def settle(session: Session, now: datetime) -> list[UUID]:
    """Send none again of which nobody knows whether it left; return these."""
    found = session.scalars(select(Row).where(Row.state == "going").with_for_update()).all()
    for each in found:
        each.state, each.content, each.at = "doubt", None, now
    return [each.id for each in found]


def to_write(session: Session, now: datetime) -> list[UUID]:
    """Return the invitations that are due, those first that were tried or made first."""
    due = (Row.state == "waits", is_due(Row.at, Row.made_at, now))
    asked = select(Row.id).where(*due).order_by(Row.at, Row.id)
    return list(session.scalars(asked.limit(AT_ONCE)))


def write(
    session: Session, vault: Vault, invitation: UUID, desk: str, public: str, now: datetime
) -> Mail | None:
    """Return the mail of an invitation, which from now on is on its way; None where none leaves.

    A member, or who was excluded, is not written to, nor who refused meanwhile. Raises NotOpened.
    """
    row = session.get(Row, invitation, with_for_update=True)
    if row is None or row.state != "waits" or row.content is None:
        return None
    mail = vault.open_json(TABLE, row.id, COLUMN, row.content)["mail"]
    if not mail or _is_settled(session, vault, row.id, mail):
        row.state, row.content, row.at = "never", None, now
        return None
    row.state, row.at = "going", now
    token = signed(link_signer(session, vault), Link(Aim.REFUSE_INVITATIONS, row.id))
    said = {"page": f"{desk}/pro/reseau", "ask": f"{public}/professionnels/demande"}
    return Mail(row.id, mail, TEXT.format(**said, refuse=f"{desk}{REFUSING}?lien={token}"))


def step_back(session: Session, invitation: UUID, now: datetime) -> None:
    """Try one that did not open less and less often, as one that no server took."""
    session.execute(update(Row).where(Row.id == invitation, Row.state == "waits").values(at=now))


def note_became(session: Session, mail: Mail, became: Became) -> None:
    """Note what a mail server said of a mail; its address has served."""
    row = session.get(Row, mail.invitation, with_for_update=True)
    if row is None or row.state != "going":
        return
    if became == "later":
        row.state = "waits"
        return
    row.state, row.content = ("left" if became == "taken" else "never"), None


def refuse_by(session: Session, vault: Vault, token: str, now: datetime) -> None:
    """Invite an address no more, by the link of a mail; nothing by any other."""
    link = checked((public_half(link_signer(session, vault)),), token)
    if link is not None and link.aim is Aim.REFUSE_INVITATIONS:
        refuse(session, link.subject, now)


def refuse(session: Session, address: UUID, now: datetime) -> bool:
    """Invite an address no more; return whether it was otherwise until now."""
    row = {"id": address, "made_at": now}
    added = insert(InvitationRefusal).values(row).on_conflict_do_nothing()
    return session.scalar(added.returning(InvitationRefusal.id)) is not None


def forget_old(session: Session, now: datetime) -> None:
    """Delete the invitations of two weeks ago, answered or not."""
    session.execute(delete(Row).where(Row.made_at <= now - INVITED_FOR))


def _id_of(session: Session, vault: Vault, mail: str) -> UUID:
    return UUID(bytes=login_of(session, vault, mail)[:16])


def _is_settled(session: Session, vault: Vault, address: UUID, mail: str) -> bool:
    if session.get(InvitationRefusal, address) is not None:
        return True
    row = NetworkMember
    own = select(row.account_id).join(Account, Account.id == row.account_id)
    inside = or_(row.charter_on.is_not(None), row.blocked_at.is_not(None))
    login = Account.login == login_of(session, vault, mail)
    return session.scalar(own.where(inside, login)) is not None
