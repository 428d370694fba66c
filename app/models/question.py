"""What actors were asked about their own sheets; the public login may read nothing of it."""

from datetime import date, datetime
from typing import Literal
from uuid import UUID, uuid4

from sqlalchemy import CheckConstraint, ForeignKey, LargeBinary, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from app.models.base import Base

# What became of a question; none as long as its link can be used, and where nobody answered it.
Outcome = Literal["confirmed", "corrected", "bounced", "unreachable"]


class ActorQuestion(Base):
    """Whether a sheet is still right, asked of its actor once for each term.

    due_on: the term. token: SHA-256 of what the link of the mail holds. sent_at: None until a
    server took the mail. outcome: "unreachable" where no mailbox is known.
    """

    __tablename__ = "actor_question"
    __table_args__ = (
        UniqueConstraint("actor_id", "due_on"),
        CheckConstraint(
            "outcome IN ('confirmed', 'corrected', 'bounced', 'unreachable')", name="outcome"
        ),
        CheckConstraint("(outcome IS NULL) = (ended_at IS NULL)", name="ended"),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True, default=uuid4)
    actor_id: Mapped[UUID] = mapped_column(ForeignKey("actor.id"))
    due_on: Mapped[date]
    token: Mapped[bytes | None] = mapped_column(LargeBinary, unique=True)
    made_at: Mapped[datetime]
    sent_at: Mapped[datetime | None]
    ends_at: Mapped[datetime]
    outcome: Mapped[Outcome | None] = mapped_column(Text)
    ended_at: Mapped[datetime | None]
