"""Lines of a deposited list that say otherwise than their actor, and what of them may be taken."""

import sqlalchemy as sa
from alembic import op

revision = "0055"
down_revision = "0054"

_BEFORE = "'created', 'updated', 'doubtful', 'missing', 'rejected', 'ignored', 'unchanged'"


def upgrade() -> None:
    """Add the column, and the lines that change nothing and say otherwise than their actor."""
    op.add_column(
        "deposit_line",
        sa.Column("takes", sa.Boolean(), server_default=sa.false(), nullable=False),
    )
    _allow(f"{_BEFORE}, 'conflicting'")


def downgrade() -> None:
    """Drop it: what these lines say is found once their lists are applied, as it was."""
    op.execute("DELETE FROM deposit_line WHERE outcome = 'conflicting'")
    _allow(_BEFORE)
    op.drop_column("deposit_line", "takes")


def _allow(outcomes: str) -> None:
    op.drop_constraint(op.f("ck_deposit_line_outcome"), "deposit_line", type_="check")
    op.create_check_constraint(
        op.f("ck_deposit_line_outcome"), "deposit_line", f"outcome IN ({outcomes})"
    )
