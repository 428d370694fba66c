"""Lists that are deposited at the desk."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy import text
from sqlalchemy.dialects import postgresql

revision = "0043"
down_revision = "0041"

STATES = ("checking", "ready", "applying", "applied", "cancelled", "refused")


def upgrade() -> None:
    """Add the table, for staff alone."""
    states = ", ".join(f"'{each}'" for each in STATES)
    op.create_table(
        "deposit",
        sa.Column("file_id", sa.Uuid(), nullable=False),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("who", sa.Text(), nullable=False),
        sa.Column("whole", sa.Boolean(), nullable=False),
        sa.Column("done", sa.Integer(), server_default=sa.text("0"), nullable=False),
        sa.Column("lines", sa.Integer(), server_default=sa.text("0"), nullable=False),
        sa.Column("counts", postgresql.JSONB(), nullable=True),
        sa.Column("content", sa.LargeBinary(), nullable=True),
        sa.Column("error", sa.Text(), nullable=True),
        sa.Column("at", sa.DateTime(timezone=True), server_default=sa.func.now(), nullable=False),
        sa.PrimaryKeyConstraint("file_id", name=op.f("pk_deposit")),
        sa.ForeignKeyConstraint(
            ["file_id"], ["source_file.id"], name=op.f("fk_deposit_file_id_source_file")
        ),
        sa.CheckConstraint(f"state IN ({states})", name=op.f("ck_deposit_state")),
    )
    staff = f'"{op.get_bind().scalar(text("SELECT current_database()"))}_staff"'
    op.execute(f"GRANT SELECT, INSERT, UPDATE ON deposit TO {staff}")


def downgrade() -> None:
    """Drop it: what was deposited stays among the files that were received."""
    op.drop_table("deposit")
