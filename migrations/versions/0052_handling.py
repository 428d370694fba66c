"""Who looks after a deposited list, and what they note of it."""

import sqlalchemy as sa
from alembic import op

revision = "0052"
down_revision = "0051"


def upgrade() -> None:
    """Add the column, sealed: nobody looks after any list yet."""
    op.add_column("deposit", sa.Column("handling", sa.LargeBinary(), nullable=True))


def downgrade() -> None:
    """Drop it."""
    op.drop_column("deposit", "handling")
