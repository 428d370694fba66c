"""Registered embeds, and their revocations, which are added beside them and never taken back."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy import text

revision = "0010"
down_revision = "0009"

# Not who made it, nor when, nor who revoked it and why.
VIEW = """
CREATE VIEW open.embed AS
SELECT e.id, e.search, e.look, e.origins, e.name, e.contact, e.logo, e.logo_type,
    EXISTS (SELECT FROM public.embed_revocation r WHERE r.embed_id = e.id) AS revoked
FROM public.embed e
"""


def upgrade() -> None:
    """Create the tables and the view; staff add to both, and change nothing."""
    database = op.get_bind().scalar(text("SELECT current_database()"))
    op.create_table(
        "embed",
        sa.Column("id", sa.Text(), nullable=False),
        sa.Column("search", sa.Text(), nullable=False),
        sa.Column("look", sa.Text(), nullable=False),
        sa.Column("origins", sa.ARRAY(sa.Text()), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("contact", sa.Text(), nullable=True),
        sa.Column("logo", sa.LargeBinary(), nullable=True),
        sa.Column("logo_type", sa.Text(), nullable=True),
        sa.Column(
            *("created_at", sa.DateTime(timezone=True)),
            server_default=sa.text("now()"),
            nullable=False,
        ),
        sa.Column("created_by", sa.Text(), nullable=False),
        sa.CheckConstraint("id ~ '^[0-9a-f]{24}$'", name=op.f("ck_embed_id")),
        sa.CheckConstraint("cardinality(origins) > 0", name=op.f("ck_embed_origins")),
        sa.CheckConstraint("(logo IS NULL) = (logo_type IS NULL)", name=op.f("ck_embed_logo")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_embed")),
    )
    op.create_table(
        "embed_revocation",
        sa.Column("embed_id", sa.Text(), nullable=False),
        sa.Column(
            *("at", sa.DateTime(timezone=True)),
            server_default=sa.text("now()"),
            nullable=False,
        ),
        sa.Column("who", sa.Text(), nullable=False),
        sa.Column("why", sa.LargeBinary(), nullable=False),
        sa.ForeignKeyConstraint(
            ["embed_id"], ["embed.id"], name=op.f("fk_embed_revocation_embed_id_embed")
        ),
        sa.PrimaryKeyConstraint("embed_id", name=op.f("pk_embed_revocation")),
    )
    op.execute(VIEW)
    op.execute(f'GRANT SELECT ON open.embed TO "{database}_public"')
    op.execute(f'GRANT SELECT, INSERT ON embed, embed_revocation TO "{database}_staff"')


def downgrade() -> None:
    """Drop them."""
    op.execute("DROP VIEW open.embed")
    op.drop_table("embed_revocation")
    op.drop_table("embed")
