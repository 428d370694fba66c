"""Registered embeds: what a département shows on its own site, and what was revoked of it."""

import secrets
from datetime import datetime

from sqlalchemy import ARRAY, CheckConstraint, ForeignKey, LargeBinary, Text, func
from sqlalchemy.orm import Mapped, mapped_column

from app.models.base import Base


def new_embed_id() -> str:
    """Return 96 random bits as 24 characters, so that ids of embeds cannot be enumerated."""
    return secrets.token_hex(12)


class Embed(Base):
    """What an embed is locked to; public, but for who made it. Never changed, only revoked.

    search, look: the queries of app.search.criteria.Search.pairs(of_territory=True) and of
    app.embeds.look.Look.pairs(). origins: as app.embeds.origins writes them. logo_type: the media
    type of the logo's bytes, or null without a logo.
    """

    __tablename__ = "embed"
    __table_args__ = (
        CheckConstraint("id ~ '^[0-9a-f]{24}$'", name="id"),
        CheckConstraint("cardinality(origins) > 0", name="origins"),
        CheckConstraint("(logo IS NULL) = (logo_type IS NULL)", name="logo"),
    )

    id: Mapped[str] = mapped_column(primary_key=True, default=new_embed_id)
    search: Mapped[str]
    look: Mapped[str]
    origins: Mapped[list[str]] = mapped_column(ARRAY(Text))
    name: Mapped[str]
    contact: Mapped[str | None]
    logo: Mapped[bytes | None] = mapped_column(LargeBinary)
    logo_type: Mapped[str | None]
    created_at: Mapped[datetime] = mapped_column(server_default=func.now())
    created_by: Mapped[str]


class EmbedRevocation(Base):
    """That an embed is revoked, by whom and why (sealed); the public only sees that it is."""

    __tablename__ = "embed_revocation"

    embed_id: Mapped[str] = mapped_column(ForeignKey("embed.id"), primary_key=True)
    at: Mapped[datetime] = mapped_column(server_default=func.now())
    who: Mapped[str]
    why: Mapped[bytes] = mapped_column(LargeBinary)
