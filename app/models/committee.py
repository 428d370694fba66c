"""The closed place of a CDLP: who sits in it, and what is written there, sealed."""

from datetime import date, datetime
from uuid import UUID, uuid4

from sqlalchemy import CheckConstraint, ForeignKey, LargeBinary, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from app.models.base import Base


class CommitteeMember(Base):
    """Somebody who was invited to the CDLP of a territory, or who sits in it.

    mailbox: keyed digest of the address, as that of an account's login. content: sealed JSON
    {mail, function}. mailed_at: when the invitation left; tried_at: when a server was last asked
    to take it. account_id, joined_at: once they accept.
    """

    __tablename__ = "committee_member"
    __table_args__ = (
        UniqueConstraint("territory_code", "mailbox"),
        CheckConstraint("(account_id IS NULL) = (joined_at IS NULL)", name="joined"),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True, default=uuid4)
    territory_code: Mapped[str] = mapped_column(ForeignKey("territory.code"))
    mailbox: Mapped[bytes] = mapped_column(LargeBinary, index=True)
    content: Mapped[bytes] = mapped_column(LargeBinary)
    invited_at: Mapped[datetime]
    invited_by: Mapped[str]
    ends_at: Mapped[datetime]
    mailed_at: Mapped[datetime | None]
    tried_at: Mapped[datetime | None]
    account_id: Mapped[UUID | None] = mapped_column(
        ForeignKey("account.id", ondelete="CASCADE"), index=True
    )
    joined_at: Mapped[datetime | None]


class CommitteeAgenda(Base):
    """What a meeting of the CDLP is to speak of. content: sealed JSON {text}."""

    __tablename__ = "committee_agenda"

    meeting_id: Mapped[UUID] = mapped_column(
        ForeignKey("cdlp_meeting.id", ondelete="CASCADE"), primary_key=True
    )
    content: Mapped[bytes] = mapped_column(LargeBinary)
    changed_at: Mapped[datetime]
    changed_by: Mapped[str]


class CommitteeDecision(Base):
    """What a CDLP decided. day: of the meeting. content: sealed JSON {text}."""

    __tablename__ = "committee_decision"

    id: Mapped[UUID] = mapped_column(primary_key=True, default=uuid4)
    territory_code: Mapped[str] = mapped_column(ForeignKey("territory.code"), index=True)
    day: Mapped[date]
    content: Mapped[bytes] = mapped_column(LargeBinary)
    made_at: Mapped[datetime]
    made_by: Mapped[str]
