"""Catalogues of resources that somebody had read, sealed; the public login reads none of them."""

from datetime import datetime
from typing import Literal
from uuid import UUID, uuid4

from sqlalchemy import CheckConstraint, LargeBinary, Text
from sqlalchemy.orm import Mapped, mapped_column

from app.models.base import Base

ImportStatus = Literal["read", "applying", "applied", "undoing", "undone", "dropped"]


class ResourceImport(Base):
    """A catalogue: what would be written of it, and what was. plan: sealed JSON of both."""

    __tablename__ = "resource_import"
    __table_args__ = (
        CheckConstraint(
            "status IN ('read', 'applying', 'applied', 'undoing', 'undone', 'dropped')",
            name="status",
        ),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True, default=uuid4)
    made_at: Mapped[datetime] = mapped_column(index=True)
    who: Mapped[str]
    plan: Mapped[bytes] = mapped_column(LargeBinary)
    status: Mapped[ImportStatus] = mapped_column(Text)
    applied_at: Mapped[datetime | None]
    undone_at: Mapped[datetime | None]
