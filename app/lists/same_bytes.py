"""The same bytes of a source, deposited once more: which of its deposits say all that they say."""

import hashlib
from collections.abc import Collection, Sequence
from uuid import UUID

from sqlalchemy import ColumnElement, Row, exists, func, outerjoin, select
from sqlalchemy.orm import Session, aliased

from app.models import Deposit, Source, SourceFile
from app.models.deposit import State
from app.platform.database.sessions import among

# Of one that stands so, nothing new is said by the same bytes.
_LIVE: tuple[State, ...] = ("checking", "ready", "applying", "applied")


def find_same(
    session: Session, sources: Collection[UUID], data: bytes
) -> Sequence[Row[UUID, bool]]:
    """Return the deposits of the same bytes in some sources, file_id and whole, the latest first.

    Of those alone of which all was applied, and nothing newer of their source.
    """
    return session.execute(
        select(Deposit.file_id, Deposit.whole)
        .join(SourceFile, SourceFile.id == Deposit.file_id)
        .where(
            among(SourceFile.source_id, sources),
            SourceFile.sha256 == hashlib.sha256(data).digest(),
            Deposit.state.in_(_LIVE),
            ~_overtaken(),
            ~_left_some(),
            ~_read_otherwise(),
        )
        .order_by(SourceFile.received_at.desc())
    ).all()


def _overtaken() -> ColumnElement[bool]:
    """Return which applied deposits, joined with their files, a newer file of their source follows.

    A file of a command is applied as it is received.
    """
    other, its = aliased(SourceFile), aliased(Deposit)
    newer = (
        exists()
        .select_from(outerjoin(other, its, its.file_id == other.id))
        .where(
            other.source_id == SourceFile.source_id,
            other.id != Deposit.file_id,
            other.status == "imported",
            func.coalesce(other.imported_at, its.at, other.received_at)
            > func.coalesce(SourceFile.imported_at, Deposit.at),
        )
    )
    return (Deposit.state == "applied") & newer.correlate(Deposit, SourceFile)


def _left_some() -> ColumnElement[bool]:
    """Return which applied deposits left lines out: the same file is then read anew."""
    left = func.coalesce(Deposit.counts["left"].as_integer(), 0)
    return (Deposit.state == "applied") & (left > 0)


def _read_otherwise() -> ColumnElement[bool]:
    """Return which applied deposits were read before somebody chose how their source is read."""
    chosen = exists().where(Source.id == SourceFile.source_id, Source.mapped_at > Deposit.at)
    return (Deposit.state == "applied") & chosen.correlate(Deposit, SourceFile)
