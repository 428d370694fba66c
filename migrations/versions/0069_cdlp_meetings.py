"""Meetings of departmental commissions and what was confirmed there, for staff alone."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy import text

revision = "0069"
down_revision = "0063"


def upgrade() -> None:
    """Add the table."""
    op.create_table(
        "cdlp_meeting",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("territory_code", sa.Text(), nullable=False),
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("made_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("made_by", sa.Text(), nullable=False),
        sa.Column("confirmed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("confirmed_by", sa.Text(), nullable=True),
        sa.Column("actors", sa.LargeBinary(), nullable=True),
        sa.CheckConstraint(
            "(confirmed_at IS NULL) = (confirmed_by IS NULL)"
            " AND (confirmed_at IS NULL) = (actors IS NULL)",
            name=op.f("ck_cdlp_meeting_confirmed"),
        ),
        sa.ForeignKeyConstraint(
            ["territory_code"],
            ["territory.code"],
            name=op.f("fk_cdlp_meeting_territory_code_territory"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_cdlp_meeting")),
        sa.UniqueConstraint("territory_code", "day", name=op.f("uq_cdlp_meeting_territory_code")),
    )
    staff = f'"{op.get_bind().scalar(text("SELECT current_database()"))}_staff"'
    op.execute(f"GRANT SELECT, INSERT, UPDATE, DELETE ON cdlp_meeting TO {staff}")


def downgrade() -> None:
    """Drop it, and what was confirmed."""
    op.drop_table("cdlp_meeting")
