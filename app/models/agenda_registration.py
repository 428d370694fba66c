"""Who comes to an event; staff alone may read it."""

from datetime import datetime
from typing import Literal
from uuid import UUID, uuid4

from sqlalchemy import CheckConstraint, ForeignKey, LargeBinary, Text, UniqueConstraint, false
from sqlalchemy.orm import Mapped, mapped_column

from app.models.base import Base

# The last mail that somebody was sent.
Letter = Literal["", "asked", "linked", "reminded", "cancelled"]


class AgendaRegistration(Base):
    """Somebody who asked to come to an event. content: sealed JSON {mail}.

    mailbox: keyed digest of it. account_id: of a member who comes by their account, as long as they
    are one. token: SHA-256 of what the link of their last mail holds.
    confirmed_at: when they said by that link that they come. letter: noted before it is handed
    over; going: nobody knows whether it left since, and it is not sent again. tried_at: when one
    last did not open, or was not taken.
    """

    __tablename__ = "agenda_registration"
    __table_args__ = (
        UniqueConstraint("record_id", "mailbox"),
        CheckConstraint(
            "letter IN ('', 'asked', 'linked', 'reminded', 'cancelled')", name="letter"
        ),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True, default=uuid4)
    record_id: Mapped[UUID] = mapped_column(ForeignKey("agenda_record.id", ondelete="CASCADE"))
    account_id: Mapped[UUID | None] = mapped_column(ForeignKey("account.id"), index=True)
    mailbox: Mapped[bytes] = mapped_column(LargeBinary, index=True)
    content: Mapped[bytes] = mapped_column(LargeBinary)
    token: Mapped[bytes | None] = mapped_column(LargeBinary, unique=True)
    received_at: Mapped[datetime]
    confirmed_at: Mapped[datetime | None]
    letter: Mapped[Letter] = mapped_column(Text, default="", server_default="")
    letter_at: Mapped[datetime | None]
    going: Mapped[bool] = mapped_column(default=False, server_default=false())
    tried_at: Mapped[datetime | None]
