"""Links that visitors propose to the resource centre; the public login may read none of them."""

from datetime import datetime
from uuid import UUID, uuid4

from sqlalchemy import CheckConstraint, ForeignKey, LargeBinary
from sqlalchemy.orm import Mapped, mapped_column

from app.models.base import Base


class ResourceProposal(Base):
    """A link, and why somebody proposes it. content: sealed JSON {url, title, why}.

    resource_id: the draft that a curateur made of it.
    """

    __tablename__ = "resource_proposal"
    __table_args__ = (
        CheckConstraint(
            "(decided_at IS NULL) = (accepted IS NULL) AND (decided_at IS NULL) = (who IS NULL)",
            name="decided",
        ),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True, default=uuid4)
    content: Mapped[bytes] = mapped_column(LargeBinary)
    received_at: Mapped[datetime] = mapped_column(index=True)
    decided_at: Mapped[datetime | None]
    accepted: Mapped[bool | None]
    who: Mapped[str | None]
    resource_id: Mapped[UUID | None] = mapped_column(ForeignKey("resource_record.id"))
