"""The second factor beside a password: a code of an application, or once a code on paper."""

import secrets
from datetime import datetime
from uuid import UUID

import pyotp
from sqlalchemy import delete, func, select, update
from sqlalchemy.orm import Session

from app.models import Account, RecoveryCode
from app.vault.digests import digest, index_key
from app.vault.sealing import Vault

PERIOD = 30
# A telephone may be half a minute before or behind.
WINDOW = 1
ISSUER = "Mesure 23"
# No letter that is taken for another one.
LETTERS = "abcdefghjkmnpqrstuvwxyz23456789"
CODES, GROUPS, GROUP = 10, 3, 4


def provisioning(secret: bytes, mail: str) -> str:
    """Return the otpauth address that an application reads from a QR code."""
    return pyotp.TOTP(secret.decode()).provisioning_uri(name=mail, issuer_name=ISSUER)


def step_of(secret: bytes, code: str, now: datetime, after: int) -> int | None:
    """Return the period whose code this is, among those not used yet; None where it is of none."""
    totp = pyotp.TOTP(secret.decode())
    current = int(now.timestamp()) // PERIOD
    given = "".join(code.split())
    for step in range(current - WINDOW, current + WINDOW + 1):
        # All are compared, so that how long it takes says nothing.
        right = secrets.compare_digest(totp.at(step * PERIOD).encode(), given.encode())
        if right and step > after:
            return step
    return None


def use_step(session: Session, account: Account, step: int) -> bool:
    """Note that the code of a period was used; False where somebody was faster."""
    done = session.execute(
        update(Account)
        .where(Account.id == account.id, Account.totp_step < step)
        .values(totp_step=step)
        .returning(Account.id)
    )
    return done.first() is not None


def renew(session: Session, vault: Vault, account_id: UUID) -> list[str]:
    """Return new codes on paper, in place of all former ones; shown once, and stored as digests."""
    remove_all(session, account_id)
    key = index_key(session, vault)
    codes = [_new_code() for _ in range(CODES)]
    session.add_all(
        RecoveryCode(digest=_digest(key, account_id, code), account_id=account_id) for code in codes
    )
    return codes


def remove_all(session: Session, account_id: UUID) -> None:
    """Take every code on paper from an account."""
    session.execute(delete(RecoveryCode).where(RecoveryCode.account_id == account_id))


def use(session: Session, vault: Vault, account_id: UUID, code: str, now: datetime) -> bool:
    """Use up a code on paper; False where it is none of this account, or was used."""
    wanted = _digest(index_key(session, vault), account_id, code)
    done = session.execute(
        update(RecoveryCode)
        .where(RecoveryCode.digest == wanted, RecoveryCode.used_at.is_(None))
        .values(used_at=now)
        .returning(RecoveryCode.account_id)
    )
    return done.first() is not None


def count_left(session: Session, account_id: UUID) -> int:
    """Return how many codes on paper can still be used."""
    left = select(func.count()).select_from(RecoveryCode)
    return session.scalars(
        left.where(RecoveryCode.account_id == account_id, RecoveryCode.used_at.is_(None))
    ).one()


def _new_code() -> str:
    groups = ("".join(secrets.choice(LETTERS) for _ in range(GROUP)) for _ in range(GROUPS))
    return "-".join(groups)


def _digest(key: bytes, account_id: UUID, code: str) -> bytes:
    plain = "".join(each for each in code.casefold() if each.isalnum())
    return digest(key, f"recovery {account_id}", plain)
