"""Territories and communes: reference data, rewritten by `mesure23 territories load`."""

from geoalchemy2 import Geometry, WKBElement
from sqlalchemy import ForeignKey, Index
from sqlalchemy.orm import Mapped, mapped_column

from app.models.base import Base, Texts

TEXTS = Texts()


def _names(table: str) -> tuple[Index, Index]:
    """Return the indexes of names: what a person mistypes, and how a name begins."""
    return (
        Index(
            f"ix_{table}_search_name",
            "search_name",
            postgresql_using="gin",
            postgresql_ops={"search_name": "gin_trgm_ops"},
        ),
        Index(
            f"ix_{table}_name_prefix",
            "search_name",
            postgresql_ops={"search_name": "text_pattern_ops"},
        ),
    )


class Territory(Base):
    """A département, the Métropole de Lyon or a collectivité. Geometries: EPSG:4326.

    boundary: as it is; outline: simplified together with its neighbours for the map of France.
    """

    __tablename__ = "territory"

    code: Mapped[str] = mapped_column(primary_key=True)
    name: Mapped[str]
    slug: Mapped[str] = mapped_column(unique=True)
    territory_type: Mapped[str] = mapped_column("kind")
    region_code: Mapped[str]
    region_name: Mapped[str]
    boundary: Mapped[WKBElement | None] = mapped_column(Geometry("MULTIPOLYGON", 4326))
    outline: Mapped[WKBElement | None] = mapped_column(
        Geometry("MULTIPOLYGON", 4326, spatial_index=False)
    )


class Epci(Base):
    """An intercommunality, by its SIREN."""

    __tablename__ = "epci"

    code: Mapped[str] = mapped_column(primary_key=True)
    name: Mapped[str]


class Commune(Base):
    """A current commune by INSEE code. point: EPSG:4326, its town hall or inside its polygon."""

    __tablename__ = "commune"
    __table_args__ = (
        *_names("commune"),
        Index("ix_commune_postcodes", "postcodes", postgresql_using="gin"),
    )

    code: Mapped[str] = mapped_column(primary_key=True)
    name: Mapped[str]
    search_name: Mapped[str]
    territory_code: Mapped[str] = mapped_column(ForeignKey("territory.code"), index=True)
    postcodes: Mapped[list[str]] = mapped_column(TEXTS)
    epci_code: Mapped[str | None] = mapped_column(ForeignKey("epci.code"), index=True)
    point: Mapped[WKBElement | None] = mapped_column(Geometry("POINT", 4326))
    population: Mapped[int | None]


class FormerCommune(Base):
    """A code and name still in use for what is now part of a commune, arrondissements included.

    point: EPSG:4326, inside its polygon, where one is known. name, search_name: "" where no source
    has them.
    """

    __tablename__ = "former_commune"
    __table_args__ = _names("former_commune")

    code: Mapped[str] = mapped_column(primary_key=True)
    name: Mapped[str] = mapped_column(primary_key=True)
    commune_type: Mapped[str] = mapped_column("kind")
    commune_code: Mapped[str] = mapped_column(ForeignKey("commune.code"), index=True)
    postcodes: Mapped[list[str]] = mapped_column(TEXTS)
    search_name: Mapped[str] = mapped_column(server_default="")
    population: Mapped[int | None]
    point: Mapped[WKBElement | None] = mapped_column(Geometry("POINT", 4326, spatial_index=False))
