"""How many mails whoever asks for accounts may have us send: to a mailbox, a domain, and in all.

A mail that waits for its turn is sent later, and nobody is told: what is said is the same always.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Literal

from sqlalchemy import ColumnElement, case, delete, func, select
from sqlalchemy.orm import Session

from app.models import AccessMail
from app.vault.digests import digest, index_key
from app.vault.sealing import Vault

HOUR, DAY = timedelta(hours=1), timedelta(days=1)
# Of each, whose mails are counted together, in how long, and how many there are at most. A server
# that says "later" once takes the second; an office in which many ask goes on in the next hour.
CAPS: tuple[tuple[Literal["mailbox", "domain", "all"], timedelta, int], ...] = (
    ("mailbox", HOUR, 3),
    ("mailbox", DAY, 6),
    ("domain", HOUR, 20),
    ("all", HOUR, 60),
)
# Where points in the name of a mailbox are read as if they were not there.
_WITHOUT_POINTS = frozenset({"gmail.com", "googlemail.com"})


@dataclass(frozen=True, slots=True)
class Counted:
    """By what a mail is counted: keyed digests of its mailbox, and of its domain."""

    mailbox: bytes
    domain: bytes


def counted_by(session: Session, vault: Vault, mail: str) -> Counted:
    """Return what an address is counted by: "camille+1@" is the mailbox of "camille@"."""
    local, _, domain = mail.strip().casefold().rpartition("@")
    local = local.partition("+")[0] or local
    if domain in _WITHOUT_POINTS:
        local, domain = local.replace(".", ""), "gmail.com"
    key = index_key(session, vault)
    mailbox = digest(key, "access mailbox", f"{local}@{domain}")
    return Counted(mailbox, digest(key, "access domain", domain))


def allows(session: Session, counted: Counted, now: datetime) -> bool:
    """Say whether another mail may be sent now."""
    asked = [
        func.count(case((_counts(whose, counted, now - period), 1))) for whose, period, _ in CAPS
    ]
    found = session.execute(select(*asked).where(AccessMail.at > now - DAY)).one()
    return all(sent < most for sent, (_, _, most) in zip(found, CAPS, strict=True))


def count(session: Session, counted: Counted, now: datetime) -> None:
    """Note that a mail was sent, or that its server was asked to take it."""
    session.add(AccessMail(at=now, mailbox=counted.mailbox, domain=counted.domain))


def forget_counted(session: Session, now: datetime) -> None:
    """Forget what no cap counts any more."""
    session.execute(delete(AccessMail).where(AccessMail.at <= now - DAY))


def _counts(whose: str, counted: Counted, since: datetime) -> ColumnElement[bool]:
    lately = AccessMail.at > since
    if whose == "mailbox":
        return lately & (AccessMail.mailbox == counted.mailbox)
    return lately & (AccessMail.domain == counted.domain) if whose == "domain" else lately
