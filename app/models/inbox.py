"""The inbox: what strangers write, sealed for the desk; who writes there may read nothing of it."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import CheckConstraint, LargeBinary, func, text
from sqlalchemy.orm import Mapped, mapped_column

from app.models.base import Base

# Bytes of a sealed message: a text of 1,000 characters of four bytes, and what stands around it.
LARGEST_BOX = 6_000


class InboxKey(Base):
    """What public pages need to write. public: the half that seals; stamp: signs their forms."""

    __tablename__ = "inbox_key"

    public: Mapped[bytes] = mapped_column(LargeBinary, primary_key=True)
    stamp: Mapped[bytes] = mapped_column(LargeBinary)
    made_at: Mapped[datetime] = mapped_column(server_default=func.now())


class InboxMessage(Base):
    """One message. network: keyed digest of where it came from, by a key that is stored nowhere.

    box: sealed by the public half of an InboxKey. unreadable: whether the desk tried in vain.
    registers: as it is added, for an event alone: another such digest, of the event and who comes;
    it is counted and not stored.
    """

    __tablename__ = "inbox_message"
    __table_args__ = (
        CheckConstraint("octet_length(network) = 16", name="network"),
        CheckConstraint(f"octet_length(box) BETWEEN 48 AND {LARGEST_BOX}", name="box"),
        CheckConstraint("registers IS NULL", name="registers"),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True, server_default=func.gen_random_uuid())
    received_at: Mapped[datetime] = mapped_column(server_default=func.now(), index=True)
    network: Mapped[bytes] = mapped_column(LargeBinary)
    box: Mapped[bytes] = mapped_column(LargeBinary)
    unreadable: Mapped[bool] = mapped_column(server_default=text("false"))
    registers: Mapped[bytes | None] = mapped_column(LargeBinary)


class InboxCount(Base):
    """How many messages came in an hour from a network; from everywhere where network is empty.

    Of registrations likewise, by names that no network has: limit_inbox().
    """

    __tablename__ = "inbox_count"

    hour: Mapped[datetime] = mapped_column(primary_key=True)
    network: Mapped[bytes] = mapped_column(LargeBinary, primary_key=True)
    count: Mapped[int]
