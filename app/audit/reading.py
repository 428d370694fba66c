"""The journal as administrateurs read it: the latest first, by day, deed, person or subject."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, time, timedelta
from typing import Any

from sqlalchemy import Text, cast, or_, select
from sqlalchemy.orm import Session

from app.audit.actions import LABELS, OF_CONTACTS, WORDS, Action
from app.audit.journal import COLUMN, TABLE
from app.models import AuditEntry, Reveal
from app.vault.lenient import LABEL, leniently
from app.vault.sealing import Vault
from geo.zones import PARIS_TIME

AT_ONCE = 100


# So begins the number that a professional writes into a child's file.
CONTACT = "M23-"


@dataclass(frozen=True, slots=True)
class Wanted:
    """What is looked for. who: an account's id or "os:NAME". subject: an id, or the number of a
    contact, of which nothing else is looked for. before: a number, for older pages.
    """

    action: Action | None = None
    who: str = ""
    subject: str = ""
    day: date | None = None
    before: int | None = None


@dataclass(frozen=True, slots=True)
class Line:
    """An entry, its detail opened."""

    number: int
    at: datetime
    who: str
    role: str
    action: str
    subject: str
    detail: str


def lines(session: Session, vault: Vault, wanted: Wanted) -> Sequence[Line]:
    """Return up to AT_ONCE entries, the latest first; what of one does not open says so in its
    place. Raises KeyMissing where none does.
    """
    vault = leniently(session, vault)
    if (number := wanted.subject.strip().upper()).startswith(CONTACT):
        return _of_contact(session, vault, number)
    statement = select(AuditEntry).order_by(AuditEntry.number.desc()).limit(AT_ONCE)
    if wanted.action is not None:
        statement = statement.where(AuditEntry.action == wanted.action.value)
    if wanted.who:
        statement = statement.where(AuditEntry.who == wanted.who)
    if wanted.subject:
        statement = statement.where(AuditEntry.subject == wanted.subject)
    if wanted.day is not None:
        begins = datetime.combine(wanted.day, time(), PARIS_TIME)
        ends = datetime.combine(wanted.day + timedelta(days=1), time(), PARIS_TIME)
        statement = statement.where(AuditEntry.at >= begins, AuditEntry.at < ends)
    if wanted.before is not None:
        statement = statement.where(AuditEntry.number < wanted.before)
    return [_line(vault, entry) for entry in session.scalars(statement)]


def _of_contact(session: Session, vault: Vault, number: str) -> Sequence[Line]:
    """Return what was asked and given under the number in a child's file, as long as it is kept."""
    place = select(cast(Reveal.actor_id, Text)).where(Reveal.number == number).scalar_subquery()
    statement = (
        select(AuditEntry)
        .where(AuditEntry.subject == place, AuditEntry.action.in_(OF_CONTACTS))
        .order_by(AuditEntry.number.desc())
    )
    entries = session.scalars(statement).all()
    return [_line(vault, each) for each in entries if _detail(vault, each).get("number") == number]


def about(session: Session, vault: Vault, account_id: str) -> Sequence[Line]:
    """Return every entry of what an account did or what was done to it, the oldest first.

    Of a contact that was asked for, given or refused, its number alone: neither the place, by
    which two of them could be laid side by side, nor who asked.
    """
    its = or_(AuditEntry.who == account_id, AuditEntry.subject == account_id)
    statement = select(AuditEntry).where(its).order_by(AuditEntry.number)
    return [_without_place(vault, entry) for entry in session.scalars(statement)]


def _without_place(vault: Vault, entry: AuditEntry) -> Line:
    line = _line(vault, entry)
    if entry.action not in OF_CONTACTS:
        return line
    detail = _detail(vault, entry)
    number = {name: value for name, value in detail.items() if name in ("number", LABEL)}
    return replace(line, subject="", detail=_words(number))


def commands(session: Session) -> Sequence[str]:
    """Return who typed a command that the journal notes: "os:NAME", by name."""
    authors = select(AuditEntry.who).where(AuditEntry.who.startswith("os:")).distinct()
    return session.scalars(authors.order_by(AuditEntry.who)).all()


def _line(vault: Vault, entry: AuditEntry) -> Line:
    known = entry.action in list(Action)
    return Line(
        entry.number,
        entry.at,
        entry.who,
        entry.role,
        LABELS[Action(entry.action)] if known else entry.action,
        entry.subject,
        _words(_detail(vault, entry)),
    )


def _detail(vault: Vault, entry: AuditEntry) -> dict[str, Any]:
    opened: dict[str, Any] = vault.open_json(TABLE, entry.id, COLUMN, entry.detail)
    return opened


def _words(detail: dict[str, Any]) -> str:
    """Return a detail as text: "par : clé d’accès · essais : 10"."""
    parts = []
    for name, value in detail.items():
        values = value if isinstance(value, list) else [value]
        said = ", ".join(WORDS.get(str(each), str(each)) for each in values)
        if said:
            parts.append(f"{WORDS.get(name, name)} : {said}")
    return " · ".join(parts)
