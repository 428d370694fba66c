"""The marks of published texts have a version: those before are written anew."""

from alembic import op

revision = "0094"
down_revision = "0093"


def upgrade() -> None:
    """Let the next command write the marks of what is there anew."""
    op.execute("ALTER TABLE resource_record ADD COLUMN marks_version smallint NOT NULL DEFAULT 1")
    op.alter_column("resource_record", "marks_version", server_default="2")


def downgrade() -> None:
    """Forget by which release they were written."""
    op.execute("ALTER TABLE resource_record DROP COLUMN marks_version")
