"""A mail of a letter is found by its key alone."""

from alembic import op

revision = "0143"
down_revision = "0142"
# It finds each mail by its key as well, and those that wait by their letter.
former_release_goes_on = True
# While a letter leaves nearly all rows are in it. Statistics from before said that there were none,
# so that to find one mail PostgreSQL read all of it.
INDEX = "ix_letter_mail_due_at"


def upgrade() -> None:
    """Drop the index of what waits: the key begins with the letter, of which all is read."""
    op.execute(f"DROP INDEX {INDEX}")


def downgrade() -> None:
    """Create it anew."""
    op.execute(f"CREATE INDEX {INDEX} ON letter_mail (due_at) WHERE status IN ('queued', 'going')")
