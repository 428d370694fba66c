"""Who is sent the letter, and what they ask by the links of its mails; staff alone reads it."""

from datetime import date, datetime
from typing import Literal
from uuid import UUID, uuid4

from sqlalchemy import CheckConstraint, LargeBinary, SmallInteger, Text, false, func, text
from sqlalchemy.orm import Mapped, mapped_column

from app.models.base import Base

# How often somebody is written to: with each letter, or once in a quarter at most.
Rhythm = Literal["each", "quarterly"]
# Bytes of a sealed act: the link, what was asked by it, and the text that was shown.
LARGEST_ACT = 2_000


class LetterSubscriber(Base):
    """Somebody who asked for the letter. content: sealed JSON {mail, shown}, the text that they
    agreed to.

    mailbox: keyed digest of it. wanted_at: when somebody last asked for it; asked_at: when they
    were last asked whether they did, noted before that mail is handed over, or passed over since
    they took their address back; going: nobody knows whether it left. confirmed_at: when they said
    so. link_only: their mails hold a link and nothing else. refusals: how often in a row their
    server said that it never takes a letter; suspended_at: since when they are not written to for
    that. sent_on: the day of their last letter. tried_at: when what asks them last did not open, or
    was not taken.
    """

    __tablename__ = "letter_subscriber"
    __table_args__ = (CheckConstraint("rhythm IN ('each', 'quarterly')", name="rhythm"),)

    id: Mapped[UUID] = mapped_column(primary_key=True, default=uuid4)
    mailbox: Mapped[bytes] = mapped_column(LargeBinary, unique=True)
    content: Mapped[bytes] = mapped_column(LargeBinary)
    wanted_at: Mapped[datetime]
    asked_at: Mapped[datetime | None]
    going: Mapped[bool] = mapped_column(default=False, server_default=false())
    confirmed_at: Mapped[datetime | None]
    rhythm: Mapped[Rhythm] = mapped_column(Text, default="each", server_default="each")
    link_only: Mapped[bool] = mapped_column(default=False, server_default=false())
    refusals: Mapped[int] = mapped_column(SmallInteger, default=0, server_default=text("0"))
    suspended_at: Mapped[datetime | None]
    sent_on: Mapped[date | None]
    tried_at: Mapped[datetime | None]


class LinkKey(Base):
    """public: the half by which public pages know a link of a mail as ours (Ed25519)."""

    __tablename__ = "link_key"

    public: Mapped[bytes] = mapped_column(LargeBinary, primary_key=True)
    made_at: Mapped[datetime] = mapped_column(server_default=func.now())


class MailAct(Base):
    """What somebody asked by the link of a mail, until the worker does it.

    subject: the subscription that the link is of; who adds a row reads neither. box: the link, and
    what was asked, sealed by the public half of an InboxKey. Of one subscription the last stays.
    """

    __tablename__ = "mail_act"
    __table_args__ = (
        CheckConstraint(f"octet_length(box) BETWEEN 48 AND {LARGEST_ACT}", name="box"),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True, server_default=func.gen_random_uuid())
    at: Mapped[datetime] = mapped_column(server_default=func.clock_timestamp())
    subject: Mapped[UUID] = mapped_column(index=True)
    box: Mapped[bytes] = mapped_column(LargeBinary)
