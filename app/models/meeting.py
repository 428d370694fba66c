"""Meetings of departmental commissions, and what was confirmed there; staff alone may read it."""

from datetime import date, datetime
from uuid import UUID, uuid4

from sqlalchemy import CheckConstraint, ForeignKey, LargeBinary, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from app.models.base import Base


class CdlpMeeting(Base):
    """One meeting of the CDLP of a territory. day: of the meeting itself.

    actors: sealed JSON of what visitors could read as it was confirmed: public id -> missions, how
    fresh, days, whether its seat is there. No name and no address: who is protected since has
    another public id, and is found by none of them.
    """

    __tablename__ = "cdlp_meeting"
    __table_args__ = (
        UniqueConstraint("territory_code", "day"),
        CheckConstraint(
            "(confirmed_at IS NULL) = (confirmed_by IS NULL)"
            " AND (confirmed_at IS NULL) = (actors IS NULL)",
            name="confirmed",
        ),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True, default=uuid4)
    territory_code: Mapped[str] = mapped_column(ForeignKey("territory.code"))
    day: Mapped[date]
    made_at: Mapped[datetime]
    made_by: Mapped[str]
    confirmed_at: Mapped[datetime | None]
    confirmed_by: Mapped[str | None]
    actors: Mapped[bytes | None] = mapped_column(LargeBinary)
