"""Resources as visitors may read them: the last edition of what is published, and former ones.

In clear stands only what may be public, and what approved professionals may read. A resource that
is held or withdrawn has no row here: it comes back from its sealed versions.
"""

from datetime import date, datetime
from typing import Any, Literal
from uuid import UUID

from sqlalchemy import CheckConstraint, Computed, ForeignKey, Index, SmallInteger, Text, text
from sqlalchemy.dialects.postgresql import JSONB, TSVECTOR
from sqlalchemy.orm import Mapped, mapped_column

from app.models.base import Base, Texts

TEXTS = Texts()
Audience = Literal["public", "professionnel"]
IS_FORM = "form IN ('document', 'fiche', 'pratique', 'formation', 'etude')"
IS_AUDIENCE = "audience IN ('public', 'professionnel')"


def of_resource(*, is_key: bool = False) -> Mapped[str]:
    """Return a column that names a resource, and goes with it."""
    key = ForeignKey("resource.public_id", ondelete="CASCADE")
    return mapped_column(key, primary_key=is_key)


class Resource(Base):
    """The last edition of a published resource. id: of its resource_record.

    bodies: as each writes its name; body_codes: those of issuing_body. persons: only as on the
    cover. situations: numbers of app/search/situations.toml. content: what its form alone has;
    body: all text of content, plain. labels: its codes in French, so that their words find it.
    link_dead_since: where nobody has answered at its address for long.
    """

    __tablename__ = "resource"
    __table_args__ = (
        CheckConstraint(IS_FORM, name="form"),
        CheckConstraint(IS_AUDIENCE, name="audience"),
        CheckConstraint("edition >= 1", name="edition"),
        CheckConstraint("year BETWEEN 1800 AND 2100", name="year"),
        CheckConstraint(
            "char_length(title) <= 300 AND char_length(summary) <= 2000"
            " AND char_length(body) <= 60000",
            name="lengths",
        ),
        CheckConstraint(
            "reach IN ('national', 'metropole', 'europe', 'international', 'territories')",
            name="reach",
        ),
        CheckConstraint(
            "(reach = 'territories') = (cardinality(territories) > 0)", name="territories"
        ),
        CheckConstraint("media IN ('html', 'pdf', 'video', 'audio', 'papier')", name="media"),
        CheckConstraint("accessibility IN ('yes', 'partly', 'no')", name="accessibility"),
        # Who judged and when is part of a proof; a document has a nature, and no proof.
        CheckConstraint(
            "CASE WHEN proof IS NULL THEN num_nonnulls(proof_by, proof_on, proof_url) = 0"
            " WHEN form <> 'pratique' THEN false WHEN proof = 'inspirante' THEN true"
            " ELSE proof IN ('prometteuse', 'eprouvee', 'sans_effet')"
            " AND num_nonnulls(proof_by, proof_on) = 2 END",
            name="proof",
        ),
        Index("ix_resource_words", "words", postgresql_using="gin"),
        Index("ix_resource_actor_ids", "actor_ids", postgresql_using="gin"),
        Index("ix_resource_territories", "territories", postgresql_using="gin"),
    )

    id: Mapped[UUID] = mapped_column(ForeignKey("resource_record.id"), primary_key=True)
    public_id: Mapped[str] = mapped_column(unique=True)
    slug: Mapped[str]
    form: Mapped[str]
    audience: Mapped[Audience] = mapped_column(Text)
    edition: Mapped[int]
    title: Mapped[str]
    subtitle: Mapped[str | None]
    bodies: Mapped[list[str]] = mapped_column(TEXTS, server_default="{}")
    body_codes: Mapped[list[str]] = mapped_column(TEXTS, server_default="{}")
    persons: Mapped[list[str]] = mapped_column(TEXTS, server_default="{}")
    year: Mapped[int | None] = mapped_column(SmallInteger)
    published_on: Mapped[date | None]
    type: Mapped[str | None]
    nature: Mapped[str | None]
    # As the document says it.
    method: Mapped[str | None]
    themes: Mapped[list[str]] = mapped_column(TEXTS, server_default="{}")
    publics: Mapped[list[str]] = mapped_column(TEXTS, server_default="{}")
    situations: Mapped[list[str]] = mapped_column(TEXTS, server_default="{}")
    functions: Mapped[list[str]] = mapped_column(TEXTS, server_default="{}")
    # ISO 639-1.
    languages: Mapped[list[str]] = mapped_column(TEXTS, server_default="{}")
    reach: Mapped[str]
    territories: Mapped[list[str]] = mapped_column(TEXTS, server_default="{}")
    # doi, isbn, nor, hal.
    identifiers: Mapped[dict[str, str]] = mapped_column(JSONB, server_default=text("'{}'"))
    url: Mapped[str | None]
    pages: Mapped[int | None] = mapped_column(SmallInteger)
    media: Mapped[str | None]
    accessibility: Mapped[str | None]
    # In our words.
    summary: Mapped[str]
    proof: Mapped[str | None]
    proof_by: Mapped[str | None]
    proof_on: Mapped[date | None]
    proof_url: Mapped[str | None]
    # Public ids.
    actor_ids: Mapped[list[str]] = mapped_column(TEXTS, server_default="{}")
    # {body, day}; none of a sheet: it is an example.
    validations: Mapped[list[dict[str, str]]] = mapped_column(JSONB, server_default=text("'[]'"))
    content: Mapped[dict[str, Any]] = mapped_column(JSONB, server_default=text("'{}'"))
    body: Mapped[str] = mapped_column(server_default="")
    labels: Mapped[str] = mapped_column(server_default="")
    review_on: Mapped[date | None]
    published_at: Mapped[datetime]
    changed_on: Mapped[date]
    link_dead_since: Mapped[date | None]
    # Of all its text, by stem; of what says what it is, which ranks it without a look at the rest.
    words: Mapped[str] = mapped_column(
        TSVECTOR,
        Computed(
            "resource_head(title, subtitle, bodies, labels) || resource_text(summary, body)",
            persisted=True,
        ),
    )
    head: Mapped[str] = mapped_column(
        TSVECTOR, Computed("resource_head(title, subtitle, bodies, labels)", persisted=True)
    )
    # Its words without accents, for those that are misspelt.
    folded: Mapped[str] = mapped_column(Computed("resource_folded(title, labels)", persisted=True))


