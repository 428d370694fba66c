"""Addresses that were invited to the network, and those that want no invitation."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import CheckConstraint, LargeBinary, Text
from sqlalchemy.orm import Mapped, mapped_column

from app.models.base import Base
from app.models.member_message import MessageState


class NetworkInvitation(Base):
    """An address that is invited. id: the half of its keyed digest. content: sealed JSON {mail},
    until the one mail left. state, at: as those of a MemberMessage.
    """

    __tablename__ = "network_invitation"
    __table_args__ = (
        CheckConstraint("state IN ('waits', 'going', 'left', 'doubt', 'never')", name="state"),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True)
    content: Mapped[bytes | None] = mapped_column(LargeBinary)
    made_at: Mapped[datetime]
    made_by: Mapped[str]
    state: Mapped[MessageState] = mapped_column(Text)
    at: Mapped[datetime]


class InvitationRefusal(Base):
    """An address that wants no invitation; id: as that of one."""

    __tablename__ = "invitation_refusal"

    id: Mapped[UUID] = mapped_column(primary_key=True)
    made_at: Mapped[datetime]
