"""A text that two let out keeps its marks of who was hidden: who is hidden later is judged."""

from alembic import op

revision = "0096"
down_revision = "0095"


def upgrade() -> None:
    """Let the next command write the marks of what is there anew."""
    op.execute("ALTER TABLE resource_mark ADD COLUMN judged boolean NOT NULL DEFAULT false")
    op.alter_column("resource_record", "marks_version", server_default="4")


def downgrade() -> None:
    """Forget what was judged, and say that the marks of today are those of the former release."""
    op.execute("DELETE FROM resource_mark WHERE judged")
    op.execute("ALTER TABLE resource_mark DROP COLUMN judged")
    op.execute("UPDATE resource_record SET marks_version = 3 WHERE marks_version > 3")
    op.alter_column("resource_record", "marks_version", server_default="3")
