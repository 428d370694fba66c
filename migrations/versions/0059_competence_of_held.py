"""Who keeps its address to itself, beside a home, is nobody of a commune's competence.

The communes that it covers are hidden since a few of them would place it, and this view said them.
"""

from alembic import op

revision = "0059"
down_revision = "0058"

VIEW = """
CREATE OR REPLACE VIEW open.competence AS
SELECT c.register, c.commune_code, c.category, c.anyone, a.public_id
FROM public.competence c
LEFT JOIN public.actor a
    ON a.public_id = c.public_id AND a.status = 'published' AND NOT a.protected
"""
OPEN = """
    AND NOT EXISTS (
        SELECT FROM public.actor_protected p WHERE p.actor_id = a.id AND p.level IS NOT NULL)
"""


def upgrade() -> None:
    """Name those alone of whom nothing is hidden; an office without an address is one of them."""
    op.execute(f"{VIEW} {OPEN}")


def downgrade() -> None:
    """Name the others again."""
    op.execute(VIEW)
