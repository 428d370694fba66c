"""Visitors read when an actor was first seen public, for as long as it is."""

from alembic import op
from sqlalchemy import text

revision = "0129"
down_revision = "0128"
# It asks for no such view.
former_release_goes_on = True
# Of no protected one, and of none that disappeared.
VIEW = """
CREATE VIEW open.first_seen AS
SELECT f.domain, f.public_id, f.at FROM public.first_seen f
JOIN public.actor a ON a.public_id = f.public_id
WHERE f.domain = 'acteurs' AND a.status = 'published' AND NOT a.protected
"""


def upgrade() -> None:
    """Create the view."""
    database = op.get_bind().scalar(text("SELECT current_database()"))
    op.execute(VIEW)
    op.execute(f'GRANT SELECT ON open.first_seen TO "{database}_public"')


def downgrade() -> None:
    """Let visitors read of none."""
    op.execute("DROP VIEW open.first_seen")
