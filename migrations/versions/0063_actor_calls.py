"""Calls to actors and what came of them, for staff alone."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy import text

revision = "0063"
down_revision = "0062"


def upgrade() -> None:
    """Add the table."""
    op.create_table(
        "actor_call",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("actor_id", sa.Uuid(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("who", sa.Text(), nullable=False),
        sa.Column("result", sa.Text(), nullable=False),
        sa.Column("next_on", sa.Date(), nullable=True),
        sa.Column("batch_id", sa.Uuid(), nullable=True),
        sa.Column("report_id", sa.Uuid(), nullable=True),
        sa.CheckConstraint(
            "result IN ('right', 'corrected', 'silent', 'wrong')",
            name=op.f("ck_actor_call_result"),
        ),
        sa.ForeignKeyConstraint(
            ["actor_id"], ["actor.id"], name=op.f("fk_actor_call_actor_id_actor")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_actor_call")),
    )
    op.create_index(op.f("ix_actor_call_actor_id"), "actor_call", ["actor_id"])
    staff = f'"{op.get_bind().scalar(text("SELECT current_database()"))}_staff"'
    op.execute(f"GRANT SELECT, INSERT, UPDATE, DELETE ON actor_call TO {staff}")


def downgrade() -> None:
    """Drop it, and what came of calls."""
    op.drop_table("actor_call")
