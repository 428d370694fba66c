"""Visitors read no issuing body but those of what they may read.

One that a text for professionals alone names, or one that was erased, says that there is such a
text.
"""

from alembic import op

revision = "0086"
down_revision = "0085"
VIEW = "CREATE OR REPLACE VIEW open.issuing_body AS SELECT code, name, variants"


def upgrade() -> None:
    """Cut the view by what is public."""
    op.execute(
        f"{VIEW} FROM public.issuing_body shown WHERE code IN"
        " (SELECT unnest(body_codes) FROM public.resource WHERE audience = 'public')"
    )


def downgrade() -> None:
    """Show all of them."""
    op.execute(f"{VIEW} FROM public.issuing_body shown WHERE true")
