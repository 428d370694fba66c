"""The desk's half of the inbox: makes the pairs of keys, opens what came, and signs links.

The private halves are secrets of the database, sealed by the keys of the service: new sealing keys
seal them again, and what was sent before still opens.
"""

import os

from nacl.exceptions import CryptoError
from nacl.public import PrivateKey, SealedBox
from pydantic import ValidationError
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import Session

from app.inbox.acting import Asked
from app.inbox.message import MESSAGES, Message
from app.models import InboxKey, LinkKey
from app.platform.mail.links import public_half
from app.vault.digests import secret
from app.vault.sealing import Vault

NAME, LINKS = "inbox", "links of mails"
STAMP_BYTES = 32
Opener = SealedBox[PrivateKey]


def publish_key(session: Session, vault: Vault) -> None:
    """Give public pages the half that seals, made on first use; raise KeyMissing or NotOpened."""
    public = bytes(_private_key(session, vault).public_key)
    row = insert(InboxKey).values(public=public, stamp=os.urandom(STAMP_BYTES))
    session.execute(row.on_conflict_do_nothing())
    links = insert(LinkKey).values(public=public_half(link_signer(session, vault)))
    session.execute(links.on_conflict_do_nothing())


def link_signer(session: Session, vault: Vault) -> bytes:
    """Return what signs links of mails, which public pages check; raise KeyMissing or NotOpened."""
    return secret(session, vault, LINKS)


def opener(session: Session, vault: Vault) -> Opener:
    """Return what opens messages; raise KeyMissing or NotOpened."""
    return SealedBox(_private_key(session, vault))


def open_message(box: Opener, sealed: bytes) -> Message | None:
    """Return what was written; None for what was not sealed for us, or is no message of ours."""
    try:
        return MESSAGES.validate_json(box.decrypt(sealed))
    except (CryptoError, ValidationError):
        # Anybody may have written it: neither is anything to stop at, nor to quote.
        return None


def open_act(box: Opener, sealed: bytes) -> Asked | None:
    """Return what was asked by a link; None as of a message."""
    try:
        return Asked.model_validate_json(box.decrypt(sealed))
    except (CryptoError, ValidationError):
        return None


def _private_key(session: Session, vault: Vault) -> PrivateKey:
    return PrivateKey(secret(session, vault, NAME))
