"""A line of a workbook is found by its sheet as well: two sheets have the same line numbers."""

import sqlalchemy as sa
from alembic import op

revision = "0020"
down_revision = "0019"

NAME = "uq_source_row_source_file_id"
# The former release knows one number a line: no sheet has so many lines.
FURTHEST = 10_000_000


def upgrade() -> None:
    """Add the sheet, and give lines that a former downgrade moved their numbers back."""
    op.add_column(
        "source_row", sa.Column("sheet", sa.Integer(), server_default="0", nullable=False)
    )
    op.execute(
        f"UPDATE source_row SET sheet = line / {FURTHEST}, line = line % {FURTHEST}"
        f" WHERE line >= {FURTHEST}"
    )
    _unique("source_file_id", "sheet", "line")


def downgrade() -> None:
    """Number the lines of further sheets behind all others; nothing received is deleted."""
    op.execute(f"UPDATE source_row SET line = sheet * {FURTHEST} + line WHERE sheet > 0")
    _unique("source_file_id", "line")
    op.drop_column("source_row", "sheet")


def _unique(*columns: str) -> None:
    op.drop_constraint(op.f(NAME), "source_row")
    op.create_unique_constraint(op.f(NAME), "source_row", list(columns))
