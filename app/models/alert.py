"""Searches that members are told of, and when somebody or something was first seen public."""

from datetime import datetime
from typing import Literal
from uuid import UUID, uuid4

from sqlalchemy import CheckConstraint, ForeignKey, Index, LargeBinary, Text, UniqueConstraint, func
from sqlalchemy.orm import Mapped, mapped_column

from app.models.base import Base

Domain = Literal["acteurs", "ressources", "agenda"]
Rhythm = Literal["aussitot", "semaine", "mois"]
IS_DOMAIN = "domain IN ('acteurs', 'ressources', 'agenda')"


class Alert(Base):
    """A search that a member is told of. content: sealed JSON {query}.

    digest: keyed, of whose it is and what it asks. since: what was first seen until then was told.
    sent_at: when it was last written to, or made. going_at: until when the mail tells that is on
    its way. refusals: of their mail server, one after the other.
    """

    __tablename__ = "alert"
    __table_args__ = (
        UniqueConstraint("account_id", "digest"),
        CheckConstraint(IS_DOMAIN, name="domain"),
        CheckConstraint("rhythm IN ('aussitot', 'semaine', 'mois')", name="rhythm"),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True, default=uuid4)
    account_id: Mapped[UUID] = mapped_column(
        ForeignKey("network_member.account_id", ondelete="CASCADE")
    )
    domain: Mapped[Domain] = mapped_column(Text)
    content: Mapped[bytes] = mapped_column(LargeBinary)
    digest: Mapped[bytes] = mapped_column(LargeBinary)
    rhythm: Mapped[Rhythm] = mapped_column(Text)
    made_at: Mapped[datetime] = mapped_column(server_default=func.now())
    since: Mapped[datetime]
    sent_at: Mapped[datetime]
    going_at: Mapped[datetime | None]
    refusals: Mapped[int] = mapped_column(default=0, server_default="0")


class FirstSeen(Base):
    """When an actor, a resource or an event was first seen to be read by members.

    It stays as long as its public id does: what is published again is no news. Of a protected
    actor, whose id is another one, there is none.
    """

    __tablename__ = "first_seen"
    __table_args__ = (
        CheckConstraint(IS_DOMAIN, name="domain"),
        Index("ix_first_seen_at", "domain", "at"),
    )

    domain: Mapped[Domain] = mapped_column(Text, primary_key=True)
    public_id: Mapped[str] = mapped_column(primary_key=True)
    at: Mapped[datetime]
