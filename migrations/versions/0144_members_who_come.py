"""Members come to events by their account."""

from alembic import op

revision = "0144"
down_revision = "0143"
# It registers visitors alone, and reads nothing of the column.
former_release_goes_on = True
TABLE, NAME = "agenda_registration", "fk_agenda_registration_account_id_account"


def upgrade() -> None:
    """Say of which account a registration is, where a member came by it."""
    reference = f"CONSTRAINT {NAME} REFERENCES account"
    op.execute(f"ALTER TABLE {TABLE} ADD COLUMN account_id uuid {reference}")


def downgrade() -> None:
    """Leave nothing of who came by their account: no link of theirs confirms anything."""
    op.execute(f"DELETE FROM {TABLE} WHERE account_id IS NOT NULL")
    op.execute(f"ALTER TABLE {TABLE} DROP COLUMN account_id")
