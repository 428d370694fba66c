"""An address leads to one that begins with it: marks before are written anew."""

from alembic import op

revision = "0082"
down_revision = "0081"


def upgrade() -> None:
    """Let the next command write the marks of what is there anew."""
    op.alter_column("actor_protected", "marks_version", server_default="15")


def downgrade() -> None:
    """Say that the marks of today are those of the former release."""
    op.execute("UPDATE actor_protected SET marks_version = 14 WHERE marks_version > 14")
    op.alter_column("actor_protected", "marks_version", server_default="14")
