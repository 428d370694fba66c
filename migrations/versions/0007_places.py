"""How large a commune is, and where former communes and arrondissements lie, for the search."""

import sqlalchemy as sa
from alembic import op
from geoalchemy2 import Geometry
from sqlalchemy import text

revision = "0007"
down_revision = "0006"

# The columns that each view had before, and has again after a downgrade.
OLD = {
    "commune": "code, name, search_name, territory_code, postcodes, epci_code, point",
    "former_commune": "code, name, kind, commune_code, postcodes",
}
ADDED = {"commune": ", population", "former_commune": ", search_name, population, point"}
PREFIX = ("commune", "former_commune")


def upgrade() -> None:
    """Add the columns, empty until the territories are loaded again, and show them."""
    op.add_column("commune", sa.Column("population", sa.Integer(), nullable=True))
    op.add_column(
        "former_commune", sa.Column("search_name", sa.Text(), server_default="", nullable=False)
    )
    op.add_column("former_commune", sa.Column("population", sa.Integer(), nullable=True))
    op.add_geospatial_column(
        "former_commune",
        sa.Column(
            "point",
            Geometry(
                geometry_type="POINT",
                srid=4326,
                dimension=2,
                spatial_index=False,
                from_text="ST_GeomFromEWKT",
                name="geometry",
            ),
            nullable=True,
        ),
    )
    for table in PREFIX:
        op.create_index(
            f"ix_{table}_name_prefix",
            table,
            ["search_name"],
            unique=False,
            postgresql_ops={"search_name": "text_pattern_ops"},
        )
    op.create_index(
        "ix_former_commune_search_name",
        "former_commune",
        ["search_name"],
        unique=False,
        postgresql_using="gin",
        postgresql_ops={"search_name": "gin_trgm_ops"},
    )
    for view, columns in OLD.items():
        columns += ADDED[view]
        op.execute(f"CREATE OR REPLACE VIEW open.{view} AS SELECT {columns} FROM public.{view}")


def downgrade() -> None:
    """Drop them; a view cannot lose columns in place."""
    database = op.get_bind().scalar(text("SELECT current_database()"))
    for view, columns in OLD.items():
        op.execute(f"DROP VIEW open.{view}")
        op.execute(f"CREATE VIEW open.{view} AS SELECT {columns} FROM public.{view}")
        op.execute(f'GRANT SELECT ON open.{view} TO "{database}_public"')
    op.drop_index("ix_former_commune_search_name", table_name="former_commune")
    for table in PREFIX:
        op.drop_index(f"ix_{table}_name_prefix", table_name=table)
    op.drop_geospatial_column("former_commune", "point")
    op.drop_column("former_commune", "population")
    op.drop_column("former_commune", "search_name")
    op.drop_column("commune", "population")
