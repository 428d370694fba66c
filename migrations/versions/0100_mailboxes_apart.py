"""Texts are marked anew: a mailbox with blanks in its host is found in them since."""

from alembic import op

revision = "0100"
down_revision = "0099"


def upgrade() -> None:
    """Let the next command write the marks of what is there anew."""
    op.alter_column("resource_record", "marks_version", server_default="5")


def downgrade() -> None:
    """Say that the marks of today are those of the former release."""
    op.execute("UPDATE resource_record SET marks_version = 4 WHERE marks_version > 4")
    op.alter_column("resource_record", "marks_version", server_default="4")
