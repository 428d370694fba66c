"""Which curateur looks after which territory; the public login may read nothing of it."""

from uuid import UUID

from sqlalchemy import ForeignKey, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from app.models.base import Base


class TerritoryCurateur(Base):
    """The curateur of a territory, or who stands in for them; each sees all of France."""

    __tablename__ = "territory_curateur"
    # Nobody stands in for themselves.
    __table_args__ = (UniqueConstraint("territory_code", "account_id"),)

    territory_code: Mapped[str] = mapped_column(ForeignKey("territory.code"), primary_key=True)
    stand_in: Mapped[bool] = mapped_column(primary_key=True)
    account_id: Mapped[UUID] = mapped_column(ForeignKey("account.id"), index=True)
