"""Which actors were compared with all others; the public login may read none of it."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import ForeignKey
from sqlalchemy.orm import Mapped, mapped_column

from app.models.base import Base


class ActorCompared(Base):
    """An actor that was compared with the others. updated_at: of the actor as it was then.

    Whoever has another one now, or no row, is still to be compared: a run that was cut goes on.
    """

    __tablename__ = "actor_compared"

    actor_id: Mapped[UUID] = mapped_column(
        ForeignKey("actor.id", ondelete="CASCADE"), primary_key=True
    )
    updated_at: Mapped[datetime]


class FormerAddress(Base):
    """The public id of an actor that was joined to another one, where nothing of either is hidden.

    target: the public id of the one that stays. Whoever is hidden gets another one, so that what
    led there leads nowhere; the view of the public leaves out whoever keeps an address back.
    """

    __tablename__ = "former_address"

    public_id: Mapped[str] = mapped_column(primary_key=True)
    actor_id: Mapped[UUID] = mapped_column(ForeignKey("actor.id", ondelete="CASCADE"), index=True)
    target: Mapped[str] = mapped_column(index=True)
