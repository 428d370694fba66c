"""Whether the last mail of who comes to an event left, where nobody knows it."""

from alembic import op

revision = "0122"
down_revision = "0121"
# It writes a mail down once it left, and never that one is on its way: of its mails none is in
# doubt. One that was on its way as it came may be sent a second time by it, as before.
former_release_goes_on = True


def upgrade() -> None:
    """Say of none that it is on its way."""
    op.execute("ALTER TABLE agenda_registration ADD COLUMN going boolean NOT NULL DEFAULT false")


def downgrade() -> None:
    """Know no more whether one is."""
    op.execute("ALTER TABLE agenda_registration DROP COLUMN going")
