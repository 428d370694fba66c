"""Codes by which operators hide their own records, for staff alone.

No code stands here, nor the name of who has one: a keyed digest, and a label that is sealed.
"""

import sqlalchemy as sa
from alembic import op
from sqlalchemy import text

revision = "0067"
down_revision = "0070"


def upgrade() -> None:
    """Add the table."""
    at = sa.DateTime(timezone=True)
    op.create_table(
        "operator_code",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("actor_id", sa.Uuid(), nullable=False),
        sa.Column("label", sa.LargeBinary(), nullable=False),
        sa.Column("made_at", at, nullable=False),
        sa.Column("made_by", sa.Text(), nullable=False),
        sa.Column("link", sa.LargeBinary(), nullable=True),
        sa.Column("link_ends_at", at, nullable=False),
        sa.Column("digest", sa.LargeBinary(), nullable=True),
        sa.Column("shown_at", at, nullable=True),
        sa.Column("asked_at", at, nullable=True),
        sa.Column("used_at", at, nullable=True),
        sa.CheckConstraint(
            "(digest IS NULL) = (shown_at IS NULL) AND (link IS NULL) = (digest IS NOT NULL)",
            name=op.f("ck_operator_code_shown"),
        ),
        sa.ForeignKeyConstraint(
            ["actor_id"], ["actor.id"], name=op.f("fk_operator_code_actor_id_actor")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_operator_code")),
        sa.UniqueConstraint("link", name=op.f("uq_operator_code_link")),
        sa.UniqueConstraint("digest", name=op.f("uq_operator_code_digest")),
    )
    op.create_index(op.f("ix_operator_code_actor_id"), "operator_code", ["actor_id"])
    staff = f'"{op.get_bind().scalar(text("SELECT current_database()"))}_staff"'
    op.execute(f"GRANT SELECT, INSERT, UPDATE, DELETE ON operator_code TO {staff}")


def downgrade() -> None:
    """Drop it: whoever holds a code can hide nothing by it any more."""
    op.drop_table("operator_code")
