"""When the operator of a place was told by mail that a professional was given its contact."""

import sqlalchemy as sa
from alembic import op

revision = "0111"
down_revision = "0110"
# It tells nobody, and leaves the column empty.
former_release_goes_on = True


def upgrade() -> None:
    """Nobody was told of what was given until now."""
    op.add_column("reveal", sa.Column("notified_at", sa.DateTime(timezone=True)))


def downgrade() -> None:
    """Forget who was told."""
    op.drop_column("reveal", "notified_at")
