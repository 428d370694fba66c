"""What must not be public of an actor; the public login may read nothing of this module."""

from datetime import date, datetime
from typing import Literal
from uuid import UUID

from sqlalchemy import (
    CheckConstraint,
    ForeignKey,
    Index,
    LargeBinary,
    SmallInteger,
    Text,
    func,
    text,
)
from sqlalchemy.orm import Mapped, mapped_column

from app.models.base import Base

# How much of an actor is hidden: its address; all but its family; all.
Level = Literal["held", "neutral", "unlisted"]
# Why somebody should look at a point: the geocoder found the way or the hamlet alone, answered what
# is not trusted, or nothing.
Doubt = Literal["street", "locality", "review", "rejected"]
# Of what marks a record has. A release that adds or changes one raises it, with a migration that
# makes it the default: records written before are marked anew (app/records/remarking.py).
MARKS_VERSION = 18


class ActorProtected(Base):
    """The whole record of an actor, sealed, one to one; the public record is a projection of it.

    causes: sealed JSON of why it is hidden. They name neighbours and words, so that nothing of them
    is in clear; null where a former release wrote the row, and then former_reason and
    former_decision (the day on which it was published) say what it knew.
    level: null where nothing is hidden. marks_version: of its marks in actor_fingerprint.
    point_doubt: of a point that is public, as long as nobody has said that it is right.
    due_on: when somebody has to confirm it again; null where a former release wrote the row.
    """

    __tablename__ = "actor_protected"
    __table_args__ = (
        CheckConstraint("level IN ('held', 'neutral', 'unlisted')", name="level"),
        CheckConstraint(
            "point_doubt IN ('street', 'locality', 'review', 'rejected')", name="point_doubt"
        ),
        # What is hidden is a small part, and is counted again and again.
        Index(
            "ix_actor_protected_level",
            "actor_id",
            "level",
            postgresql_where=text("level IS NOT NULL"),
        ),
        Index(
            "ix_actor_protected_point_doubt",
            "actor_id",
            "point_doubt",
            postgresql_where=text("point_doubt IS NOT NULL AND level IS NULL"),
        ),
    )

    actor_id: Mapped[UUID] = mapped_column(ForeignKey("actor.id"), primary_key=True)
    level: Mapped[Level | None] = mapped_column(Text)
    former_reason: Mapped[str | None]
    former_decision: Mapped[date | None]
    record: Mapped[bytes] = mapped_column(LargeBinary)
    causes: Mapped[bytes | None] = mapped_column(LargeBinary)
    marks_version: Mapped[int] = mapped_column(SmallInteger, server_default=str(MARKS_VERSION))
    point_doubt: Mapped[Doubt | None] = mapped_column(Text)
    due_on: Mapped[date | None] = mapped_column(index=True)


class ActorFingerprint(Base):
    """Keyed digests by which an identity, address, phone or number is found again, never read."""

    __tablename__ = "actor_fingerprint"
    __table_args__ = (Index("ix_actor_fingerprint_digest", "digest"),)

    actor_id: Mapped[UUID] = mapped_column(ForeignKey("actor.id"), primary_key=True)
    kind: Mapped[str] = mapped_column(primary_key=True)
    digest: Mapped[bytes] = mapped_column(LargeBinary, primary_key=True)


class Provenance(Base):
    """Where each field of an actor comes from: sealed JSON {field: {source, file, line, day}}."""

    __tablename__ = "provenance"

    actor_id: Mapped[UUID] = mapped_column(ForeignKey("actor.id"), primary_key=True)
    fields: Mapped[bytes] = mapped_column(LargeBinary)


class Geocoding(Base):
    """The last answer of the geocoder for an actor, sealed, and what was decided of it.

    confirmed_at: when a person said that the point which follows from it is right.
    """

    __tablename__ = "geocoding"

    actor_id: Mapped[UUID] = mapped_column(ForeignKey("actor.id"), primary_key=True)
    # Keyed digest of the question, so that a changed address is asked again.
    question: Mapped[bytes] = mapped_column(LargeBinary)
    decision: Mapped[str]
    answer: Mapped[bytes] = mapped_column(LargeBinary)
    confirmed_at: Mapped[datetime | None]
    at: Mapped[datetime] = mapped_column(server_default=func.now())


class SealedSecret(Base):
    """A secret of the service itself, sealed: the key of the digests outlives a change of keys."""

    __tablename__ = "sealed_secret"

    name: Mapped[str] = mapped_column(primary_key=True)
    value: Mapped[bytes] = mapped_column(LargeBinary)
