"""How people chose that the columns and words of a source are read."""

import sqlalchemy as sa
from alembic import op

revision = "0051"
down_revision = "0050"


def upgrade() -> None:
    """Add the columns; staff may write those of their table already."""
    op.add_column("source", sa.Column("mapping", sa.LargeBinary(), nullable=True))
    op.add_column("source", sa.Column("mapped_at", sa.DateTime(timezone=True), nullable=True))


def downgrade() -> None:
    """Forget them: columns are read by their titles."""
    op.drop_column("source", "mapped_at")
    op.drop_column("source", "mapping")
