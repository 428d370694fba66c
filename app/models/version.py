"""Versions of what the public may read: raised by triggers, in the transaction of the change."""

from uuid import UUID

from sqlalchemy import func
from sqlalchemy.orm import Mapped, mapped_column

from app.models.base import Base


class TerritoryVersion(Base):
    """One row per territory, and one with the code "" for France as a whole.

    version: random, another one after every transaction that changes the public record of an actor
    concerned by the territory, or the reference data. Nobody writes it but the triggers.
    """

    __tablename__ = "territory_version"

    territory_code: Mapped[str] = mapped_column(primary_key=True)
    version: Mapped[UUID] = mapped_column(server_default=func.gen_random_uuid())


class PublicVersion(Base):
    """The same of what belongs to no territory. subject: what it is the version of."""

    __tablename__ = "public_version"

    subject: Mapped[str] = mapped_column(primary_key=True)
    version: Mapped[UUID] = mapped_column(server_default=func.gen_random_uuid())
