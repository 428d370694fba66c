"""Actors that their list names no more, and of whom somebody said that they stay as they are.

The answer stands on the line of the list that misses them, and stays there once the list is
applied. It holds in the next list of the source, unless a partial one named the actor again, and so
from list to list; it is forgotten with the page of its list.
"""

from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, and_, exists, func, join, or_, select
from sqlalchemy.orm import Session, aliased

from app.models import Deposit, DepositLine, SourceFile, SourceRecord

STAYS = and_(DepositLine.outcome == "missing", func.coalesce(DepositLine.decision, "") == "reject")


def staying(session: Session, deposit: UUID) -> dict[UUID, dict[str, Any]]:
    """Return of which actors the last list of a source says that they stay: who said so, and when.

    deposit: one of the source, where nothing is decided yet.
    """
    if session.scalar(select(DepositLine.id).where(DepositLine.file_id == deposit).limit(1)):
        return {}
    source = select(SourceFile.source_id).where(SourceFile.id == deposit).scalar_subquery()
    # The last list that says who is missing: of whom it says it no more, it was taken back there.
    last = (
        select(Deposit.file_id)
        .join(SourceFile, SourceFile.id == Deposit.file_id)
        .where(SourceFile.source_id == source, Deposit.state == "applied", Deposit.whole.is_(True))
        .order_by(SourceFile.imported_at.desc().nulls_last())
        .limit(1)
        .scalar_subquery()
    )
    said = (
        select(DepositLine.actor_id, DepositLine.decision, DepositLine.who, DepositLine.at)
        .join(SourceFile, SourceFile.id == DepositLine.file_id)
        .where(STAYS, DepositLine.file_id == last, ~named_since())
    )
    return {row.pop("actor_id"): row for row in map(dict, session.execute(said).mappings())}


def named_since() -> ColumnElement[bool]:
    """Return whether a newer list of its source names the actor of a missing line again."""
    named_by = aliased(SourceFile)
    return (
        exists()
        .select_from(join(SourceRecord, named_by, named_by.id == SourceRecord.last_file_id))
        .where(
            SourceRecord.source_id == SourceFile.source_id,
            SourceRecord.actor_id == DepositLine.actor_id,
            # The list that misses an actor is newer than the one that named it last.
            or_(
                SourceRecord.missing_since.is_(None),
                named_by.imported_at > SourceFile.imported_at,
            ),
        )
        .correlate(SourceFile, DepositLine)
    )
