"""Why an actor is hidden, sealed, and how much of it; what lists published is hidden again.

The causes themselves need the keys: they are worked out by the next command of staff that opens
them (app/records/settling.py). Until then nothing is public that was not, and less is.
"""

import sqlalchemy as sa
from alembic import op

revision = "0016"
down_revision = "0015"

REASONS = "reason IN ('category', 'unknown', 'shared', 'decision')"
LEVELS = "level IN ('held', 'neutral', 'unlisted')"
# Categories that housed children, and are published though no person decided it.
BY_A_LIST = """
UPDATE actor SET status = 'draft'
WHERE status = 'published' AND NOT protected
  AND category IN ('mecs', 'foyer_enfance', 'lieu_de_vie', 'pouponniere', 'hebergement')
  AND NOT EXISTS (
    SELECT FROM revision WHERE revision.actor_id = actor.id AND revision.action = 'unprotect'
  )
"""


def upgrade() -> None:
    """Replace the one reason by a level, and hide until its causes are known what a list showed."""
    op.add_column("actor_protected", sa.Column("level", sa.Text(), nullable=True))
    op.add_column("actor_protected", sa.Column("causes", sa.LargeBinary(), nullable=True))
    op.execute(
        "UPDATE actor_protected SET level ="
        " CASE reason WHEN 'unknown' THEN 'unlisted' ELSE 'neutral' END WHERE reason IS NOT NULL"
    )
    op.create_check_constraint(op.f("ck_actor_protected_level"), "actor_protected", LEVELS)
    # Read once, when the causes are worked out.
    op.drop_constraint(op.f("ck_actor_protected_reason"), "actor_protected")
    op.alter_column("actor_protected", "reason", new_column_name="former_reason")
    op.alter_column("actor_protected", "decided_on", new_column_name="former_decision")
    op.execute(BY_A_LIST)


def downgrade() -> None:
    """Put the reason back; an actor that is held becomes neutral with its next list."""
    op.alter_column("actor_protected", "former_decision", new_column_name="decided_on")
    op.alter_column("actor_protected", "former_reason", new_column_name="reason")
    op.execute(
        "UPDATE actor_protected SET reason ="
        " CASE level WHEN 'unlisted' THEN 'unknown' ELSE 'decision' END WHERE level IS NOT NULL"
    )
    op.create_check_constraint(op.f("ck_actor_protected_reason"), "actor_protected", REASONS)
    op.drop_column("actor_protected", "causes")
    op.drop_column("actor_protected", "level")
