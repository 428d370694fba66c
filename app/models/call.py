"""Calls to actors: what came of each, and when the next one is; staff alone may read it."""

from datetime import date, datetime
from typing import Literal
from uuid import UUID, uuid4

from sqlalchemy import CheckConstraint, ForeignKey, Text
from sqlalchemy.orm import Mapped, mapped_column

from app.models.base import Base

Result = Literal["right", "corrected", "silent", "wrong"]


class ActorCall(Base):
    """One call. next_on: from when on somebody calls again, None where the sheet was confirmed.

    batch_id: of history, that renewed the day; report_id: the error that it reported.
    """

    __tablename__ = "actor_call"
    __table_args__ = (
        CheckConstraint("result IN ('right', 'corrected', 'silent', 'wrong')", name="result"),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True, default=uuid4)
    actor_id: Mapped[UUID] = mapped_column(ForeignKey("actor.id"), index=True)
    at: Mapped[datetime]
    who: Mapped[str]
    result: Mapped[Result] = mapped_column(Text)
    next_on: Mapped[date | None]
    batch_id: Mapped[UUID | None]
    report_id: Mapped[UUID | None]
