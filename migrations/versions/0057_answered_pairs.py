"""What a person answered of the lines of a deposited list that may be known actors."""

import sqlalchemy as sa
from alembic import op

revision = "0057"
down_revision = "0056"


def upgrade() -> None:
    """Add the answer of each line, and what it was read beside."""
    op.add_column("deposit_line", sa.Column("pair", sa.LargeBinary(), nullable=True))
    op.add_column("deposit_line", sa.Column("answer", sa.SmallInteger(), nullable=True))
    op.create_check_constraint(
        op.f("ck_deposit_line_answer"),
        "deposit_line",
        "answer IS NULL OR (answer >= 0 AND pair IS NOT NULL"
        " AND decision IS NOT DISTINCT FROM 'accept')",
    )


def downgrade() -> None:
    """Drop them: an answered line is one that was accepted."""
    op.drop_constraint(op.f("ck_deposit_line_answer"), "deposit_line", type_="check")
    op.drop_column("deposit_line", "answer")
    op.drop_column("deposit_line", "pair")
