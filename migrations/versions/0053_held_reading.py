"""What was read of a deposited list, so that it is applied without being read anew."""

import sqlalchemy as sa
from alembic import op

revision = "0053"
down_revision = "0052"


def upgrade() -> None:
    """Add the column, sealed: what waits now is read anew as it is applied."""
    op.add_column("deposit", sa.Column("reading", sa.LargeBinary(), nullable=True))


def downgrade() -> None:
    """Drop it."""
    op.drop_column("deposit", "reading")
