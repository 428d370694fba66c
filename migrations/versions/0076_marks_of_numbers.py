"""Numbers are found whatever stands between their digits: marks before are written anew."""

from alembic import op

revision = "0076"
down_revision = "0075"


def upgrade() -> None:
    """Let the next command write the marks of what is there anew."""
    op.alter_column("actor_protected", "marks_version", server_default="9")


def downgrade() -> None:
    """Say that the marks of today are those of the former release."""
    op.execute("UPDATE actor_protected SET marks_version = 8 WHERE marks_version > 8")
    op.alter_column("actor_protected", "marks_version", server_default="8")
