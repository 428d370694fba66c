"""Lists that were deposited at the desk."""

from datetime import datetime
from typing import Any, Literal
from uuid import UUID

from sqlalchemy import (
    CheckConstraint,
    ForeignKey,
    Index,
    LargeBinary,
    SmallInteger,
    Text,
    UniqueConstraint,
    false,
    func,
    text,
)
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import Mapped, mapped_column

from app.models.base import Base, Texts

State = Literal[
    "checking", "ready", "applying", "applied", "cancelled", "refused", "undoing", "undone"
]
# Of a missing actor: archive it, keep it as it is, ask who sends the list.
Decision = Literal["accept", "reject", "later"]


class Deposit(Base):
    """A file that somebody deposited. who: did the last deed to it, an account's id.

    whole: what it does not name is missing. done, lines: how far it is read. counts: of its plan.
    content, handling: sealed JSON of its page, of who looks after it. corrected: of the cells that
    were corrected, and, once it is applied, of how the next list of its source is corrected.
    reading: sealed JSON of its lines as they were read, until it is applied or given up.
    """

    __tablename__ = "deposit"
    __table_args__ = (
        CheckConstraint(
            "state IN ('checking', 'ready', 'applying', 'applied', 'cancelled', 'refused',"
            " 'undoing', 'undone')",
            name="state",
        ),
    )

    file_id: Mapped[UUID] = mapped_column(ForeignKey("source_file.id"), primary_key=True)
    state: Mapped[State] = mapped_column(Text)
    who: Mapped[str]
    whole: Mapped[bool]
    done: Mapped[int] = mapped_column(server_default=text("0"))
    lines: Mapped[int] = mapped_column(server_default=text("0"))
    counts: Mapped[dict[str, Any] | None] = mapped_column(JSONB)
    content: Mapped[bytes | None] = mapped_column(LargeBinary)
    corrected: Mapped[bytes | None] = mapped_column(LargeBinary)
    handling: Mapped[bytes | None] = mapped_column(LargeBinary)
    # As large as the list: it is asked for by its name alone.
    reading: Mapped[bytes | None] = mapped_column(LargeBinary, deferred=True)
    error: Mapped[str | None]
    # Since when it stands so.
    at: Mapped[datetime] = mapped_column(server_default=func.now())


class DepositLine(Base):
    """What a line of a deposited list would change, until it is applied.

    Of one that is, those stay that say what was answered of whom it misses (app/lists/asked.py,
    staying.py).
    One that changes nothing stands here only if it is recalled: read with a correction of the list
    before.

    number: in the order of the page. sheet, line: none of a missing actor. category, commune: keyed
    digests, by which lines are narrowed; none of who is masked. fields: those that it changes, or
    of which it says otherwise than its actor, whose value stays. takes: some of these may be taken;
    of a missing actor, somebody answered that a line is it.
    masked: whoever it is about is hidden, and nothing of it is shown before it is opened. erases:
    it leaves blank what was said. turns: it touches a protection, by what it says or by what its
    actor is: a curateur decides. reread: it is not what it was as somebody decided of it, to a
    curateur alone where a decision stands beside it. mark: a keyed digest of what it would change;
    open_mark: of what of it whoever may not know of others reads, none of a missing actor.
    content: sealed JSON of what its page shows. pair: a keyed digest of the actors that it may be,
    as they were read beside it; answer: of a person, 0 for none of these, else the place of the one
    that it is.
    """

    __tablename__ = "deposit_line"
    __table_args__ = (
        UniqueConstraint("file_id", "number"),
        CheckConstraint(
            "outcome IN ('created', 'updated', 'doubtful', 'missing', 'rejected', 'ignored',"
            " 'unchanged', 'conflicting')",
            name="outcome",
        ),
        CheckConstraint("decision IN ('accept', 'reject', 'later')", name="decision"),
        CheckConstraint(
            "answer IS NULL OR (answer >= 0 AND pair IS NOT NULL"
            " AND decision IS NOT DISTINCT FROM 'accept')",
            name="answer",
        ),
        Index("ix_deposit_line_facets", "file_id", "outcome", "number"),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True)
    file_id: Mapped[UUID] = mapped_column(ForeignKey("deposit.file_id"))
    number: Mapped[int]
    sheet: Mapped[int | None]
    line: Mapped[int | None]
    outcome: Mapped[str] = mapped_column(Text)
    territory: Mapped[str | None] = mapped_column(Text)
    category: Mapped[bytes | None] = mapped_column(LargeBinary)
    commune: Mapped[bytes | None] = mapped_column(LargeBinary)
    fields: Mapped[list[str]] = mapped_column(Texts())
    actor_id: Mapped[UUID | None]
    masked: Mapped[bool]
    erases: Mapped[bool]
    turns: Mapped[bool]
    reread: Mapped[bool]
    recalled: Mapped[bool] = mapped_column(server_default=false())
    takes: Mapped[bool] = mapped_column(server_default=false())
    mark: Mapped[bytes] = mapped_column(LargeBinary)
    open_mark: Mapped[bytes | None] = mapped_column(LargeBinary)
    content: Mapped[bytes] = mapped_column(LargeBinary)
    decision: Mapped[Decision | None] = mapped_column(Text)
    who: Mapped[str | None]
    at: Mapped[datetime | None]
    pair: Mapped[bytes | None] = mapped_column(LargeBinary)
    answer: Mapped[int | None] = mapped_column(SmallInteger)
