"""What each line of a deposited list would change, and what a person decides of it."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy import text
from sqlalchemy.dialects import postgresql

revision = "0047"
down_revision = "0046"

OUTCOMES = ("created", "updated", "doubtful", "missing", "rejected", "ignored")
DECISIONS = ("accept", "reject", "later")


def upgrade() -> None:
    """Add the table, for staff alone: its lines are taken once the list is applied."""
    outcomes, decisions = (
        ", ".join(f"'{each}'" for each in some) for some in (OUTCOMES, DECISIONS)
    )
    op.create_table(
        "deposit_line",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("file_id", sa.Uuid(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("sheet", sa.Integer(), nullable=True),
        sa.Column("line", sa.Integer(), nullable=True),
        sa.Column("outcome", sa.Text(), nullable=False),
        sa.Column("territory", sa.Text(), nullable=True),
        sa.Column("category", sa.LargeBinary(), nullable=True),
        sa.Column("commune", sa.LargeBinary(), nullable=True),
        sa.Column("fields", postgresql.ARRAY(sa.Text()), nullable=False),
        sa.Column("actor_id", sa.Uuid(), nullable=True),
        sa.Column("masked", sa.Boolean(), nullable=False),
        sa.Column("erases", sa.Boolean(), nullable=False),
        sa.Column("turns", sa.Boolean(), nullable=False),
        sa.Column("reread", sa.Boolean(), nullable=False),
        sa.Column("mark", sa.LargeBinary(), nullable=False),
        sa.Column("content", sa.LargeBinary(), nullable=False),
        sa.Column("decision", sa.Text(), nullable=True),
        sa.Column("who", sa.Text(), nullable=True),
        sa.Column("at", sa.DateTime(timezone=True), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_deposit_line")),
        sa.ForeignKeyConstraint(
            ["file_id"], ["deposit.file_id"], name=op.f("fk_deposit_line_file_id_deposit")
        ),
        sa.UniqueConstraint("file_id", "number", name=op.f("uq_deposit_line_file_id")),
        sa.CheckConstraint(f"outcome IN ({outcomes})", name=op.f("ck_deposit_line_outcome")),
        sa.CheckConstraint(f"decision IN ({decisions})", name=op.f("ck_deposit_line_decision")),
    )
    op.create_index(
        op.f("ix_deposit_line_facets"), "deposit_line", ["file_id", "outcome", "number"]
    )
    staff = f'"{op.get_bind().scalar(text("SELECT current_database()"))}_staff"'
    op.execute(f"GRANT SELECT, INSERT, UPDATE, DELETE ON deposit_line TO {staff}")


def downgrade() -> None:
    """Drop it: lists are read again."""
    op.drop_table("deposit_line")
