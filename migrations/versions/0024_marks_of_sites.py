"""Marks of sites know the pages above and the links in texts: those before are written anew."""

from alembic import op

revision = "0024"
down_revision = "0023"


def upgrade() -> None:
    """Let the next command write the marks of what is there anew."""
    op.alter_column("actor_protected", "marks_version", server_default="2")


def downgrade() -> None:
    """Say that the marks of today are those of the former release, which reads its own kinds."""
    op.execute("UPDATE actor_protected SET marks_version = 1 WHERE marks_version > 1")
    op.alter_column("actor_protected", "marks_version", server_default="1")
