"""Drop two columns that nothing reads: where a territory's name stands, and who makes a list."""

import sqlalchemy as sa
from alembic import op
from geoalchemy2 import Geometry
from sqlalchemy import text

revision = "0014"
down_revision = "0013"

TERRITORY = "code, name, slug, kind, region_code, region_name, boundary, outline"


def upgrade() -> None:
    """Drop them; the public view goes without the first."""
    _show(TERRITORY)
    op.drop_column("territory", "label_point")
    op.drop_column("source", "producer")


def downgrade() -> None:
    """Put them back, empty.

    The former release opens each producer when it counts or rotates keys, and no value can be
    sealed here: there, write those of new sources first, or go back to a backup.
    """
    op.add_column("source", sa.Column("producer", sa.LargeBinary(), nullable=True))
    op.add_column(
        "territory",
        sa.Column("label_point", Geometry("POINT", 4326, spatial_index=False), nullable=True),
    )
    _show(f"{TERRITORY}, label_point")


def _show(columns: str) -> None:
    """Make the public view of territories anew, with these columns."""
    database = op.get_bind().scalar(text("SELECT current_database()"))
    op.execute("DROP VIEW open.territory")
    op.execute(f"CREATE VIEW open.territory AS SELECT {columns} FROM public.territory")
    op.execute(f'GRANT SELECT ON open.territory TO "{database}_public"')
