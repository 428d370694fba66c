"""Which lines of a deposited list are read with a correction of the list before."""

import sqlalchemy as sa
from alembic import op

revision = "0054"
down_revision = "0053"

_BEFORE = "'created', 'updated', 'doubtful', 'missing', 'rejected', 'ignored'"


def upgrade() -> None:
    """Add the column, and the lines that change nothing, which are shown if they are so read."""
    op.add_column(
        "deposit_line",
        sa.Column("recalled", sa.Boolean(), server_default=sa.false(), nullable=False),
    )
    _allow(f"{_BEFORE}, 'unchanged'")


def downgrade() -> None:
    """Drop it: the lists that wait show what they change alone."""
    op.execute("DELETE FROM deposit_line WHERE outcome = 'unchanged'")
    _allow(_BEFORE)
    op.drop_column("deposit_line", "recalled")


def _allow(outcomes: str) -> None:
    op.drop_constraint(op.f("ck_deposit_line_outcome"), "deposit_line", type_="check")
    op.create_check_constraint(
        op.f("ck_deposit_line_outcome"), "deposit_line", f"outcome IN ({outcomes})"
    )
