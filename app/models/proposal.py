"""What lists and the State propose, and a person decides; the public login may read none of it."""

from datetime import datetime
from typing import Literal
from uuid import UUID, uuid4

from sqlalchemy import CheckConstraint, ForeignKey, LargeBinary, Text, func
from sqlalchemy.orm import Mapped, mapped_column

from app.models.base import Base

About = Literal["consent", "same", "closed", "show"]


class Proposal(Base):
    """Something that somebody says and that must not be done by itself.

    about: "consent" (the operator agreed to be public), "same" (two actors are one), "closed" (the
    State says that an establishment is closed or has moved), or "show" (a curateur asks another one
    to publish what is hidden). subject:
    keyed digest of what is proposed, so that it is proposed once, and not again once decided.
    detail: sealed JSON, of the other actor as well: who may be who is in clear nowhere.
    """

    __tablename__ = "proposal"
    __table_args__ = (
        CheckConstraint("about IN ('consent', 'same', 'closed', 'show')", name="about"),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True, default=uuid4)
    about: Mapped[About] = mapped_column(Text)
    actor_id: Mapped[UUID] = mapped_column(ForeignKey("actor.id"), index=True)
    subject: Mapped[bytes] = mapped_column(LargeBinary, unique=True)
    detail: Mapped[bytes] = mapped_column(LargeBinary)
    made_at: Mapped[datetime] = mapped_column(server_default=func.now())
    # When a person last looked at it and left it for later.
    put_off_at: Mapped[datetime | None]
    decided_at: Mapped[datetime | None]
    accepted: Mapped[bool | None]
    who: Mapped[str | None]
