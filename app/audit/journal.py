"""One more entry of the journal: with the deed that it notes, or before something is shown.

Last in a short transaction, since whoever adds the next one waits until it ends.
"""

import json
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import NamedTuple
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
_GATHERED = "entries of the journal"
# Before the first entry of all.
NOTHING = b""


@dataclass(frozen=True, slots=True)
class Author:
    """Who acts: an account's id and its role, or "os:NAME" who typed a command, without a role."""

    who: str
    role: str = ""


class _Said(NamedTuple):
    author: Author
    action: Action
    subject: str
    detail: Mapping[str, object]


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
    said = _Said(author, action, subject, detail or {})
    gathered: list[_Said] | None = session.info.get(_GATHERED)
    if gathered is not None:
        gathered.append(said)
        return 0
    return _add(session, vault, [said])


@contextmanager
def gathered(session: Session, vault: Vault) -> Iterator[None]:
    """Add the entries of many deeds at their end: whoever adds another one waits for no deed.

    Within, add() returns no number.
    """
    session.info[_GATHERED] = entries = list[_Said]()
    try:
        yield
    finally:
        del session.info[_GATHERED]
    if entries:
        _add(session, vault, entries)


def _add(session: Session, vault: Vault, entries: Sequence[_Said]) -> int:
    session.flush()
    key = index_key(session, vault)
    hold(session, AUDIT_LOCK)
    number, before = last(session)
    at = session.scalars(select(func.clock_timestamp())).one()
    for each in entries:
        number += 1
        entry = AuditEntry(id=uuid4(), number=number, at=at, who=each.author.who)
        entry.role, entry.action = each.author.role, each.action.value
        entry.subject = each.subject
        said = json.dumps(each.detail, ensure_ascii=False, sort_keys=True).encode()
        entry.detail = vault.seal(TABLE, entry.id, COLUMN, said)
        entry.mac = mac_of(key, entry.number, said)
        entry.link = before = link_of(key, before, entry)
        session.add(entry)
    session.flush()
    return number


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
