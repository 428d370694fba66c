"""What all lists say of a home are marks of it: those before are written anew."""

from alembic import op

revision = "0045"
down_revision = "0044"


def upgrade() -> None:
    """Let the next command write the marks of what is there anew."""
    op.alter_column("actor_protected", "marks_version", server_default="4")


def downgrade() -> None:
    """Say that the marks of today are those of the former release."""
    op.execute("UPDATE actor_protected SET marks_version = 3 WHERE marks_version > 3")
    op.alter_column("actor_protected", "marks_version", server_default="3")
