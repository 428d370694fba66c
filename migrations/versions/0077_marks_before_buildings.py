"""The way before a building is known whatever it is called after: marks before are written anew."""

from alembic import op

revision = "0077"
down_revision = "0076"


def upgrade() -> None:
    """Let the next command write the marks of what is there anew."""
    op.alter_column("actor_protected", "marks_version", server_default="10")


def downgrade() -> None:
    """Say that the marks of today are those of the former release."""
    op.execute("UPDATE actor_protected SET marks_version = 9 WHERE marks_version > 9")
    op.alter_column("actor_protected", "marks_version", server_default="9")
