"""The addresses that published resources lead to, by keyed digests, as they were last found."""

from datetime import date, datetime
from uuid import UUID

from sqlalchemy import ForeignKey, LargeBinary, SmallInteger
from sqlalchemy.orm import Mapped, mapped_column

from app.models.base import Base


class ResourceLink(Base):
    """An address of a resource. status: of its last answer over HTTP, None where there was none.

    unsure_since: nobody can say whether it is dead; failed_since: it is.
    """

    __tablename__ = "resource_link"

    resource_id: Mapped[UUID] = mapped_column(ForeignKey("resource_record.id"), primary_key=True)
    url_digest: Mapped[bytes] = mapped_column(LargeBinary, primary_key=True)
    looked_at: Mapped[datetime]
    status: Mapped[int | None] = mapped_column(SmallInteger)
    unsure_since: Mapped[date | None]
    failed_since: Mapped[date | None]
