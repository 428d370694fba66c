"""What asks for an account, the letter or a place is tried again later, once it failed."""

from alembic import op

revision = "0141"
down_revision = "0140"
# It tries each of them every minute, as before, and does not know the column, which needs no value.
former_release_goes_on = True

TABLES = ("access_request", "letter_subscriber", "agenda_registration")


def upgrade() -> None:
    """Let a mail that did not leave wait longer each time; no row is written."""
    for table in TABLES:
        op.execute(f"ALTER TABLE {table} ADD COLUMN tried_at timestamptz")


def downgrade() -> None:
    """Try each of them at every round."""
    for table in TABLES:
        op.execute(f"ALTER TABLE {table} DROP COLUMN tried_at")
