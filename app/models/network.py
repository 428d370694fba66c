"""Members of the network of professionals, and what they write of themselves, sealed."""

from datetime import date, datetime
from uuid import UUID, uuid4

from sqlalchemy import ForeignKey, LargeBinary, false, func
from sqlalchemy.orm import Mapped, mapped_column

from app.models.base import Base

# Day of the charter that holds: whoever accepted another one is no member until they accept this.
CHARTER_ON = date(2026, 12, 1)


class NetworkMember(Base):
    """A professional who accepted the charter, or who was excluded.

    charter_on: of the charter that they accepted; None once they left. profile: sealed JSON.
    actor_id: whom they work for, as they chose from what they may read. masked: a text of it names
    somebody hidden, and nobody else reads any. narrowed_at: when it last said less, or to fewer.
    saves: how often it was written since saves_since.
    """

    __tablename__ = "network_member"

    account_id: Mapped[UUID] = mapped_column(
        ForeignKey("account.id", ondelete="CASCADE"), primary_key=True
    )
    charter_on: Mapped[date | None]
    accepted_at: Mapped[datetime | None]
    profile: Mapped[bytes | None] = mapped_column(LargeBinary)
    actor_id: Mapped[UUID | None] = mapped_column(
        ForeignKey("actor.id", ondelete="SET NULL"), index=True
    )
    masked: Mapped[bool] = mapped_column(default=False, server_default=false())
    changed_at: Mapped[datetime] = mapped_column(server_default=func.now())
    narrowed_at: Mapped[datetime | None]
    blocked_at: Mapped[datetime | None]
    saves: Mapped[int] = mapped_column(default=0, server_default="0")
    saves_since: Mapped[datetime | None]


class NetworkMark(Base):
    """Keyed digest of an address, a number… that a text of a member names."""

    __tablename__ = "network_mark"

    account_id: Mapped[UUID] = mapped_column(
        ForeignKey("network_member.account_id", ondelete="CASCADE"), primary_key=True
    )
    digest: Mapped[bytes] = mapped_column(LargeBinary, primary_key=True, index=True)


class MemberCalendar(Base):
    """The address of a member's own calendar. token: SHA-256 of what it holds."""

    __tablename__ = "member_calendar"

    id: Mapped[UUID] = mapped_column(primary_key=True, default=uuid4)
    account_id: Mapped[UUID] = mapped_column(
        ForeignKey("network_member.account_id", ondelete="CASCADE"), unique=True
    )
    token: Mapped[bytes] = mapped_column(LargeBinary, unique=True)
    made_at: Mapped[datetime]
