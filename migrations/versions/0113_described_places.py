"""Whether the operator of a place lets professionals read what it is: category, ages, missions."""

import sqlalchemy as sa
from alembic import op

revision = "0113"
down_revision = "0112"
# It describes no place, and what it writes of a choice is of another moment, which ends this.
former_release_goes_on = True


def upgrade() -> None:
    """Nobody agreed to that yet; note where somebody takes it back."""
    op.add_column("reveal_choice", sa.Column("described_at", sa.DateTime(timezone=True)))
    op.execute(
        "CREATE TRIGGER reveal_choice_says_less AFTER UPDATE ON reveal_choice FOR EACH ROW"
        " WHEN (OLD.described_at = OLD.made_at"
        " AND NEW.described_at IS DISTINCT FROM NEW.made_at)"
        " EXECUTE FUNCTION note_withdrawal('choice', 'actor_id', '')"
    )


def downgrade() -> None:
    """Describe no place any more."""
    op.execute("DROP TRIGGER reveal_choice_says_less ON reveal_choice")
    op.drop_column("reveal_choice", "described_at")
