"""What members of the network write to each other, whom they block, and whom they report."""

from datetime import datetime
from typing import Literal
from uuid import UUID, uuid4

from sqlalchemy import CheckConstraint, Computed, ForeignKey, LargeBinary, Text
from sqlalchemy.orm import Mapped, mapped_column

from app.models.base import Base

MessageState = Literal["waits", "going", "left", "doubt", "never"]


class MemberMessage(Base):
    """A text of a member to another one. content: sealed JSON {text}; None once it is erased.

    state: going is noted before it is handed over, and it is not sent again; doubt: nobody knows
    whether it left. at: since when that is so.
    """

    __tablename__ = "member_message"
    __table_args__ = (
        CheckConstraint("state IN ('waits', 'going', 'left', 'doubt', 'never')", name="state"),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True, default=uuid4)
    sender_id: Mapped[UUID] = mapped_column(
        ForeignKey("account.id", ondelete="CASCADE"), index=True
    )
    recipient_id: Mapped[UUID] = mapped_column(
        ForeignKey("account.id", ondelete="CASCADE"), index=True
    )
    content: Mapped[bytes | None] = mapped_column(LargeBinary)
    made_at: Mapped[datetime]
    state: Mapped[MessageState] = mapped_column(Text)
    at: Mapped[datetime]


class MemberBlock(Base):
    """Somebody whom a member wants no text of. both: whom, as the register of withdrawals says."""

    __tablename__ = "member_block"

    account_id: Mapped[UUID] = mapped_column(
        ForeignKey("account.id", ondelete="CASCADE"), primary_key=True
    )
    blocked_id: Mapped[UUID] = mapped_column(
        ForeignKey("account.id", ondelete="CASCADE"), primary_key=True, index=True
    )
    made_at: Mapped[datetime]
    both: Mapped[str] = mapped_column(
        Text, Computed("account_id::text || ' ' || blocked_id::text", persisted=True)
    )


class MemberReport(Base):
    """A member whom another one reports to the desk; id: of the message that it is about.

    content: sealed JSON {why, text}; text: "" unless who reports attached it.
    """

    __tablename__ = "member_report"

    id: Mapped[UUID] = mapped_column(primary_key=True)
    sender_id: Mapped[UUID] = mapped_column(
        ForeignKey("account.id", ondelete="CASCADE"), index=True
    )
    recipient_id: Mapped[UUID] = mapped_column(
        ForeignKey("account.id", ondelete="CASCADE"), index=True
    )
    content: Mapped[bytes] = mapped_column(LargeBinary)
    made_at: Mapped[datetime]
    decided_at: Mapped[datetime | None]
    decided_by: Mapped[str | None]
