"""An invitation to a CDLP says when a server was last asked to take its mail."""

from alembic import op

revision = "0138"
down_revision = "0137"
# It asks as often as before, and does not know the column, which needs no value.
former_release_goes_on = True


def upgrade() -> None:
    """Let a mail whose mailbox is full wait longer each time; no row is written."""
    op.execute("ALTER TABLE committee_member ADD COLUMN tried_at timestamptz")


def downgrade() -> None:
    """Try each of them at every round."""
    op.execute("ALTER TABLE committee_member DROP COLUMN tried_at")