class ResourceEdition(Base):
    """A former edition that may still be read. content: all that was public of it, as JSON."""

    __tablename__ = "resource_edition"
    __table_args__ = (CheckConstraint(IS_AUDIENCE, name="audience"),)

    public_id: Mapped[str] = of_resource(is_key=True)
    number: Mapped[int] = mapped_column(primary_key=True)
    audience: Mapped[Audience] = mapped_column(Text)
    content: Mapped[dict[str, Any]] = mapped_column(JSONB)
    published_at: Mapped[datetime]
    ended_at: Mapped[datetime]


class ResourceWithdrawn(Base):
    """What visitors could read and was withdrawn: its title and the day, and nothing else."""

    __tablename__ = "resource_withdrawn"

    public_id: Mapped[str] = mapped_column(primary_key=True)
    title: Mapped[str]
    withdrawn_on: Mapped[date]


class ResourceRelation(Base):
    """What a resource is to another one, both by public ids."""

    __tablename__ = "resource_relation"
    __table_args__ = (
        CheckConstraint(
            "relation IN ('synthese_de', 'suite_de', 'remplace', 'traduction_de', 'etude_de')",
            name="relation",
        ),
        CheckConstraint("from_id <> to_id", name="another"),
    )

    from_id: Mapped[str] = of_resource(is_key=True)
    to_id: Mapped[str] = of_resource(is_key=True)
    relation: Mapped[str] = mapped_column(primary_key=True)
