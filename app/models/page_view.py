"""How often public pages were seen, by day: numbers, and nobody."""

from datetime import date

from sqlalchemy import CheckConstraint
from sqlalchemy.orm import Mapped, mapped_column

from app.models.base import Base


class PageView(Base):
    """How often a page was seen on a day of Paris.

    is_rest: of a month that is over, what its days of few views had together; day is its first.
    page: of app.statistics.page_types. territory_code, facet, embed_id: "" where there is none; no
    keys of other tables, since what was counted stays.
    """

    __tablename__ = "page_view"
    __table_args__ = (
        CheckConstraint("count > 0", name="count"),
        CheckConstraint("NOT is_rest OR day = date_trunc('month', day)::date", name="rest"),
        CheckConstraint(
            "page IN ('accueil', 'territoires', 'territoire', 'recherche', 'fiche', 'tableau',"
            " 'fichier', 'impression', 'couverture', 'ressources', 'ressource',"
            " 'agenda', 'lettre', 'service', 'integration', 'carte', 'sans_resultat')",
            name="page",
        ),
        CheckConstraint("(page = 'sans_resultat') = (facet <> '')", name="facet"),
        CheckConstraint("(page = 'carte') = (embed_id <> '')", name="embed"),
    )

    day: Mapped[date] = mapped_column(primary_key=True)
    is_rest: Mapped[bool] = mapped_column(primary_key=True)
    page: Mapped[str] = mapped_column(primary_key=True)
    territory_code: Mapped[str] = mapped_column(primary_key=True)
    facet: Mapped[str] = mapped_column(primary_key=True)
    embed_id: Mapped[str] = mapped_column(primary_key=True)
    count: Mapped[int]


class PageViewFacet(Base):
    """A facet that may be counted; the desk adds those of its release as it starts."""

    __tablename__ = "page_view_facet"

    facet: Mapped[str] = mapped_column(primary_key=True)
