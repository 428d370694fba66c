"""Letters: as the desk has them, sealed, what readers have of them, and to whom each goes."""

from datetime import datetime
from typing import Any, Literal
from uuid import UUID, uuid4

from sqlalchemy import CheckConstraint, ForeignKey, LargeBinary, SmallInteger, Text, false
from sqlalchemy import text as sql
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import Mapped, mapped_column

from app.models.base import Base, Texts

# going: two people have read it, and it is sent. withdrawn: taken from its readers since.
LetterStatus = Literal["draft", "waiting", "going", "sent", "withdrawn"]
# going: a server is being told it. doubt: nobody ever learned whether it has it.
MailStatus = Literal["queued", "going", "gone", "doubt", "refused"]


class Letter(Base):
    """A letter. month: "2027-03", by which readers find it. content: sealed JSON of its blocks.

    writers: whoever wrote it, none of whom approves it. masked: its words name who was hidden
    since; nobody reads them any more. queued_at: since when it is known to whom it goes.
    """

    __tablename__ = "letter"
    __table_args__ = (
        CheckConstraint("month ~ '^20[0-9]{2}-(0[1-9]|1[0-2])$'", name="month"),
        CheckConstraint(
            "status IN ('draft', 'waiting', 'going', 'sent', 'withdrawn')", name="status"
        ),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True, default=uuid4)
    month: Mapped[str] = mapped_column(unique=True)
    status: Mapped[LetterStatus] = mapped_column(Text)
    masked: Mapped[bool] = mapped_column(default=False, server_default=false())
    content: Mapped[bytes] = mapped_column(LargeBinary)
    writers: Mapped[list[str]] = mapped_column(Texts(), server_default="{}")
    changed_at: Mapped[datetime]
    approved_by: Mapped[str | None]
    queued_at: Mapped[datetime | None]
    ended_at: Mapped[datetime | None]


class LetterIssue(Base):
    """What readers have of a letter that is sent. id: of its record.

    blocks: words of the desk, screened, and public ids of resources and events, each of which is
    read anew for whoever reads the letter.
    """

    __tablename__ = "letter_issue"

    id: Mapped[UUID] = mapped_column(ForeignKey("letter.id", ondelete="CASCADE"), primary_key=True)
    month: Mapped[str] = mapped_column(unique=True)
    blocks: Mapped[list[dict[str, Any]]] = mapped_column(JSONB)
    published_at: Mapped[datetime]


class LetterMark(Base):
    """Keyed digest of an address, a number… that the words of a letter name."""

    __tablename__ = "letter_mark"

    letter_id: Mapped[UUID] = mapped_column(
        ForeignKey("letter.id", ondelete="CASCADE"), primary_key=True
    )
    digest: Mapped[bytes] = mapped_column(LargeBinary, primary_key=True, index=True)


class LetterMail(Base):
    """One letter to one subscriber, who may have left since: no key ties them, or whoever leaves
    would wait for a mail server. mark: what its Message-ID holds, which nobody guesses.

    due_at: when it is tried, or tried again.
    """

    __tablename__ = "letter_mail"
    __table_args__ = (
        CheckConstraint("status IN ('queued', 'going', 'gone', 'doubt', 'refused')", name="status"),
    )

    letter_id: Mapped[UUID] = mapped_column(
        ForeignKey("letter.id", ondelete="CASCADE"), primary_key=True
    )
    subscriber_id: Mapped[UUID] = mapped_column(primary_key=True)
    mark: Mapped[bytes] = mapped_column(LargeBinary, unique=True)
    status: Mapped[MailStatus] = mapped_column(Text, default="queued", server_default="queued")
    tries: Mapped[int] = mapped_column(SmallInteger, default=0, server_default=sql("0"))
    due_at: Mapped[datetime]
