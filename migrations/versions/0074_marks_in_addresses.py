"""Numbers are known in the cell of an address: marks before are written anew."""

from alembic import op

revision = "0074"
down_revision = "0073"


def upgrade() -> None:
    """Let the next command write the marks of what is there anew."""
    op.alter_column("actor_protected", "marks_version", server_default="7")


def downgrade() -> None:
    """Say that the marks of today are those of the former release."""
    op.execute("UPDATE actor_protected SET marks_version = 6 WHERE marks_version > 6")
    op.alter_column("actor_protected", "marks_version", server_default="6")
