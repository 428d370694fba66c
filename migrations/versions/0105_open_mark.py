"""What a référent reads of a line is told from what a curateur reads of it."""

import sqlalchemy as sa
from alembic import op

revision = "0105"
down_revision = "0104"
# It writes none, and reads a line anew to everybody, as it did.
former_release_goes_on = True


def upgrade() -> None:
    """Lines that are there have none: what is decided of them holds as before."""
    op.add_column("deposit_line", sa.Column("open_mark", sa.LargeBinary(), nullable=True))


def downgrade() -> None:
    """Read a line anew to everybody."""
    op.drop_column("deposit_line", "open_mark")
