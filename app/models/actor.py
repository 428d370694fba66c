"""The public record of an actor: nothing here may be secret, and the table itself enforces it."""

import secrets
from datetime import date, datetime
from uuid import UUID, uuid4

from geoalchemy2 import Geometry, WKBElement
from sqlalchemy import CheckConstraint, Computed, ForeignKey, Index, Text, func, text
from sqlalchemy.dialects.postgresql import TSVECTOR
from sqlalchemy.orm import Mapped, mapped_column

from app.models.base import Base, Texts

TEXTS = Texts()
PUBLISHED = text("status = 'published'")


def new_public_id() -> str:
    """Return 80 random bits as 16 characters, so that ids of actors cannot be enumerated."""
    return secrets.token_hex(10)[:16]


class Actor(Base):
    """What may be public of an actor. point: EPSG:4326, null where no point may be shown.

    status: that of its record, or "host" for who is public and no answer by itself.

    A protected actor is here as one of its family, with its territory and perhaps a phone; the
    check constraint below refuses what would place it, or say what it is.
    """

    __tablename__ = "actor"
    __table_args__ = (
        CheckConstraint(
            "status IN ('draft', 'published', 'host', 'archived', 'secret')", name="status"
        ),
        CheckConstraint(
            "precision IN ('address', 'street', 'locality', 'commune')", name="precision"
        ),
        CheckConstraint("access IN ('yes', 'no', 'partly')", name="access"),
        CheckConstraint("(point IS NULL) = (precision IS NULL)", name="point_precision"),
        CheckConstraint(
            "NOT protected OR (num_nonnulls(acronym, description, email, website, opening_hours,"
            " hours_text, address, commune_code, point, age_min, age_max, verified_on,"
            " duty_hours, access, access_text, referral_public, referrers_public,"
            " register, covers_said_on) = 0"
            " AND cardinality(duty_phones) = 0 AND cardinality(communes_said) = 0"
            " AND cardinality(covers_communes) = 0 AND cardinality(covers_epcis) = 0"
            " AND cardinality(covers_territories) = 0 AND NOT covers_national"
            " AND cardinality(languages) = 0 AND cardinality(audiences) = 0)",
            name="protected_is_neutral",
        ),
        Index("ix_actor_territory_code", "territory_code", "category", postgresql_where=PUBLISHED),
        Index("ix_actor_point", "point", postgresql_using="gist", postgresql_where=PUBLISHED),
        # Metres on the globe: what is nearer in degrees may be farther away. With what is counted
        # of those around a place: in the table they stand in thousands of pages.
        Index(
            "ix_actor_around",
            text("(point::geography)"),
            postgresql_using="gist",
            postgresql_include=["point", "facet_key", "opening_hours", "territory_code"],
            postgresql_where=PUBLISHED,
        ),
        Index("ix_actor_words", "words", postgresql_using="gin", postgresql_where=PUBLISHED),
        Index(
            "ix_actor_folded",
            "folded",
            postgresql_using="gin",
            postgresql_ops={"folded": "gin_trgm_ops"},
            postgresql_where=PUBLISHED,
        ),
        # Counts of who is open in a territory, or in France, without a look at the table.
        Index(
            "ix_actor_counted",
            *("territory_code", "facet_key", "protected", "opening_hours"),
            postgresql_where=PUBLISHED,
        ),
        # Counts of France, and a page of those whose filters few pass, wherever they are.
        Index("ix_actor_facet_key", "facet_key", postgresql_where=PUBLISHED),
        Index(
            "ix_actor_opening_hours",
            *("territory_code", "opening_hours"),
            postgresql_where=text("status = 'published' AND opening_hours IS NOT NULL"),
        ),
        # Every search around a place asks for those of its territory that stand nowhere.
        Index(
            "ix_actor_unplaced",
            "territory_code",
            postgresql_where=text("status = 'published' AND point IS NULL"),
        ),
        # Hosts are named by their territory, where nobody takes a step.
        Index("ix_actor_host", "territory_code", postgresql_where=text("status = 'host'")),
        Index("ix_actor_commune_code", "commune_code"),
        # What covers a territory from elsewhere: 100,000 actors in 0.3 ms instead of 67 ms.
        Index(
            "ix_actor_covers",
            "covers_territories",
            "covers_epcis",
            "covers_communes",
            postgresql_using="gin",
            postgresql_where=PUBLISHED,
        ),
        # Whom a person said is asked for once for each register that names somebody.
        Index(
            "ix_actor_communes_said",
            "communes_said",
            postgresql_using="gin",
            postgresql_where=PUBLISHED,
        ),
        Index(
            "ix_actor_covers_national",
            "covers_national",
            postgresql_where=text("status = 'published' AND covers_national"),
        ),
    )

    # Internal: the public login never reads it, so that a new public id leaves no link to the old.
    id: Mapped[UUID] = mapped_column(primary_key=True, default=uuid4)
    public_id: Mapped[str] = mapped_column(unique=True, default=new_public_id)
    slug: Mapped[str]
    status: Mapped[str]
    protected: Mapped[bool]
    category: Mapped[str]
    name: Mapped[str]
    acronym: Mapped[str | None]
    description: Mapped[str | None]
    functions: Mapped[list[str]] = mapped_column(TEXTS, server_default="{}")
    audiences: Mapped[list[str]] = mapped_column(TEXTS, server_default="{}")
    # ISO 639-1.
    languages: Mapped[list[str]] = mapped_column(TEXTS, server_default="{}")
    age_min: Mapped[int | None]
    age_max: Mapped[int | None]
    phones: Mapped[list[str]] = mapped_column(TEXTS, server_default="{}")
    # Of phones, those that answer when the office does not; when, in OSM's syntax.
    duty_phones: Mapped[list[str]] = mapped_column(TEXTS, server_default="{}")
    duty_hours: Mapped[str | None]
    email: Mapped[str | None]
    website: Mapped[str | None]
    # OSM opening_hours syntax.
    opening_hours: Mapped[str | None]
    hours_text: Mapped[str | None]
    # "yes", "no" or "partly", and the words of the list.
    access: Mapped[str | None]
    access_text: Mapped[str | None]
    referral_public: Mapped[str | None]
    referrers_public: Mapped[str | None]
    address: Mapped[str | None]
    commune_code: Mapped[str | None] = mapped_column(ForeignKey("commune.code"))
    point: Mapped[WKBElement | None] = mapped_column(Geometry("POINT", 4326, spatial_index=False))
    precision: Mapped[str | None]
    territory_code: Mapped[str] = mapped_column(ForeignKey("territory.code"))
    covers_national: Mapped[bool] = mapped_column(server_default="false")
    covers_territories: Mapped[list[str]] = mapped_column(TEXTS, server_default="{}")
    covers_epcis: Mapped[list[str]] = mapped_column(TEXTS, server_default="{}")
    covers_communes: Mapped[list[str]] = mapped_column(TEXTS, server_default="{}")
    # Of the communes that it covers, those that a person said; and when they did so last.
    communes_said: Mapped[list[str]] = mapped_column(TEXTS, server_default="{}")
    covers_said_on: Mapped[date | None]
    verified_on: Mapped[date | None]
    # Code of the national register that names it, none where a list does.
    register: Mapped[str | None]
    created_at: Mapped[datetime] = mapped_column(server_default=func.now())
    updated_at: Mapped[datetime] = mapped_column(server_default=func.now())
    # What a search by words finds, by stem; and name and acronym, for misspelt words.
    words: Mapped[str] = mapped_column(
        TSVECTOR,
        Computed("actor_words(name, acronym, description, category, functions)", persisted=True),
    )
    folded: Mapped[str] = mapped_column(Computed("actor_folded(name, acronym)", persisted=True))
    # What it has of each facet: written by migrations, read by app.search.counts.
    facet_key: Mapped[str] = mapped_column(
        Text(collation="C"),
        Computed(
            "actor_facet_key(point IS NOT NULL, protected, category, functions, audiences,"
            " languages, age_min, age_max, opening_hours)",
            persisted=True,
        ),
    )
