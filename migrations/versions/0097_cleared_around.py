"""What is taken from collections, words and names of bodies is owed a rewrite of the files as well.

Where no text was taken with it, and no sheet was public before, nothing said so.
"""

from alembic import op
from sqlalchemy import text

revision = "0097"
down_revision = "0096"

TABLE = """
CREATE TABLE cleared_around (
    at timestamptz NOT NULL CONSTRAINT pk_cleared_around PRIMARY KEY
)
"""


def upgrade() -> None:
    """Create the table, of staff alone."""
    database = op.get_bind().scalar(text("SELECT current_database()"))
    op.execute(TABLE)
    op.execute(f'GRANT SELECT, INSERT, DELETE ON cleared_around TO "{database}_staff"')


def downgrade() -> None:
    """Drop it."""
    op.execute("DROP TABLE cleared_around")
