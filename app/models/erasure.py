"""What was erased at somebody's request; the public login may read nothing of this module."""

from datetime import datetime
from typing import Any
from uuid import UUID, uuid4

from sqlalchemy import ForeignKey, LargeBinary, func
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import Mapped, mapped_column

from app.models.base import Base


class ErasureRequest(Base):
    """That something was erased, by whom and why, and never what. why: sealed text.

    counts: how much of what. done_at: null until nothing of it is left in the tables; purged_at:
    null until the files of the database are written anew.
    """

    __tablename__ = "erasure_request"

    id: Mapped[UUID] = mapped_column(primary_key=True, default=uuid4)
    at: Mapped[datetime] = mapped_column(server_default=func.now())
    who: Mapped[str]
    why: Mapped[bytes] = mapped_column(LargeBinary)
    counts: Mapped[dict[str, Any] | None] = mapped_column(JSONB)
    done_at: Mapped[datetime | None]
    purged_at: Mapped[datetime | None]


class ErasedMark(Base):
    """A keyed digest by which what was erased is known again, and dropped.

    purpose: "phone", "mail" or "words N" of a value; of an actor "id", "line" by which a list names
    it, and kinds of its marks (app/records/erased.py).
    """

    __tablename__ = "erased_mark"

    request_id: Mapped[UUID] = mapped_column(ForeignKey("erasure_request.id"), primary_key=True)
    purpose: Mapped[str] = mapped_column(primary_key=True)
    digest: Mapped[bytes] = mapped_column(LargeBinary, primary_key=True)
