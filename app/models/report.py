"""Errors on public sheets, as visitors reported them; the public login may read none of it."""

from datetime import datetime
from typing import Literal
from uuid import UUID, uuid4

from sqlalchemy import CheckConstraint, ForeignKey, LargeBinary, Text
from sqlalchemy.orm import Mapped, mapped_column

from app.models.base import Base

# What is wrong with a sheet.
Wrong = Literal["phone", "closed", "address", "hours", "other"]


class Report(Base):
    """What a visitor says is wrong. actor_id: None where no actor has the id that they had.

    content: sealed JSON {actor, right, mail}, without mail once it was answered. decided_at: when
    somebody of the desk answered; accepted: whether the sheet was corrected for it.
    """

    __tablename__ = "report"
    __table_args__ = (
        CheckConstraint("wrong IN ('phone', 'closed', 'address', 'hours', 'other')", name="wrong"),
        CheckConstraint("(decided_at IS NULL) = (accepted IS NULL)", name="decided"),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True, default=uuid4)
    actor_id: Mapped[UUID | None] = mapped_column(ForeignKey("actor.id"), index=True)
    wrong: Mapped[Wrong] = mapped_column(Text)
    content: Mapped[bytes] = mapped_column(LargeBinary)
    received_at: Mapped[datetime]
    decided_at: Mapped[datetime | None]
    accepted: Mapped[bool | None]
    who: Mapped[str | None]
    answered_at: Mapped[datetime | None]
