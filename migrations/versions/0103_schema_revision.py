"""Each process may read which migration the schema has, and say that it waits for a later one."""

from alembic import op
from sqlalchemy import text

revision = "0103"
down_revision = "0102"
# It reads nothing of this.
former_release_goes_on = True


def upgrade() -> None:
    """Show it to public pages as a view, and to staff as it is."""
    database = op.get_bind().scalar(text("SELECT current_database()"))
    op.execute(
        "CREATE VIEW open.schema_revision AS"
        " SELECT version_num AS revision FROM public.alembic_version"
    )
    op.execute(f'GRANT SELECT ON open.schema_revision TO "{database}_public"')
    op.execute(f'GRANT SELECT ON alembic_version TO "{database}_staff"')


def downgrade() -> None:
    """Show it to nobody."""
    database = op.get_bind().scalar(text("SELECT current_database()"))
    op.execute(f'REVOKE SELECT ON alembic_version FROM "{database}_staff"')
    op.execute("DROP VIEW open.schema_revision")
