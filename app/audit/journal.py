"""One more entry of the journal: with the deed that it notes, or before something is shown.

Last in a short transaction, since whoever adds the next one waits until it ends.
"""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from uuid import uuid4

from sqlalchemy import Engine, Row, func, select
from sqlalchemy.orm import Session

from app.audit.actions import Action
from app.models import AuditAnchor, AuditEntry
from app.platform.database.sessions import hold, write
from app.vault.digests import digest, index_key
from app.vault.sealing import Vault

# Of those who add an entry one goes after the other.
AUDIT_LOCK = 230025
TABLE, COLUMN = AuditEntry.__tablename__, "detail"
# Before the first entry of all.
NOTHING = b""


@dataclass(frozen=True, slots=True)
class Author:
    """Who acts: an account's id and its role, or "os:NAME" who typed a command, without a role."""

    who: str
    role: str = ""


def note(
    engine: Engine,
    vault: Vault,
    author: Author,
    action: Action,
    subject: str = "",
    detail: Mapping[str, object] | None = None,
) -> int:
    """Add an entry in a transaction of its own: before something is shown; return its number."""
    with write(engine) as session:
        return add(session, vault, author, action, subject, detail)


def add(
    session: Session,
    vault: Vault,
    author: Author,
    action: Action,
    subject: str = "",
    detail: Mapping[str, object] | None = None,
) -> int:
    """Add an entry last in the transaction of the deed; return its number.

    subject: the id of what it was done to, never a name. detail: sealed.
    """
    session.flush()
    key = index_key(session, vault)
    hold(session, AUDIT_LOCK)
    number, before = last(session)
    entry = AuditEntry(
        id=uuid4(),
        number=number + 1,
        at=session.scalars(select(func.clock_timestamp())).one(),
        who=author.who,
        role=author.role,
        action=action.value,
        subject=subject,
    )
    said = json.dumps(detail or {}, ensure_ascii=False, sort_keys=True).encode()
    entry.detail = vault.seal(TABLE, entry.id, COLUMN, said)
    entry.mac = mac_of(key, entry.number, said)
    entry.link = link_of(key, before, entry)
    session.add(entry)
    session.flush()
    return entry.number


def last(session: Session) -> tuple[int, bytes]:
    """Return the number and the link that the next entry follows."""
    newest = select(AuditEntry.number, AuditEntry.link).order_by(AuditEntry.number.desc()).limit(1)
    cut = select(AuditAnchor.number, AuditAnchor.link).order_by(AuditAnchor.number.desc()).limit(1)
    found = session.execute(newest).first() or session.execute(cut).first()
    return (found.number, found.link) if found else (0, NOTHING)


def mac_of(key: bytes, number: int, said: bytes) -> bytes:
    """Return the keyed digest of what an entry seals."""
    return digest(key, f"audit {number}", said.decode("utf-8", "surrogatepass"))


def link_of(key: bytes, before: bytes, entry: AuditEntry | Row[tuple[object, ...]]) -> bytes:
    """Return the link of an entry to the one before it."""
    at: datetime = entry.at
    clear = [
        before.hex(),
        entry.number,
        at.astimezone(UTC).isoformat(timespec="microseconds"),
        *(entry.who, entry.role, entry.action, entry.subject),
        entry.mac.hex(),
    ]
    return digest(key, "audit link", json.dumps(clear, ensure_ascii=False))
