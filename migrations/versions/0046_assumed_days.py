"""Of which editions of registers the day is assumed."""

import sqlalchemy as sa
from alembic import op

revision = "0046"
down_revision = "0045"


def upgrade() -> None:
    """Add the column; before, nothing was noted."""
    op.add_column(
        "register", sa.Column("day_assumed", sa.Boolean(), nullable=False, server_default="false")
    )


def downgrade() -> None:
    """Forget it."""
    op.drop_column("register", "day_assumed")
