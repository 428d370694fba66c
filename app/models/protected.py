"""What must not be public of an actor; the public login may read nothing of this module."""

from datetime import date, datetime
from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKey, Index, LargeBinary, func
from sqlalchemy.orm import Mapped, mapped_column

from app.models.base import Base


class ActorProtected(Base):
    """The whole record of an actor, sealed, one to one; the public record is a projection of it.

    reason: why the public record is neutral ("category", "unknown", "shared", "decision"), or null.
    decided_on: day on which the operator agreed to a public address; sharing an address or a phone
    with a protected place no longer hides it.
    """

    __tablename__ = "actor_protected"
    __table_args__ = (
        CheckConstraint("reason IN ('category', 'unknown', 'shared', 'decision')", name="reason"),
    )

    actor_id: Mapped[UUID] = mapped_column(ForeignKey("actor.id"), primary_key=True)
    reason: Mapped[str | None]
    decided_on: Mapped[date | None]
    record: Mapped[bytes] = mapped_column(LargeBinary)


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
    """The last answer of the geocoder for an actor, sealed, and what was decided of it."""

    __tablename__ = "geocoding"

    actor_id: Mapped[UUID] = mapped_column(ForeignKey("actor.id"), primary_key=True)
    # Keyed digest of the question, so that a changed address is asked again.
    question: Mapped[bytes] = mapped_column(LargeBinary)
    decision: Mapped[str]
    answer: Mapped[bytes] = mapped_column(LargeBinary)
    at: Mapped[datetime] = mapped_column(server_default=func.now())


class SealedSecret(Base):
    """A secret of the service itself, sealed: the key of the digests outlives a change of keys."""

    __tablename__ = "sealed_secret"

    name: Mapped[str] = mapped_column(primary_key=True)
    value: Mapped[bytes] = mapped_column(LargeBinary)
