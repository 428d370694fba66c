"""Whoever deletes an account finds where its member comes to by an index."""

from migrations.indexes import create_index_alongside, drop_index_alongside

revision = "0145"
down_revision = "0144"
# It names no index.
former_release_goes_on = True
INDEX, TABLE = "ix_agenda_registration_account_id", "agenda_registration"


def upgrade() -> None:
    """Make it while others write."""
    create_index_alongside(INDEX, TABLE, ["account_id"])


def downgrade() -> None:
    """Read the whole table for each account."""
    drop_index_alongside(INDEX, TABLE)
