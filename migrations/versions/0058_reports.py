"""Errors that visitors report on public sheets, for staff alone."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy import text

revision = "0058"
down_revision = "0057"


def upgrade() -> None:
    """Add the table."""
    at = sa.DateTime(timezone=True)
    op.create_table(
        "report",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("actor_id", sa.Uuid(), nullable=True),
        sa.Column("wrong", sa.Text(), nullable=False),
        sa.Column("content", sa.LargeBinary(), nullable=False),
        sa.Column("received_at", at, nullable=False),
        sa.Column("decided_at", at, nullable=True),
        sa.Column("accepted", sa.Boolean(), nullable=True),
        sa.Column("who", sa.Text(), nullable=True),
        sa.Column("answered_at", at, nullable=True),
        sa.CheckConstraint(
            "wrong IN ('phone', 'closed', 'address', 'hours', 'other')",
            name=op.f("ck_report_wrong"),
        ),
        sa.CheckConstraint(
            "(decided_at IS NULL) = (accepted IS NULL)", name=op.f("ck_report_decided")
        ),
        sa.ForeignKeyConstraint(["actor_id"], ["actor.id"], name=op.f("fk_report_actor_id_actor")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_report")),
    )
    op.create_index(op.f("ix_report_actor_id"), "report", ["actor_id"])
    staff = f'"{op.get_bind().scalar(text("SELECT current_database()"))}_staff"'
    op.execute(f"GRANT SELECT, INSERT, UPDATE, DELETE ON report TO {staff}")


def downgrade() -> None:
    """Drop it, and what was reported."""
    op.drop_table("report")
