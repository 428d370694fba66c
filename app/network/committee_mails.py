"""The mail that invites to the place of a CDLP: it says neither which, nor what is done there.

Others may look at the same mailbox; it is the same whoever has an account.
"""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import ColumnElement, func, select, update
from sqlalchemy.orm import Session

from app.accounts.invitation import words_of
from app.models import CommitteeMember
from app.network.committees import COLUMN, TABLE
from app.platform.mail.sending import Became
from app.platform.mail.waiting import is_due
from app.vault.sealing import Vault
from app.visible.committees import is_excluded

# Sent in one round of the worker.
AT_ONCE = 100
SUBJECT = "Une invitation vous attend"
TEXT = """Bonjour,

Un service de l’État vous invite dans un espace de travail fermé. Pour savoir lequel, et accepter
ou refuser, connectez-vous avec votre compte professionnel :

{page}

L’invitation est pour cette adresse électronique, et sert une fois, jusqu’au {until}.
Si vous n’avez pas encore de compte, demandez-en un avec cette même adresse :

{ask}

Si vous n’attendiez pas ce message, ne faites rien : l’invitation s’efface d’elle-même.
"""


@dataclass(frozen=True, slots=True)
class Mail:
    """A mail that is to be sent."""

    seat: UUID
    to: str
    text: str
    subject: str = SUBJECT


def to_write(session: Session, now: datetime) -> list[UUID]:
    """Return the invitations that are due, those first that were tried or made first."""
    row = CommitteeMember
    at = func.coalesce(row.tried_at, row.invited_at)
    asked = select(row.id).where(*_waits(now), is_due(at, row.invited_at, now))
    return list(session.scalars(asked.order_by(at, row.id).limit(AT_ONCE)))


def write(
    session: Session, vault: Vault, seat: UUID, desk: str, public: str, now: datetime
) -> Mail | None:
    """Return the mail of an invitation as it is now, noted as sent; None where it is over.

    Noted before it leaves: whoever is stopped meanwhile sends it to nobody twice. Raises NotOpened.
    """
    asked = select(CommitteeMember).where(CommitteeMember.id == seat, *_waits(now))
    row = session.scalar(asked.with_for_update())
    if row is None:
        return None
    row.mailed_at = row.tried_at = now
    mail = vault.open_json(TABLE, row.id, COLUMN, row.content)["mail"]
    if not mail:
        # It was erased at somebody's request.
        return None
    page, ask = f"{desk}/pro/reseau/cdlp", f"{public}/professionnels/demande"
    return Mail(row.id, mail, TEXT.format(page=page, ask=ask, until=words_of(row.ends_at)))


def step_back(session: Session, seat: UUID, now: datetime) -> None:
    """Try one that did not open less and less often, as one that no server took."""
    own = update(CommitteeMember).where(CommitteeMember.id == seat, *_waits(now))
    session.execute(own.values(tried_at=now))


def note_became(session: Session, mail: Mail, became: Became) -> None:
    """Note what became of a mail: one that was not taken for now is due again."""
    row = session.get(CommitteeMember, mail.seat, with_for_update=True)
    if row is not None and became == "later":
        row.mailed_at = None


def _waits(now: datetime) -> tuple[ColumnElement[bool], ...]:
    row = CommitteeMember
    return row.joined_at.is_(None), row.ends_at > now, row.mailed_at.is_(None), ~is_excluded()
