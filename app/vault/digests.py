"""Keyed digests: how an identity, an address or a number is found again without being readable.

Their key is a secret of the database itself, sealed there, so that new sealing keys change none.
"""

import hashlib
import hmac
import os
from collections.abc import Sequence
from functools import lru_cache

from sqlalchemy import select
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import Session

from app.models import SealedSecret
from app.vault.sealing import Vault

NAME = "digests"
_READ = "secrets that were read"
KEY_BYTES = 32
# What names the secrets of which the newest marks a database that lost its files, if one does.
_MARKS = "registers "


def index_key(session: Session, vault: Vault) -> bytes:
    """Return the key of the digests, made on first use; raise KeyMissing or NotOpened."""
    return secret(session, vault, NAME)


def find_key(session: Session, vault: Vault) -> bytes | None:
    """Return the key of the digests, or None where nothing was ever digested in this database."""
    return _find(session, vault, NAME)


def mark_of_database(session: Session, vault: Vault, *, make: bool = False) -> str:
    """Return by what files beside it know a database and its copies, which tells nothing of it; ""
    for one without a key of digests. make: give it one.

    Its server would not do: a dump goes to another one, and an empty database to the same.
    """
    key = index_key(session, vault) if make else find_key(session, vault)
    if key is None:
        return ""
    newest = max(_marks(session), key=_number, default=None)
    return digest(secret(session, vault, newest) if newest else key, "register", "begun").hex()


def mark_anew(session: Session, vault: Vault) -> None:
    """Let a database and its copies from now on be known by another mark than those of before."""
    # By no clock: one that went back would leave the former mark the newest.
    secret(session, vault, f"{_MARKS}{max(map(_number, _marks(session)), default=0) + 1}")


def _marks(session: Session) -> Sequence[str]:
    marks = select(SealedSecret.name).where(SealedSecret.name.startswith(_MARKS))
    return session.scalars(marks).all()


def _number(mark: str) -> int:
    """Return the number of a mark; former ones bear a moment, with a T between day and hour."""
    return int(mark.removeprefix(_MARKS).replace("T", ""))


def secret(session: Session, vault: Vault, name: str) -> bytes:
    """Return 32 bytes that only this database has, made on first use; as index_key."""
    # Asked for by each deed of a transaction that may have hundreds, and never another one.
    read: dict[str, bytes] = session.info.setdefault(_READ, {})
    if name in read:
        return read[name]
    key = _find(session, vault, name)
    if key is not None:
        read[name] = key
    while key is None:
        fresh = vault.seal("sealed_secret", name, "value", os.urandom(KEY_BYTES))
        # Two processes may make it at once: the first one's stays.
        row = insert(SealedSecret).values(name=name, value=fresh).on_conflict_do_nothing()
        session.execute(row)
        key = _find(session, vault, name)
    return key


def _find(session: Session, vault: Vault, name: str) -> bytes | None:
    sealed = session.scalar(select(SealedSecret.value).where(SealedSecret.name == name))
    return None if sealed is None else vault.open("sealed_secret", name, "value", sealed)


def digest(key: bytes, purpose: str, value: str) -> bytes:
    """Return the digest of a value, which differs by purpose: 32 bytes."""
    # Begun once for a key: a list has a million digests.
    begun = _begun(key).copy()
    begun.update(f"{purpose}/{value}".encode("utf-8", "surrogatepass"))
    return begun.digest()


@lru_cache(maxsize=2)
def _begun(key: bytes) -> hmac.HMAC:
    return hmac.new(key, digestmod=hashlib.sha256)
