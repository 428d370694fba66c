"""Ways that are called after a building are known: marks before are written anew."""

from alembic import op

revision = "0075"
down_revision = "0074"


def upgrade() -> None:
    """Let the next command write the marks of what is there anew."""
    op.alter_column("actor_protected", "marks_version", server_default="8")


def downgrade() -> None:
    """Say that the marks of today are those of the former release."""
    op.execute("UPDATE actor_protected SET marks_version = 7 WHERE marks_version > 7")
    op.alter_column("actor_protected", "marks_version", server_default="7")
