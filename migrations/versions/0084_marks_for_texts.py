"""A text says where somebody hidden is: marks before are written anew."""

from alembic import op

revision = "0084"
down_revision = "0083"


def upgrade() -> None:
    """Let the next command write the marks of what is there anew."""
    op.alter_column("actor_protected", "marks_version", server_default="16")


def downgrade() -> None:
    """Say that the marks of today are those of the former release."""
    op.execute("UPDATE actor_protected SET marks_version = 15 WHERE marks_version > 15")
    op.alter_column("actor_protected", "marks_version", server_default="15")
