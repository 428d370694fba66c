"""Sources are followed: when more is expected, who sends it, and how columns were read."""

import sqlalchemy as sa
from alembic import op

revision = "0044"
down_revision = "0043"


def upgrade() -> None:
    """Add the columns; staff may write those of their tables already."""
    op.add_column("source", sa.Column("cadence", sa.Integer(), nullable=True))
    op.add_column("source", sa.Column("contact", sa.LargeBinary(), nullable=True))
    op.create_check_constraint("cadence", "source", "cadence BETWEEN 0 AND 36")
    op.add_column("source_file", sa.Column("mapping", sa.LargeBinary(), nullable=True))


def downgrade() -> None:
    """Forget them."""
    op.drop_column("source_file", "mapping")
    op.drop_constraint(op.f("ck_source_cadence"), "source", type_="check")
    op.drop_column("source", "contact")
    op.drop_column("source", "cadence")
