"""The end of the journal's oldest months, after the period of the table of retention."""

from datetime import datetime

from sqlalchemy import Engine, Select, delete, func, select

from app.audit.actions import Action
from app.audit.journal import AUDIT_LOCK, Author, add
from app.audit.signing import said_by, signing_key
from app.models import AuditAnchor, AuditEntry
from app.platform.database.sessions import hold, read, write
from app.vault.sealing import Vault
from geo.zones import PARIS_TIME


def ends_before(now: datetime, months: int) -> datetime:
    """Return the first moment of the oldest month that stays: whole months of Paris go."""
    local = now.astimezone(PARIS_TIME)
    count = local.year * 12 + local.month - 1 - months
    return datetime(count // 12, count % 12 + 1, 1, tzinfo=PARIS_TIME)


def due(before: datetime) -> Select[int]:
    """Return the statement that counts the entries that are older."""
    return select(func.count()).select_from(AuditEntry).where(AuditEntry.at < before)


def count_due(staff: Engine, before: datetime) -> int:
    """Return how many entries are older."""
    with read(staff) as session:
        return session.scalars(due(before)).one()


def prune(owner: Engine, vault: Vault, before: datetime, author: Author) -> int:
    """Cut what is older, as the owner, and leave a signed anchor; return how many entries.

    The anchor is committed with what it covers, and the cut is noted in what stays.
    """
    with write(owner) as session:
        hold(session, AUDIT_LOCK)
        # The one after it may be of an earlier moment, where a clock was set back.
        first_stays = session.scalar(
            select(func.min(AuditEntry.number)).where(AuditEntry.at >= before)
        )
        cut = select(AuditEntry).order_by(AuditEntry.number.desc()).limit(1)
        if first_stays is not None:
            cut = cut.where(AuditEntry.number < first_stays)
        last = session.scalar(cut)
        if last is None:
            return 0
        anchor = AuditAnchor(number=last.number, link=last.link, who=author.who)
        anchor.signature = signing_key(session, vault).sign(said_by(anchor))
        session.add(anchor)
        session.flush()
        session.expunge(last)
        gone = session.execute(
            delete(AuditEntry).where(AuditEntry.number <= anchor.number).returning(AuditEntry.id)
        )
        count = len(gone.all())
        add(session, vault, author, Action.PRUNED, detail={"entries": count})
    return count
