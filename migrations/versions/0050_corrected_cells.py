"""Cells of a deposited list that a person corrected."""

import sqlalchemy as sa
from alembic import op

revision = "0050"
down_revision = "0049"


def upgrade() -> None:
    """Add the column, sealed: no list has corrections yet."""
    op.add_column("deposit", sa.Column("corrected", sa.LargeBinary(), nullable=True))


def downgrade() -> None:
    """Drop it: lists are read as they came."""
    op.drop_column("deposit", "corrected")
