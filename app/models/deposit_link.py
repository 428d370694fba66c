"""Links by which a list is sent without an account; the public login may read nothing of them."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import ForeignKey, LargeBinary
from sqlalchemy.orm import Mapped, mapped_column

from app.models.base import Base


class DepositLink(Base):
    """A link of a source, until it ends. token: SHA-256 of what it holds; made_by: an account."""

    __tablename__ = "deposit_link"

    id: Mapped[UUID] = mapped_column(primary_key=True)
    source_id: Mapped[UUID] = mapped_column(ForeignKey("source.id"), index=True)
    token: Mapped[bytes] = mapped_column(LargeBinary, unique=True)
    made_at: Mapped[datetime]
    made_by: Mapped[str]
    ends_at: Mapped[datetime]


class LinkReceipt(Base):
    """A file that came by a link. name: sealed, as its sender called it; size: bytes."""

    __tablename__ = "link_receipt"

    id: Mapped[UUID] = mapped_column(primary_key=True)
    link_id: Mapped[UUID] = mapped_column(
        ForeignKey("deposit_link.id", ondelete="CASCADE"), index=True
    )
    name: Mapped[bytes] = mapped_column(LargeBinary)
    size: Mapped[int]
    at: Mapped[datetime]
