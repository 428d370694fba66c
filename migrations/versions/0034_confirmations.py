"""Who says each year that somebody still has their office, and accounts that can be deleted."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy import text

revision = "0034"
down_revision = "0033"


def upgrade() -> None:
    """Add the chief of an account and what was asked of whom; staff may delete accounts."""
    op.add_column("account", sa.Column("chief", sa.LargeBinary(), nullable=True))
    op.create_table(
        "confirmation",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("account_id", sa.Uuid(), nullable=False),
        sa.Column("token", sa.LargeBinary(), nullable=True),
        sa.Column("made_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("ends_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("used_at", sa.DateTime(timezone=True), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_confirmation")),
        sa.ForeignKeyConstraint(
            ["account_id"], ["account.id"], name=op.f("fk_confirmation_account_id_account")
        ),
        sa.UniqueConstraint("token", name=op.f("uq_confirmation_token")),
    )
    op.create_index(op.f("ix_confirmation_account_id"), "confirmation", ["account_id"])
    database = op.get_bind().scalar(text("SELECT current_database()"))
    op.execute(f'GRANT SELECT, INSERT, UPDATE, DELETE ON confirmation TO "{database}_staff"')
    op.execute(f'GRANT DELETE ON account TO "{database}_staff"')


def downgrade() -> None:
    """Drop them, and which chief was asked."""
    database = op.get_bind().scalar(text("SELECT current_database()"))
    op.execute(f'REVOKE DELETE ON account FROM "{database}_staff"')
    op.drop_table("confirmation")
    op.drop_column("account", "chief")
