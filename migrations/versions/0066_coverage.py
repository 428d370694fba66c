"""Coverage month by month; visitors read of how many territories nobody was there, by quarter."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy import text

revision = "0066"
down_revision = "0059"

# Of fewer territories a number beside that of today could name the one that changed.
FEWEST = 10


def upgrade() -> None:
    """Add the table for staff, and the view of whole quarters of France for visitors."""
    op.create_table(
        "coverage_count",
        sa.Column("month", sa.Date(), nullable=False),
        sa.Column("territory_code", sa.Text(), nullable=False),
        sa.Column("function", sa.Text(), nullable=False),
        *(sa.Column(name, sa.Integer(), nullable=False) for name in ("actors", "special", "fresh")),
        sa.Column("is_listed", sa.Boolean(), nullable=False),
        sa.CheckConstraint(
            "month = date_trunc('month', month)::date", name=op.f("ck_coverage_count_month")
        ),
        sa.CheckConstraint(
            "0 <= fresh AND fresh <= actors AND special <= actors",
            name=op.f("ck_coverage_count_counts"),
        ),
        sa.PrimaryKeyConstraint(
            "month", "territory_code", "function", name=op.f("pk_coverage_count")
        ),
    )
    database = op.get_bind().scalar(text("SELECT current_database()"))
    op.execute(f'GRANT SELECT, INSERT ON coverage_count TO "{database}_staff"')
    # The last month of a quarter stands for it, once the quarter is over.
    op.execute(f"""
        CREATE VIEW open.coverage_quarter AS
        SELECT month, function, CASE WHEN without >= {FEWEST} THEN without END AS without
        FROM (
            SELECT month, function, count(*) FILTER (
                WHERE CASE WHEN function = '' THEN NOT is_listed ELSE actors = 0 END
            ) AS without
            FROM public.coverage_count
            WHERE territory_code <> '' AND extract(month FROM month) IN (3, 6, 9, 12)
            AND month + interval '1 month' <= now()
            GROUP BY month, function
        ) AS counted
    """)
    op.execute(f'GRANT SELECT ON open.coverage_quarter TO "{database}_public"')


def downgrade() -> None:
    """Drop both, and what was counted."""
    op.execute("DROP VIEW open.coverage_quarter")
    op.drop_table("coverage_count")
