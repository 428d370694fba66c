"""Places are known in links, and as people quote them elsewhere: marks before are written anew."""

from alembic import op

revision = "0073"
down_revision = "0072"


def upgrade() -> None:
    """Let the next command write the marks of what is there anew."""
    op.alter_column("actor_protected", "marks_version", server_default="6")


def downgrade() -> None:
    """Say that the marks of today are those of the former release."""
    op.execute("UPDATE actor_protected SET marks_version = 5 WHERE marks_version > 5")
    op.alter_column("actor_protected", "marks_version", server_default="5")
