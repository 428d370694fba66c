"""Marks are written anew: of links, without the sign behind them; of homes, in no known commune."""

from alembic import op

revision = "0095"
down_revision = "0094"


def upgrade() -> None:
    """Let the next command write the marks of what is there anew."""
    op.alter_column("actor_protected", "marks_version", server_default="18")
    op.alter_column("resource_record", "marks_version", server_default="3")


def downgrade() -> None:
    """Say that the marks of today are those of the former release."""
    for table, former in (("actor_protected", 17), ("resource_record", 2)):
        op.execute(f"UPDATE {table} SET marks_version = {former} WHERE marks_version > {former}")
        op.alter_column(table, "marks_version", server_default=str(former))
