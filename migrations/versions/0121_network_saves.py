"""How often a member wrote their profile lately: whoever writes more is asked to wait."""

from alembic import op

revision = "0121"
down_revision = "0120"
# It writes no profile.
former_release_goes_on = True


def upgrade() -> None:
    """Add the count and since when it counts."""
    op.execute(
        "ALTER TABLE network_member ADD COLUMN saves integer NOT NULL DEFAULT 0,"
        " ADD COLUMN saves_since timestamptz"
    )


def downgrade() -> None:
    """Count no more."""
    op.execute("ALTER TABLE network_member DROP COLUMN saves, DROP COLUMN saves_since")
