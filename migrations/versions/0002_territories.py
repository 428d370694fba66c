"""Territories and communes: reference data."""

import sqlalchemy as sa
from alembic import op
from geoalchemy2 import Geometry

revision = "0002"
down_revision = "0001"


def upgrade() -> None:
    """Create the tables of reference data."""
    op.create_table(
        "epci",
        sa.Column("code", sa.Text(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("code", name=op.f("pk_epci")),
    )
    op.create_geospatial_table(
        "territory",
        sa.Column("code", sa.Text(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("slug", sa.Text(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("region_code", sa.Text(), nullable=False),
        sa.Column("region_name", sa.Text(), nullable=False),
        sa.Column(
            "boundary",
            Geometry(
                geometry_type="MULTIPOLYGON",
                srid=4326,
                dimension=2,
                spatial_index=False,
                from_text="ST_GeomFromEWKT",
                name="geometry",
            ),
            nullable=True,
        ),
        sa.Column(
            "outline",
            Geometry(
                geometry_type="MULTIPOLYGON",
                srid=4326,
                dimension=2,
                spatial_index=False,
                from_text="ST_GeomFromEWKT",
                name="geometry",
            ),
            nullable=True,
        ),
        sa.Column(
            "label_point",
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
        sa.PrimaryKeyConstraint("code", name=op.f("pk_territory")),
        sa.UniqueConstraint("slug", name=op.f("uq_territory_slug")),
    )
    op.create_geospatial_index(
        "idx_territory_boundary",
        "territory",
        ["boundary"],
        unique=False,
        postgresql_using="gist",
        postgresql_ops={},
    )
    op.create_geospatial_table(
        "commune",
        sa.Column("code", sa.Text(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("search_name", sa.Text(), nullable=False),
        sa.Column("territory_code", sa.Text(), nullable=False),
        sa.Column("postcodes", sa.ARRAY(sa.Text()), nullable=False),
        sa.Column("epci_code", sa.Text(), nullable=True),
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
        sa.ForeignKeyConstraint(
            ["epci_code"], ["epci.code"], name=op.f("fk_commune_epci_code_epci")
        ),
        sa.ForeignKeyConstraint(
            ["territory_code"], ["territory.code"], name=op.f("fk_commune_territory_code_territory")
        ),
        sa.PrimaryKeyConstraint("code", name=op.f("pk_commune")),
    )
    op.create_geospatial_index(
        "idx_commune_point",
        "commune",
        ["point"],
        unique=False,
        postgresql_using="gist",
        postgresql_ops={},
    )
    op.create_index(op.f("ix_commune_epci_code"), "commune", ["epci_code"], unique=False)
    op.create_index(
        "ix_commune_postcodes", "commune", ["postcodes"], unique=False, postgresql_using="gin"
    )
    op.create_index(
        "ix_commune_search_name",
        "commune",
        ["search_name"],
        unique=False,
        postgresql_using="gin",
        postgresql_ops={"search_name": "gin_trgm_ops"},
    )
    op.create_index(op.f("ix_commune_territory_code"), "commune", ["territory_code"], unique=False)
    op.create_table(
        "former_commune",
        sa.Column("code", sa.Text(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("commune_code", sa.Text(), nullable=False),
        sa.Column("postcodes", sa.ARRAY(sa.Text()), nullable=False),
        sa.ForeignKeyConstraint(
            ["commune_code"], ["commune.code"], name=op.f("fk_former_commune_commune_code_commune")
        ),
        sa.PrimaryKeyConstraint("code", "name", name=op.f("pk_former_commune")),
    )
    op.create_index(
        op.f("ix_former_commune_commune_code"), "former_commune", ["commune_code"], unique=False
    )


def downgrade() -> None:
    """Drop them."""
    op.drop_index(op.f("ix_former_commune_commune_code"), table_name="former_commune")
    op.drop_table("former_commune")
    op.drop_index(op.f("ix_commune_territory_code"), table_name="commune")
    op.drop_index(
        "ix_commune_search_name",
        table_name="commune",
        postgresql_using="gin",
        postgresql_ops={"search_name": "gin_trgm_ops"},
    )
    op.drop_index("ix_commune_postcodes", table_name="commune", postgresql_using="gin")
    op.drop_index(op.f("ix_commune_epci_code"), table_name="commune")
    op.drop_geospatial_index(
        "idx_commune_point", table_name="commune", postgresql_using="gist", column_name="point"
    )
    op.drop_geospatial_table("commune")
    op.drop_geospatial_index(
        "idx_territory_boundary",
        table_name="territory",
        postgresql_using="gist",
        column_name="boundary",
    )
    op.drop_geospatial_table("territory")
    op.drop_table("epci")
