"""Links that let somebody choose how to sign in: one for an account, once, for three days."""

import base64
import secrets
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

import pyotp
from sqlalchemy import select, update
from sqlalchemy.orm import Session

from app.accounts.errors import InvitationEnded
from app.accounts.people import TOKEN_BYTES, Person, read_person, token_digest
from app.models import Account, Invitation
from app.vault.sealing import NotOpened, Vault

INVITED_FOR = timedelta(hours=72)


def invite(session: Session, account: Account, by: str, now: datetime) -> str:
    """Return the token of a new link, the only one that is valid for this account.

    Until it is used nothing else changes: one that is disabled stays so, and what somebody who is
    invited again had goes once they have chosen anew.
    """
    end_invitations(session, account.id, now)
    token = secrets.token_urlsafe(TOKEN_BYTES)
    invitation = Invitation(
        account_id=account.id,
        token=token_digest(token),
        made_by=by,
        ends_at=now + INVITED_FOR,
    )
    session.add(invitation)
    session.flush()
    return token


def find_invitation(
    session: Session, token: str, now: datetime, *, lock: bool = False
) -> Invitation:
    """Return the invitation of a link; raise InvitationEnded, whatever the reason."""
    statement = select(Invitation).where(
        Invitation.token == token_digest(token),
        Invitation.used_at.is_(None),
        Invitation.ends_at > now,
    )
    invitation = session.scalar(statement.with_for_update() if lock else statement)
    if invitation is None:
        raise InvitationEnded
    return invitation


@dataclass(frozen=True, slots=True)
class Invited:
    """Whom an invitation is for."""

    invitation_id: UUID
    person: Person


def read_invitation(session: Session, vault: Vault, token: str, now: datetime) -> Invited:
    """Return whom the page of a link is for; raise InvitationEnded."""
    found = find_invitation(session, token, now)
    account = session.get_one(Account, found.account_id)
    return Invited(found.id, read_person(vault, account))


def end_invitations(session: Session, account_id: UUID, now: datetime) -> None:
    """End every link of an account that was not used yet."""
    session.execute(
        update(Invitation)
        .where(Invitation.account_id == account_id, Invitation.used_at.is_(None))
        .values(used_at=now)
    )


def new_secret(vault: Vault, invitation_id: UUID) -> tuple[str, str]:
    """Return a secret for an application of codes, and the same sealed for this invitation.

    New each time that its page is shown: whoever has seen a link knows nothing of what is chosen.
    """
    secret = pyotp.random_base32()
    sealed = vault.seal("invitation", invitation_id, "secret", secret.encode())
    return secret, base64.urlsafe_b64encode(sealed).decode()


def read_secret(vault: Vault, invitation_id: UUID, sealed: str) -> str | None:
    """Return the secret that a page of this invitation showed; None where it is of no such page."""
    try:
        whole = base64.urlsafe_b64decode(sealed.encode())
        return vault.open("invitation", invitation_id, "secret", whole).decode()
    except (ValueError, IndexError, NotOpened):
        return None
