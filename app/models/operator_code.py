"""Codes by which operators hide their own records; the public login may read nothing of them."""

from datetime import datetime
from uuid import UUID, uuid4

from sqlalchemy import CheckConstraint, ForeignKey, LargeBinary
from sqlalchemy.orm import Mapped, mapped_column

from app.models.base import Base


class OperatorCode(Base):
    """A code of an actor's operator, until somebody revokes it, which deletes it.

    label: sealed, which of the operator's people holds it. made_by: an account. link: SHA-256 of
    what the link holds that shows the code once. digest: keyed, of the code, once it was shown.
    asked_at: since when its actor waits to be hidden, while a list is written. used_at: the last
    time.
    """

    __tablename__ = "operator_code"
    __table_args__ = (
        CheckConstraint(
            "(digest IS NULL) = (shown_at IS NULL) AND (link IS NULL) = (digest IS NOT NULL)",
            name="shown",
        ),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True, default=uuid4)
    actor_id: Mapped[UUID] = mapped_column(ForeignKey("actor.id"), index=True)
    label: Mapped[bytes] = mapped_column(LargeBinary)
    made_at: Mapped[datetime]
    made_by: Mapped[str]
    link: Mapped[bytes | None] = mapped_column(LargeBinary, unique=True)
    link_ends_at: Mapped[datetime]
    digest: Mapped[bytes | None] = mapped_column(LargeBinary, unique=True)
    shown_at: Mapped[datetime | None]
    asked_at: Mapped[datetime | None]
    used_at: Mapped[datetime | None]
