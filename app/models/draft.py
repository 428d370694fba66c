"""What somebody began to write in a form of the desk, and has not saved yet."""

from datetime import datetime
from uuid import UUID, uuid4

from sqlalchemy import ForeignKey, LargeBinary, UniqueConstraint, func
from sqlalchemy.orm import Mapped, mapped_column

from app.models.base import Base


class DeskDraft(Base):
    """The last state of a person's form of an actor; actor_id: None of one to be created.

    content: sealed JSON {entered, based_on}.
    """

    __tablename__ = "desk_draft"
    __table_args__ = (
        UniqueConstraint("account_id", "actor_id", postgresql_nulls_not_distinct=True),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True, default=uuid4)
    account_id: Mapped[UUID] = mapped_column(ForeignKey("account.id"))
    actor_id: Mapped[UUID | None] = mapped_column(ForeignKey("actor.id"), index=True)
    content: Mapped[bytes] = mapped_column(LargeBinary)
    at: Mapped[datetime] = mapped_column(server_default=func.now(), index=True)
