"""A text says a place without a number as well: marks before are written anew."""

from alembic import op

revision = "0091"
down_revision = "0090"


def upgrade() -> None:
    """Let the next command write the marks of what is there anew."""
    op.alter_column("actor_protected", "marks_version", server_default="17")


def downgrade() -> None:
    """Say that the marks of today are those of the former release."""
    op.execute("UPDATE actor_protected SET marks_version = 16 WHERE marks_version > 16")
    op.alter_column("actor_protected", "marks_version", server_default="16")
