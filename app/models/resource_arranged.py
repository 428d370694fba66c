"""What the desk arranges around resources: collections, situations, synonyms, issuing bodies."""

from datetime import datetime

from sqlalchemy import CheckConstraint, Computed, ForeignKey, SmallInteger, UniqueConstraint, false
from sqlalchemy.dialects.postgresql import TSQUERY
from sqlalchemy.orm import Mapped, mapped_column

from app.models.base import Base
from app.models.resource import TEXTS, of_resource


class ResourceCollection(Base):
    """Resources shown in an order, on a page of their own once it is published."""

    __tablename__ = "resource_collection"

    slug: Mapped[str] = mapped_column(primary_key=True)
    title: Mapped[str]
    summary: Mapped[str] = mapped_column(server_default="")
    place: Mapped[int] = mapped_column(SmallInteger)
    published: Mapped[bool] = mapped_column(server_default=false())


class ResourceCollectionEntry(Base):
    """A resource of a collection, at its place; note: why it is there."""

    __tablename__ = "resource_collection_entry"
    __table_args__ = (UniqueConstraint("collection", "public_id"),)

    collection: Mapped[str] = mapped_column(
        ForeignKey("resource_collection.slug", ondelete="CASCADE"), primary_key=True
    )
    place: Mapped[int] = mapped_column(SmallInteger, primary_key=True)
    public_id: Mapped[str] = of_resource()
    note: Mapped[str] = mapped_column(server_default="")


class ResourceOfSituation(Base):
    """One of at most three resources beside a situation of the search, by its number."""

    __tablename__ = "resource_of_situation"
    __table_args__ = (
        CheckConstraint("place BETWEEN 1 AND 3", name="place"),
        UniqueConstraint("situation", "public_id"),
    )

    situation: Mapped[int] = mapped_column(SmallInteger, primary_key=True)
    place: Mapped[int] = mapped_column(SmallInteger, primary_key=True)
    public_id: Mapped[str] = of_resource()


class ResourceSynonym(Base):
    """A word or phrase of a group, each of which finds the others.

    target: how a search asks for it. token: what a search asks for in its place, the same for the
    whole group. phrase: how it stands in a text.
    """

    __tablename__ = "resource_synonym"
    __table_args__ = (
        UniqueConstraint("target"),
        CheckConstraint("numnode(target) > 0 AND char_length(word) <= 100", name="word"),
    )

    word: Mapped[str] = mapped_column(primary_key=True)
    group_id: Mapped[int]
    target: Mapped[str] = mapped_column(
        TSQUERY,
        Computed("plainto_tsquery('plain_french'::regconfig, word)", persisted=True),
    )
    token: Mapped[str] = mapped_column(
        TSQUERY, Computed("('xs'::text || group_id::text)::tsquery", persisted=True)
    )
    phrase: Mapped[str] = mapped_column(
        TSQUERY,
        Computed("phraseto_tsquery('plain_french'::regconfig, word)", persisted=True),
    )


class IssuingBody(Base):
    """An authority that issues documents, by the name it gives itself. variants: other names."""

    __tablename__ = "issuing_body"

    code: Mapped[str] = mapped_column(primary_key=True)
    name: Mapped[str] = mapped_column(unique=True)
    variants: Mapped[list[str]] = mapped_column(TEXTS, server_default="{}")


class ClearedAround(Base):
    """When something of these was taken from visitors, and lies in the files in clear still."""

    __tablename__ = "cleared_around"

    at: Mapped[datetime] = mapped_column(primary_key=True)
