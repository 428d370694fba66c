"""The term of each actor, and what it was asked about its sheet; for staff alone.

The worker writes the terms of those that are there, whose records only it can open.
"""

import sqlalchemy as sa
from alembic import op
from sqlalchemy import text

revision = "0062"
down_revision = "0066"


def upgrade() -> None:
    """Add the column and the table."""
    op.add_column("actor_protected", sa.Column("due_on", sa.Date(), nullable=True))
    op.create_index(op.f("ix_actor_protected_due_on"), "actor_protected", ["due_on"])
    at = sa.DateTime(timezone=True)
    op.create_table(
        "actor_question",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("actor_id", sa.Uuid(), nullable=False),
        sa.Column("due_on", sa.Date(), nullable=False),
        sa.Column("token", sa.LargeBinary(), nullable=True),
        sa.Column("made_at", at, nullable=False),
        sa.Column("sent_at", at, nullable=True),
        sa.Column("ends_at", at, nullable=False),
        sa.Column("outcome", sa.Text(), nullable=True),
        sa.Column("ended_at", at, nullable=True),
        sa.CheckConstraint(
            "outcome IN ('confirmed', 'corrected', 'bounced', 'unreachable')",
            name=op.f("ck_actor_question_outcome"),
        ),
        sa.CheckConstraint(
            "(outcome IS NULL) = (ended_at IS NULL)", name=op.f("ck_actor_question_ended")
        ),
        sa.ForeignKeyConstraint(
            ["actor_id"], ["actor.id"], name=op.f("fk_actor_question_actor_id_actor")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_actor_question")),
        sa.UniqueConstraint("actor_id", "due_on", name=op.f("uq_actor_question_actor_id")),
        sa.UniqueConstraint("token", name=op.f("uq_actor_question_token")),
    )
    staff = f'"{op.get_bind().scalar(text("SELECT current_database()"))}_staff"'
    op.execute(f"GRANT SELECT, INSERT, UPDATE, DELETE ON actor_question TO {staff}")


def downgrade() -> None:
    """Drop them, and what was asked."""
    op.drop_table("actor_question")
    op.drop_index(op.f("ix_actor_protected_due_on"), "actor_protected")
    op.drop_column("actor_protected", "due_on")
