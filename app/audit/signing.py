"""The signature of this database under what leaves the journal, or is cut from it."""

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from sqlalchemy.orm import Session

from app.models import AuditAnchor
from app.vault.digests import secret
from app.vault.sealing import Vault

NAME = "audit signature"


def signing_key(session: Session, vault: Vault) -> Ed25519PrivateKey:
    """Return the key of this database, made on first use; raise KeyMissing or NotOpened."""
    return Ed25519PrivateKey.from_private_bytes(secret(session, vault, NAME))


def said_by(anchor: AuditAnchor) -> bytes:
    """Return what the signature of an anchor stands under."""
    return f"{anchor.number}/{anchor.link.hex()}/{anchor.who}".encode()


def is_signed(key: Ed25519PrivateKey, anchor: AuditAnchor) -> bool:
    """Return whether an anchor is one that this database made."""
    try:
        key.public_key().verify(anchor.signature, said_by(anchor))
    except InvalidSignature:
        return False
    return True
