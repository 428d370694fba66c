"""The public record of actors, and the sealed store beside it."""

import sqlalchemy as sa
from alembic import op
from geoalchemy2 import Geometry
from sqlalchemy.dialects import postgresql

revision = "0003"
down_revision = "0002"


def upgrade() -> None:
    """Create actors, and what is remembered of the lists that brought them."""
    op.create_table(
        "sealed_secret",
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("value", sa.LargeBinary(), nullable=False),
        sa.PrimaryKeyConstraint("name", name=op.f("pk_sealed_secret")),
    )
    op.create_table(
        "source",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("digest", sa.LargeBinary(), nullable=False),
        sa.Column("name", sa.LargeBinary(), nullable=False),
        sa.Column("producer", sa.LargeBinary(), nullable=False),
        sa.Column("territory_code", sa.Text(), nullable=True),
        sa.Column("rank", sa.Integer(), nullable=False),
        sa.Column(
            "created_at",
            sa.DateTime(timezone=True),
            server_default=sa.text("now()"),
            nullable=False,
        ),
        sa.ForeignKeyConstraint(
            ["territory_code"], ["territory.code"], name=op.f("fk_source_territory_code_territory")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_source")),
        sa.UniqueConstraint("digest", name=op.f("uq_source_digest")),
    )
    op.create_geospatial_table(
        "actor",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("public_id", sa.Text(), nullable=False),
        sa.Column("slug", sa.Text(), nullable=False),
        sa.Column("status", sa.Text(), nullable=False),
        sa.Column("protected", sa.Boolean(), nullable=False),
        sa.Column("category", sa.Text(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("acronym", sa.Text(), nullable=True),
        sa.Column("description", sa.Text(), nullable=True),
        sa.Column("functions", sa.ARRAY(sa.Text()), server_default="{}", nullable=False),
        sa.Column("audiences", sa.ARRAY(sa.Text()), server_default="{}", nullable=False),
        sa.Column("age_min", sa.Integer(), nullable=True),
        sa.Column("age_max", sa.Integer(), nullable=True),
        sa.Column("phones", sa.ARRAY(sa.Text()), server_default="{}", nullable=False),
        sa.Column("email", sa.Text(), nullable=True),
        sa.Column("website", sa.Text(), nullable=True),
        sa.Column("opening_hours", sa.Text(), nullable=True),
        sa.Column("address", sa.Text(), nullable=True),
        sa.Column("commune_code", sa.Text(), nullable=True),
        sa.Column(
            "point",
            Geometry(
                geometry_type="POINT",
                srid=4326,
                dimension=2,
                spatial_index=False,
                from_text="ST_GeomFromEWKT",
                name="geometry",
            ),
            nullable=True,
        ),
        sa.Column("precision", sa.Text(), nullable=True),
        sa.Column("territory_code", sa.Text(), nullable=False),
        sa.Column("covers_national", sa.Boolean(), server_default="false", nullable=False),
        sa.Column("covers_territories", sa.ARRAY(sa.Text()), server_default="{}", nullable=False),
        sa.Column("covers_epcis", sa.ARRAY(sa.Text()), server_default="{}", nullable=False),
        sa.Column("covers_communes", sa.ARRAY(sa.Text()), server_default="{}", nullable=False),
        sa.Column("verified_on", sa.Date(), nullable=True),
        sa.Column(
            "created_at",
            sa.DateTime(timezone=True),
            server_default=sa.text("now()"),
            nullable=False,
        ),
        sa.Column(
            "updated_at",
            sa.DateTime(timezone=True),
            server_default=sa.text("now()"),
            nullable=False,
        ),
        sa.CheckConstraint(
            "precision IN ('address', 'street', 'locality', 'commune')",
            name=op.f("ck_actor_precision"),
        ),
        sa.CheckConstraint(
            "status IN ('draft', 'published', 'archived')", name=op.f("ck_actor_status")
        ),
        sa.CheckConstraint(
            "(point IS NULL) = (precision IS NULL)", name=op.f("ck_actor_point_precision")
        ),
        sa.CheckConstraint(
            "NOT protected OR (num_nonnulls(acronym, description, email, website, opening_hours,"
            " address, commune_code, point) = 0"
            " AND cardinality(covers_communes) = 0 AND cardinality(covers_epcis) = 0)",
            name=op.f("ck_actor_protected_is_neutral"),
        ),
        sa.ForeignKeyConstraint(
            ["commune_code"], ["commune.code"], name=op.f("fk_actor_commune_code_commune")
        ),
        sa.ForeignKeyConstraint(
            ["territory_code"], ["territory.code"], name=op.f("fk_actor_territory_code_territory")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_actor")),
        sa.UniqueConstraint("public_id", name=op.f("uq_actor_public_id")),
    )
    op.create_index("ix_actor_commune_code", "actor", ["commune_code"], unique=False)
    op.create_index(
        "ix_actor_covers",
        "actor",
        ["covers_territories", "covers_epcis", "covers_communes"],
        unique=False,
        postgresql_using="gin",
        postgresql_where=sa.text("status = 'published'"),
    )
    op.create_index(
        "ix_actor_covers_national",
        "actor",
        ["covers_national"],
        unique=False,
        postgresql_where=sa.text("status = 'published' AND covers_national"),
    )
    op.create_geospatial_index(
        "ix_actor_point",
        "actor",
        ["point"],
        unique=False,
        postgresql_using="gist",
        postgresql_where=sa.text("status = 'published'"),
        postgresql_ops={},
    )
    op.create_index(
        "ix_actor_territory_code",
        "actor",
        ["territory_code", "category"],
        unique=False,
        postgresql_where=sa.text("status = 'published'"),
    )
    op.create_table(
        "source_file",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("source_id", sa.Uuid(), nullable=False),
        sa.Column(
            "received_at",
            sa.DateTime(timezone=True),
            server_default=sa.text("now()"),
            nullable=False,
        ),
        sa.Column("who", sa.Text(), nullable=False),
        sa.Column("sha256", sa.LargeBinary(), nullable=False),
        sa.Column("size", sa.Integer(), nullable=False),
        sa.Column("name", sa.LargeBinary(), nullable=False),
        sa.Column("content", sa.LargeBinary(), nullable=False),
        sa.Column("status", sa.Text(), nullable=False),
        sa.Column("summary", postgresql.JSONB(astext_type=sa.Text()), nullable=True),
        sa.ForeignKeyConstraint(
            ["source_id"], ["source.id"], name=op.f("fk_source_file_source_id_source")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_source_file")),
    )
    op.create_index(op.f("ix_source_file_source_id"), "source_file", ["source_id"], unique=False)
    op.create_table(
        "actor_fingerprint",
        sa.Column("actor_id", sa.Uuid(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("digest", sa.LargeBinary(), nullable=False),
        sa.ForeignKeyConstraint(
            ["actor_id"], ["actor.id"], name=op.f("fk_actor_fingerprint_actor_id_actor")
        ),
        sa.PrimaryKeyConstraint("actor_id", "kind", "digest", name=op.f("pk_actor_fingerprint")),
    )
    op.create_index("ix_actor_fingerprint_digest", "actor_fingerprint", ["digest"], unique=False)
    op.create_table(
        "actor_protected",
        sa.Column("actor_id", sa.Uuid(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=True),
        sa.Column("decided_on", sa.Date(), nullable=True),
        sa.Column("record", sa.LargeBinary(), nullable=False),
        sa.CheckConstraint(
            "reason IN ('category', 'unknown', 'shared')", name=op.f("ck_actor_protected_reason")
        ),
        sa.ForeignKeyConstraint(
            ["actor_id"], ["actor.id"], name=op.f("fk_actor_protected_actor_id_actor")
        ),
        sa.PrimaryKeyConstraint("actor_id", name=op.f("pk_actor_protected")),
    )
    op.create_table(
        "geocoding",
        sa.Column("actor_id", sa.Uuid(), nullable=False),
        sa.Column("question", sa.LargeBinary(), nullable=False),
        sa.Column("decision", sa.Text(), nullable=False),
        sa.Column("answer", sa.LargeBinary(), nullable=False),
        sa.Column(
            "at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False
        ),
        sa.ForeignKeyConstraint(
            ["actor_id"], ["actor.id"], name=op.f("fk_geocoding_actor_id_actor")
        ),
        sa.PrimaryKeyConstraint("actor_id", name=op.f("pk_geocoding")),
    )
    op.create_table(
        "provenance",
        sa.Column("actor_id", sa.Uuid(), nullable=False),
        sa.Column("fields", sa.LargeBinary(), nullable=False),
        sa.ForeignKeyConstraint(
            ["actor_id"], ["actor.id"], name=op.f("fk_provenance_actor_id_actor")
        ),
        sa.PrimaryKeyConstraint("actor_id", name=op.f("pk_provenance")),
    )
    op.create_table(
        "revision",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("actor_id", sa.Uuid(), nullable=False),
        sa.Column(
            "at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False
        ),
        sa.Column("who", sa.Text(), nullable=False),
        sa.Column("action", sa.Text(), nullable=False),
        sa.Column("why", sa.LargeBinary(), nullable=False),
        sa.Column("change", sa.LargeBinary(), nullable=False),
        sa.ForeignKeyConstraint(
            ["actor_id"], ["actor.id"], name=op.f("fk_revision_actor_id_actor")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_revision")),
    )
    op.create_index(op.f("ix_revision_actor_id"), "revision", ["actor_id"], unique=False)
    op.create_table(
        "source_record",
        sa.Column("source_id", sa.Uuid(), nullable=False),
        sa.Column("identity", sa.LargeBinary(), nullable=False),
        sa.Column("content", sa.LargeBinary(), nullable=False),
        sa.Column("actor_id", sa.Uuid(), nullable=False),
        sa.Column("last_file_id", sa.Uuid(), nullable=False),
        sa.Column("missing_since", sa.Date(), nullable=True),
        sa.ForeignKeyConstraint(
            ["actor_id"], ["actor.id"], name=op.f("fk_source_record_actor_id_actor")
        ),
        sa.ForeignKeyConstraint(
            ["last_file_id"],
            ["source_file.id"],
            name=op.f("fk_source_record_last_file_id_source_file"),
        ),
        sa.ForeignKeyConstraint(
            ["source_id"], ["source.id"], name=op.f("fk_source_record_source_id_source")
        ),
        sa.PrimaryKeyConstraint("source_id", "identity", name=op.f("pk_source_record")),
    )
    op.create_index("ix_source_record_actor_id", "source_record", ["actor_id"], unique=False)
    op.create_table(
        "source_row",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("source_file_id", sa.Uuid(), nullable=False),
        sa.Column("line", sa.Integer(), nullable=False),
        sa.Column("outcome", sa.Text(), nullable=False),
        sa.Column("actor_id", sa.Uuid(), nullable=True),
        sa.Column("content", sa.LargeBinary(), nullable=False),
        sa.ForeignKeyConstraint(
            ["actor_id"], ["actor.id"], name=op.f("fk_source_row_actor_id_actor")
        ),
        sa.ForeignKeyConstraint(
            ["source_file_id"],
            ["source_file.id"],
            name=op.f("fk_source_row_source_file_id_source_file"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_source_row")),
        sa.UniqueConstraint("source_file_id", "line", name=op.f("uq_source_row_source_file_id")),
    )
    op.create_index(op.f("ix_source_row_actor_id"), "source_row", ["actor_id"], unique=False)


def downgrade() -> None:
    """Drop them."""
    op.drop_index(op.f("ix_source_row_actor_id"), table_name="source_row")
    op.drop_table("source_row")
    op.drop_index("ix_source_record_actor_id", table_name="source_record")
    op.drop_table("source_record")
    op.drop_index(op.f("ix_revision_actor_id"), table_name="revision")
    op.drop_table("revision")
    op.drop_table("provenance")
    op.drop_table("geocoding")
    op.drop_table("actor_protected")
    op.drop_index("ix_actor_fingerprint_digest", table_name="actor_fingerprint")
    op.drop_table("actor_fingerprint")
    op.drop_index(op.f("ix_source_file_source_id"), table_name="source_file")
    op.drop_table("source_file")
    op.drop_index(
        "ix_actor_territory_code",
        table_name="actor",
        postgresql_where=sa.text("status = 'published'"),
    )
    op.drop_geospatial_index(
        "ix_actor_point",
        table_name="actor",
        postgresql_using="gist",
        postgresql_where=sa.text("status = 'published'"),
        column_name="point",
    )
    op.drop_index(
        "ix_actor_covers_national",
        table_name="actor",
        postgresql_where=sa.text("status = 'published' AND covers_national"),
    )
    op.drop_index("ix_actor_covers", table_name="actor", postgresql_using="gin")
    op.drop_index("ix_actor_commune_code", table_name="actor")
    op.drop_geospatial_table("actor")
    op.drop_table("source")
    op.drop_table("sealed_secret")
