"""A number behind more ways is known: marks before are written anew."""

from alembic import op

revision = "0079"
down_revision = "0078"


def upgrade() -> None:
    """Let the next command write the marks of what is there anew."""
    op.alter_column("actor_protected", "marks_version", server_default="12")


def downgrade() -> None:
    """Say that the marks of today are those of the former release."""
    op.execute("UPDATE actor_protected SET marks_version = 11 WHERE marks_version > 11")
    op.alter_column("actor_protected", "marks_version", server_default="11")
