"""What operators let professionals be told, and what each was told; staff alone read of it."""

from datetime import date, datetime
from typing import Literal
from uuid import UUID, uuid4

from sqlalchemy import CheckConstraint, ForeignKey, Index, LargeBinary, Text, text
from sqlalchemy.orm import Mapped, mapped_column

from app.models.base import Base

# Never; on agreement, each time; to any professional who was approved, at once.
Choice = Literal["never", "asked", "direct"]


def _of(key: str) -> ForeignKey:
    """Return what goes with an actor or an account, whichever release erases it."""
    return ForeignKey(key, ondelete="CASCADE")


class RevealChoice(Base):
    """What the operator of a place chose; nothing of it is told where there is none.

    entry: all that is told is the coordinator of a network who places the child, so that no address
    is ever told. by_operator: the operator said so, else GIP FEP in its name; on: the day of that.
    content: sealed JSON {source, number, mail}: how it was said, whom to call, E.164, and which
    mailbox is told of each reading. mark:
    keyed digest of the demands and decisions that hid the place as this was chosen; revision: the
    number of its last change then. made_by: an account. described_at: made_at where professionals
    may read its category, its ages and its missions; a release that does not know it changes that
    one alone, and nothing is described then.
    """

    __tablename__ = "reveal_choice"
    __table_args__ = (CheckConstraint("choice IN ('never', 'asked', 'direct')", name="choice"),)

    actor_id: Mapped[UUID] = mapped_column(
        ForeignKey("actor.id", ondelete="CASCADE"), primary_key=True
    )
    choice: Mapped[Choice] = mapped_column(Text)
    entry: Mapped[bool]
    by_operator: Mapped[bool]
    on: Mapped[date]
    content: Mapped[bytes] = mapped_column(LargeBinary)
    mark: Mapped[bytes] = mapped_column(LargeBinary)
    revision: Mapped[int]
    made_at: Mapped[datetime]
    made_by: Mapped[str]
    described_at: Mapped[datetime | None]


class Reveal(Base):
    """What a professional asked of a place, and was told for some hours.

    number: what they write into the child's file. motive, address_motive: codes of a list. sealed:
    SHA-256 of the sealed record as it was told, so that what is written since ends it. chosen_at:
    of the choice by which it was told. given_at: None while it waits for an agreement. decided_by:
    the account that agreed or refused. address_at: when the address was told as well. notified_at:
    when its operator was told by mail that it was given.
    """

    __tablename__ = "reveal"
    __table_args__ = (
        CheckConstraint("(address_at IS NULL) = (address_motive IS NULL)", name="address"),
        CheckConstraint("given_at IS NULL OR ends_at > given_at", name="ends"),
        # Of a place each of them may wait once.
        Index(
            "uq_reveal_waiting",
            "account_id",
            "actor_id",
            unique=True,
            postgresql_where=text("given_at IS NULL AND ended_at IS NULL"),
        ),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True, default=uuid4)
    actor_id: Mapped[UUID] = mapped_column(_of("actor.id"), index=True)
    account_id: Mapped[UUID] = mapped_column(
        ForeignKey("account.id", ondelete="CASCADE"), index=True
    )
    number: Mapped[str] = mapped_column(unique=True)
    motive: Mapped[str]
    address_motive: Mapped[str | None]
    sealed: Mapped[bytes] = mapped_column(LargeBinary)
    chosen_at: Mapped[datetime]
    asked_at: Mapped[datetime]
    given_at: Mapped[datetime | None]
    address_at: Mapped[datetime | None]
    ends_at: Mapped[datetime | None]
    ended_at: Mapped[datetime | None]
    decided_by: Mapped[str | None]
    notified_at: Mapped[datetime | None]
