"""What was taken from visitors is owed a rewrite of the files that held it in clear."""

from alembic import op

revision = "0093"
down_revision = "0092"


def upgrade() -> None:
    """Note since when; of what was taken before, from now on."""
    op.execute("ALTER TABLE resource_record ADD COLUMN owed_since timestamptz")
    op.execute(
        "UPDATE resource_record SET owed_since = now() WHERE edition IS NOT NULL"
        " AND id NOT IN (SELECT id FROM resource)"
    )


def downgrade() -> None:
    """Forget it."""
    op.execute("ALTER TABLE resource_record DROP COLUMN owed_since")
