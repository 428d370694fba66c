"""More of what stands behind a way is known: marks before are written anew."""

from alembic import op

revision = "0081"
down_revision = "0080"


def upgrade() -> None:
    """Let the next command write the marks of what is there anew."""
    op.alter_column("actor_protected", "marks_version", server_default="14")


def downgrade() -> None:
    """Say that the marks of today are those of the former release."""
    op.execute("UPDATE actor_protected SET marks_version = 13 WHERE marks_version > 13")
    op.alter_column("actor_protected", "marks_version", server_default="13")
