"""Places are known by more of their spellings: marks before are written anew."""

from alembic import op

revision = "0072"
down_revision = "0071"


def upgrade() -> None:
    """Let the next command write the marks of what is there anew."""
    op.alter_column("actor_protected", "marks_version", server_default="5")


def downgrade() -> None:
    """Say that the marks of today are those of the former release."""
    op.execute("UPDATE actor_protected SET marks_version = 4 WHERE marks_version > 4")
    op.alter_column("actor_protected", "marks_version", server_default="4")
