"""Lists that were deposited at the desk."""

from datetime import datetime
from typing import Any, Literal
from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKey, LargeBinary, Text, func, text
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import Mapped, mapped_column

from app.models.base import Base

State = Literal["checking", "ready", "applying", "applied", "cancelled", "refused"]


class Deposit(Base):
    """A file that somebody deposited. who: did the last deed to it, an account's id.

    whole: what it does not name is missing. done, lines: how far it is read. counts: of its plan.
    content: sealed JSON of what its page shows. error: the class of one that stopped its job.
    """

    __tablename__ = "deposit"
    __table_args__ = (
        CheckConstraint(
            "state IN ('checking', 'ready', 'applying', 'applied', 'cancelled', 'refused')",
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
    error: Mapped[str | None]
    # Since when it stands so.
    at: Mapped[datetime] = mapped_column(server_default=func.now())
