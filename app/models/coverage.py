"""How many public actors there were of each function in each territory, month by month."""

from datetime import date

from sqlalchemy import CheckConstraint
from sqlalchemy.orm import Mapped, mapped_column

from app.models.base import Base


class CoverageCount(Base):
    """What visitors could count in the first night of a month: numbers, and nobody.

    month: its first day. territory_code, function: "" for those who cover all of France, and for
    all functions; no key of another table, since what was counted stays. is_listed: whether a list
    named somebody of the territory.
    """

    __tablename__ = "coverage_count"
    __table_args__ = (
        CheckConstraint("month = date_trunc('month', month)::date", name="month"),
        CheckConstraint("0 <= fresh AND fresh <= actors AND special <= actors", name="counts"),
    )

    month: Mapped[date] = mapped_column(primary_key=True)
    territory_code: Mapped[str] = mapped_column(primary_key=True)
    function: Mapped[str] = mapped_column(primary_key=True)
    actors: Mapped[int]
    special: Mapped[int]
    fresh: Mapped[int]
    is_listed: Mapped[bool]
