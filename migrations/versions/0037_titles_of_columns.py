"""The titles of the columns of a list, so that a line is read beside them as it was received."""

import sqlalchemy as sa
from alembic import op

revision = "0037"
down_revision = "0035"


def upgrade() -> None:
    """Add them, sealed."""
    op.add_column("source_file", sa.Column("titles", sa.LargeBinary(), nullable=True))


def downgrade() -> None:
    """Drop them."""
    op.drop_column("source_file", "titles")
