"""The worker has the database count what it noted as new, which else happens a minute later."""

from alembic import op
from sqlalchemy import text

revision = "0136"
down_revision = "0135"
# It asks for no such count.
former_release_goes_on = True
# By the owner: whoever owns a table alone may analyse it.
COUNT = """
CREATE FUNCTION count_first_seen() RETURNS void
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
BEGIN
    ANALYZE public.first_seen;
END $$
"""


def upgrade() -> None:
    """Create the function."""
    database = op.get_bind().scalar(text("SELECT current_database()"))
    op.execute(COUNT)
    op.execute("REVOKE ALL ON FUNCTION count_first_seen() FROM PUBLIC")
    op.execute(f'GRANT EXECUTE ON FUNCTION count_first_seen() TO "{database}_staff"')


def downgrade() -> None:
    """Drop it."""
    op.execute("DROP FUNCTION count_first_seen()")
