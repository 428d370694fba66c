"""Actors that their list names no more, and of whom somebody said that they stay as they are.

What is answered of them stands on the line of the list that misses them, and stays there once the
list is applied. The newest answer holds in the next lists of the source, unless one named the actor
again; it is forgotten with the page of its list.
"""

from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, Select, and_, exists, func, join, or_, select
from sqlalchemy.dialects.postgresql import distinct_on
from sqlalchemy.orm import Session, aliased

from app.models import Deposit, DepositLine, SourceFile, SourceRecord

_MISSING = DepositLine.outcome == "missing"
STAYS = and_(_MISSING, func.coalesce(DepositLine.decision, "") == "reject")
# Whoever took an answer back stands on its line as well: that is the newest one then.
ANSWERED = and_(_MISSING, or_(DepositLine.decision.is_not(None), DepositLine.who.is_not(None)))


def staying(session: Session, deposit: UUID) -> dict[UUID, dict[str, Any]]:
    """Return of which actors the applied lists of a source say that they stay: who said so, when.

    deposit: a list of the source, whose own answers are newer: an actor of whom it has one that is
    not "stays" is left out.
    """
    source = select(SourceFile.source_id).where(SourceFile.id == deposit).scalar_subquery()
    newest = (
        select(DepositLine.actor_id, DepositLine.decision, DepositLine.who, DepositLine.at)
        .join(SourceFile, SourceFile.id == DepositLine.file_id)
        .join(Deposit, Deposit.file_id == SourceFile.id)
        .where(SourceFile.source_id == source, Deposit.state == "applied", ANSWERED)
        .where(~named_since(), DepositLine.actor_id.not_in(_said_otherwise(deposit)))
        .ext(distinct_on(DepositLine.actor_id))
        .order_by(DepositLine.actor_id, DepositLine.at.desc(), SourceFile.imported_at.desc())
    )
    found = map(dict, session.execute(newest).mappings())
    return {row.pop("actor_id"): row for row in found if row["decision"] == "reject"}


def _said_otherwise(deposit: UUID) -> Select[UUID | None]:
    """Return of which actors a list says something else itself: an answer that was taken back, or
    one that is to be given anew as well.
    """
    return select(DepositLine.actor_id).where(
        *(DepositLine.file_id == deposit, DepositLine.actor_id.is_not(None), _MISSING, ~STAYS),
        or_(ANSWERED, DepositLine.reread),
    )


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
